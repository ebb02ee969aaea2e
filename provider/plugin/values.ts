import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyPath } from "../framework/field";
import { userDefinedProperties, unknownValue, type Properties } from "../framework/values";

/** The key by which the engine marks an object that stands for another kind of value. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
};

/** The engine's strings for unknown values, one for each kind of value. Any of them is accepted in an answer. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownTexts: ReadonlySet<string> = new Set([
  unknownText,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Keys that the dynamic form stores beside the properties of a resource. */
const keysOfDynamicForm: ReadonlySet<string> = new Set(["__provider", "__identity"]);

/** A property bag in plain values, and where in it the secrets are. */
export interface Decoded {
  properties: Properties;
  secrets: PropertyPath[];
}

/** Nulls mean "not given" and go, except within what is of the user's own making. */
export function decode(struct: Struct | undefined): Decoded {
  const secrets: PropertyPath[] = [];
  const plain = (value: unknown, path: PropertyPath): unknown => {
    if (typeof value === "string") {
      return unknownTexts.has(value) ? unknownValue : value;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => plain(item, [...path, index]));
    }
    return typeof value === "object" && value !== null ? object(value as Properties, path) : value;
  };
  const object = (value: Properties, path: PropertyPath): unknown => {
    switch (value[signatureKey]) {
      case signatures.secret:
        secrets.push(path);
        return plain(value.value, path);
      case signatures.output:
        if (value.secret === true) {
          secrets.push(path);
        }
        return "value" in value ? plain(value.value, path) : unknownValue;
      case signatures.resource:
        return plain(value.id ?? value.urn, path);
      default:
        return Object.fromEntries(
          Object.entries(value)
            .filter(
              ([key, item]) =>
                (item !== null || userDefinedProperties.has(String(path[0]))) &&
                !(path.length === 0 && keysOfDynamicForm.has(key)),
            )
            .map(([key, item]) => [key, plain(item, [...path, key])]),
        );
    }
  };
  return { properties: object(struct?.toJavaScript() ?? {}, []) as Properties, secrets };
}

/** Keeps secrets secret. If the path of a secret no longer exists, the whole top-level property becomes secret. */
export function encode(properties: Properties, secrets: readonly PropertyPath[] = []): Struct {
  const marked = new Set<string>();
  for (const path of secrets) {
    const place = isThere(properties, path) ? path : path.slice(0, 1);
    marked.add(JSON.stringify(place));
  }
  const wire = (value: unknown, path: PropertyPath): unknown => {
    const plain = part(value, path);
    return path.length > 0 && marked.has(JSON.stringify(path))
      ? { [signatureKey]: signatures.secret, value: plain }
      : plain;
  };
  const part = (value: unknown, path: PropertyPath): unknown => {
    if (value === unknownValue) {
      return unknownText;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => wire(item, [...path, index]));
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, item]) => item !== undefined)
            .map(([key, item]) => [key, wire(item, [...path, key])]),
        )
      : value;
  };
  return Struct.fromJavaScript(wire(properties, []) as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function isThere(value: unknown, path: PropertyPath): boolean {
  const [key, ...rest] = path;
  if (key === undefined) {
    return value !== undefined;
  }
  return (
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, key) &&
    isThere((value as Record<string | number, unknown>)[key], rest)
  );
}
