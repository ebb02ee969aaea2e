import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "./program-error";
import { withoutForgetting } from "./forgetting";
import { refusePlainPassword } from "./plain-password";
import { lookUpSettings } from "./look-up-settings";
import { faithful } from "./values";

/** What a resource's class says of itself. */
interface Form {
  /** The name of the class, e.g. `Database`. */
  type: string;
  /** Everything that its outputs hold. */
  outputs: readonly string[];
  /** Where secrets are within the arguments, e.g. `email.password`. */
  secretInputs: readonly string[];
  /** Outputs that the engine must encrypt. */
  secretOutputs: readonly string[];
}

/** In a program the resources are dynamic ones; in the plugin, whose components are made of these classes, they are its own. */
let pluginVersion: string | undefined;

/** From now on the classes stand for resources of the plugin. */
export function registerAsPlugin(version: string): void {
  pluginVersion = version;
}

/**
 * What a resource's class hands to `CustomResource`: to the engine all are dynamic resources whose state holds no code, only the
 * name of ours. A function and no class in between, because the SDK takes whoever calls a class right below `CustomResource` for
 * the program's own line, which the state keeps.
 */
export function registration(
  form: Form,
  name: string,
  args: Record<string, unknown>,
  options: pulumi.CustomResourceOptions = {},
): [type: string, name: string, properties: pulumi.Inputs, options: pulumi.CustomResourceOptions] {
  refusePlainPassword();
  const inspected = withoutForgetting(form.type, name, options);
  const properties = {
    ...Object.fromEntries(form.outputs.map((output) => [output, undefined])),
    ...form.secretInputs.reduce(
      (all, path) => withSecret(all, path.split(".")),
      faithfulArgs(form.type, name, args),
    ),
  };
  const dynamicType = `pulumi-nodejs:cockpit:${form.type}`;
  if (pluginVersion !== undefined) {
    const aliases = [...(inspected.aliases ?? []), { type: dynamicType }];
    return [
      `cockpit:index:${form.type}`,
      name,
      properties,
      { version: pluginVersion, ...inspected, aliases },
    ];
  }
  refuseReading(form.type, name, options);
  const parents = typesOfParents(options.parent);
  return [
    dynamicType,
    name,
    {
      ...properties,
      // The same text in every release and for every resource: an upgrade shows no change, and runs the new code.
      __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${form.type}`,
      // The engine's host of dynamic providers is told no names, and ids of new groups are made of them.
      __identity: [pulumi.getProject(), pulumi.getStack(), name].join("/"),
      ...(parents === "" ? {} : { __parents: parents }),
      ...lookUpSettings(),
    },
    form.secretOutputs.length === 0
      ? inspected
      : {
          ...inspected,
          additionalSecretOutputs: [...form.secretOutputs, ...(options.additionalSecretOutputs ?? [])],
        },
  ];
}

/**
 * The types of a resource's parents as its URN has them, the outermost first. Not read from the parent's URN: that is an output,
 * on which the resource would then depend.
 */
function typesOfParents(parent: pulumi.Resource | undefined): string {
  const types: string[] = [];
  for (
    let each = parent as Ancestor | undefined;
    each?.__pulumiType && each.__pulumiType !== stackType;
    each = each.__parentResource
  ) {
    types.unshift(each.__pulumiType);
  }
  return types.join("$");
}

/** Of a resource of any copy of the SDK, what it keeps of its place. */
interface Ancestor {
  readonly __pulumiType?: string;
  readonly __parentResource?: Ancestor;
}

const stackType = "pulumi:pulumi:Stack";

/** Marks what a program may have given in plain text. What comes later as a whole is secret as a whole. */
function withSecret(
  object: Record<string, unknown>,
  [key, ...rest]: readonly string[],
): Record<string, unknown> {
  const value = key === undefined ? undefined : object[key];
  if (key === undefined || value === undefined) {
    return object;
  }
  return {
    ...object,
    [key]: rest.length > 0 && isPlainObject(value) ? withSecret(value, rest) : pulumi.secret(value),
  };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !pulumi.Output.isInstance(value) &&
    !(value instanceof Promise)
  );
}

function faithfulArgs(type: string, name: string, args: Record<string, unknown>): Record<string, unknown> {
  return faithful(`${type} "${name}"`, { ...args });
}

/** The engine reads such a resource before it knows any code of ours, and fails with a stack. */
function refuseReading(
  type: string,
  name: string,
  { import: imported, id }: pulumi.CustomResourceOptions,
): void {
  const isGroup = type === "Solution" || type === "Database";
  const takeOver = (shown: string) =>
    `To bring what is there under this stack's management, ${isGroup ? `set groupId: ${JSON.stringify(shown)}, declare it as it is` : "declare it as it is"} and run once with COCKPIT_ADOPT=${shown}.`;
  if (imported !== undefined) {
    throw new ProgramError(
      "option-refused",
      `${type} "${name}": the option \`import\` can't work with dynamic resources. ${takeOver(imported)}`,
    );
  }
  if (id !== undefined) {
    throw new ProgramError(
      "option-refused",
      `${type} "${name}": the option \`id\`, which reads what is there, can't work with dynamic resources. ` +
        `To use it without managing it, look it up (getSolution, getDatabase, getExternalServices). ${takeOver(typeof id === "string" ? id : "…")}`,
    );
  }
}
