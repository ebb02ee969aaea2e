import { isDeepStrictEqual } from "node:util";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** A property bag in plain values, in which a secret is a `Secret` and a value that is not known yet is `unknownValue`. */
export type Bag = Record<string, unknown>;

export const unknownValue: unique symbol = Symbol("unknown");

export class Secret {
  constructor(readonly value: unknown) {}
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** One for each kind of value; a provider may send any of them. */
const unknownTexts: ReadonlySet<string> = new Set([
  unknownText,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function encode(bag: Bag): Struct {
  const wire = (value: unknown): unknown => {
    if (value === unknownValue) {
      return unknownText;
    }
    if (value instanceof Secret) {
      return { [signatureKey]: secretSignature, value: wire(value.value) };
    }
    return mapParts(value, wire);
  };
  return Struct.fromJavaScript(wire(bag) as Record<string, JavaScriptValue>);
}

export function decode(struct: Struct | undefined): Bag {
  const read = (value: unknown): unknown => {
    if (typeof value === "string") {
      return unknownTexts.has(value) ? unknownValue : value;
    }
    if (isBag(value) && value[signatureKey] === secretSignature) {
      return new Secret(read(value.value));
    }
    if (isBag(value) && value[signatureKey] === outputSignature) {
      const known = "value" in value ? read(value.value) : unknownValue;
      return value.secret === true ? new Secret(known) : known;
    }
    return mapParts(value, read);
  };
  return read(struct?.toJavaScript() ?? {}) as Bag;
}

/** Without the marks of secrets. */
export function plain<Value>(value: Value): Value {
  const bare = (part: unknown): unknown => (part instanceof Secret ? bare(part.value) : mapParts(part, bare));
  return bare(value) as Value;
}

export function containsUnknown(value: unknown): boolean {
  return (
    value === unknownValue ||
    (value instanceof Secret && containsUnknown(value.value)) ||
    (typeof value === "object" && value !== null && Object.values(value).some(containsUnknown))
  );
}

/** Whether nothing of it is in the open: it is a secret, or all that is in it is one. */
export function isHidden(value: unknown): boolean {
  if (value instanceof Secret || value === unknownValue || value === undefined) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).length > 0
    ? Object.values(value).every(isHidden)
    : false;
}

/** The texts that are in the open. */
export function openTexts(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null && !(value instanceof Secret)
    ? Object.values(value).flatMap(openTexts)
    : [];
}

/** The properties in which two bags differ, secrets and nulls aside. */
export function differences(one: Bag, other: Bag): string[] {
  const [first, second] = [plain(one), plain(other)];
  return [...new Set([...Object.keys(first), ...Object.keys(second)])].filter(
    (key) => !isDeepStrictEqual(first[key] ?? undefined, second[key] ?? undefined),
  );
}

/** `changes` laid over `bag`; a null takes a property away. */
export function changed(bag: Bag, changes: Bag): Bag {
  return Object.fromEntries(
    Object.entries({ ...bag, ...changes }).filter(([, value]) => value !== null && value !== undefined),
  );
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapParts(value: unknown, part: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(part);
  }
  return isBag(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, part(item)]),
      )
    : value;
}
