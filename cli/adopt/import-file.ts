import type { ResourceName } from "../../provider/framework/identity";
import type { Properties } from "../../provider/framework/values";
import * as resources from "../../provider/resources";
import { Secret, Typed, type Plan, type Planned } from "./plan";

/** How a stack declares the resources: by the plugin, or as dynamic ones of `npm install pulumi-cockpit`. */
export const forms = ["plugin", "dynamic"] as const;
export type Form = (typeof forms)[number];

/** For whose stack the file is. Dynamic resources carry its name. */
export type Target = Pick<ResourceName, "project" | "stack"> & { form: Form };

/** As `pulumi import --file` reads it, and `pulumi preview --import-file` writes it. */
export interface ImportFile {
  resources: ImportEntry[];
}

interface ImportEntry {
  type: string;
  name: string;
  id?: string | undefined;
  inputs?: Properties | undefined;
  outputs?: Properties | undefined;
}

export function importFileOf({ resources }: Plan, target: Target): ImportFile {
  return { resources: resources.map((planned) => entryOf(planned, planned.name, "", target)) };
}

const typePrefix = { plugin: "cockpit:index:", dynamic: "pulumi-nodejs:cockpit:" } as const;

/**
 * Engines from 3.254 on take inputs and outputs as they are and ask the provider nothing, which makes an import of many quick and
 * one of dynamic resources possible; older ones ignore them and read each by its id. What Cockpit keeps to itself is read by the
 * plugin, which knows that it may be missing.
 */
export function entryOf(planned: Planned, name: string, parents: string, target: Target): ImportEntry {
  const { type, existing, hasSecrets } = planned;
  const entry = { type: `${typePrefix[target.form]}${type}`, name, id: existing.id };
  if (target.form === "plugin") {
    return hasSecrets || type === "ExternalServices" || type === "AccessToken"
      ? entry
      : { ...entry, ...statesOf(planned) };
  }
  const hidden = {
    // As the classes of the SDK write it.
    __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${type}`,
    __identity: [target.project, target.stack, name].join("/"),
    ...(parents === "" ? {} : { __parents: parents }),
  };
  const { inputs, outputs } = statesOf(planned);
  if (type === "AccessToken") {
    // Cockpit shows it only once.
    outputs["token"] = { ...secretMark, plaintext: JSON.stringify("") };
  }
  return { ...entry, inputs: { ...inputs, ...hidden }, outputs: { ...outputs, ...hidden } };
}

/** The state and the inputs of it, with a mark for each secret that only Cockpit knows: the next `up` sends the program's. */
function statesOf({ type, existing: { state }, inputs }: Planned): {
  inputs: Properties;
  outputs: Properties;
} {
  const marked = Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, withSecretMarks(value, inputs[key])]),
  );
  return { inputs: resources[type].inputsOf(marked), outputs: marked };
}

/** How the engine's files write a secret. */
const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** None yet. */
const unknownSecret = {
  ...secretMark,
  plaintext: JSON.stringify("kept by Cockpit alone"),
};

function withSecretMarks(value: unknown, declared: unknown): unknown {
  if (declared instanceof Secret) {
    return unknownSecret;
  }
  if (!(declared instanceof Typed)) {
    return value;
  }
  const parts = Object.entries(declared.properties).filter(
    ([, part]) => part instanceof Secret || part instanceof Typed,
  );
  const inner = value as Properties;
  return {
    ...inner,
    ...Object.fromEntries(parts.map(([key, part]) => [key, withSecretMarks(inner[key], part)])),
  };
}

/** The form of one of our resources, by its type; undefined for others. */
export function formOf(type: string): Form | undefined {
  return forms.find(
    (form) =>
      type.startsWith(typePrefix[form]) && Object.hasOwn(resources, type.slice(typePrefix[form].length)),
  );
}
