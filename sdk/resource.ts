import * as pulumi from "@pulumi/pulumi";

/** What a resource's class says of itself to the base class. */
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

/** What all resources of this package are to the engine: dynamic resources whose state holds no code, only the name of ours. */
export abstract class CockpitResource extends pulumi.CustomResource {
  protected constructor(
    form: Form,
    name: string,
    args: Record<string, unknown>,
    options: pulumi.CustomResourceOptions = {},
  ) {
    refusePlainPassword();
    super(
      `pulumi-nodejs:cockpit:${form.type}`,
      name,
      {
        ...Object.fromEntries(form.outputs.map((output) => [output, undefined])),
        ...form.secretInputs.reduce((all, path) => withSecret(all, path.split(".")), args),
        // The same text in every release and for every resource: an upgrade shows no change, and runs the new code.
        __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${form.type}`,
        // The engine's host of dynamic providers is told no names, and ids of new groups are made of them.
        __identity: [pulumi.getProject(), pulumi.getStack(), name].join("/"),
      },
      form.secretOutputs.length === 0
        ? options
        : {
            ...options,
            additionalSecretOutputs: [...form.secretOutputs, ...(options.additionalSecretOutputs ?? [])],
          },
    );
  }
}

/** Marks what a program may have given in clear. What comes later as a whole is secret as a whole. */
function withSecret(object: Record<string, unknown>, [key, ...rest]: readonly string[]): Record<string, unknown> {
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

/** The engine keeps the stack's configuration in the state: what is not marked secret would stand there in clear. */
function refusePlainPassword(): void {
  const key = "cockpit:password";
  // Not in the SDK's types; an SDK without it can't be asked.
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  if (pulumi.runtime.getConfig(key) !== undefined && isConfigSecret?.(key) === false) {
    throw new pulumi.RunError(
      `${key} is in the stack's configuration in clear, from where it would get into the state. Run: pulumi config set --secret ${key} …`,
    );
  }
}
