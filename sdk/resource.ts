import * as pulumi from "@pulumi/pulumi";

/** What a resource's class says of itself to the base class. */
interface Form {
  /** The name of the class, e.g. `Database`. */
  type: string;
  /** Everything that its outputs hold. */
  outputs: readonly string[];
  /** Outputs that the engine must encrypt. */
  secrets: readonly string[];
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
        ...secretLeaves(args, form.secrets),
        // The same text in every release and for every resource: an upgrade shows no change, and runs the new code.
        __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${form.type}`,
        // The engine's host of dynamic providers is told no names, and ids of new groups are made of them.
        __identity: [pulumi.getProject(), pulumi.getStack(), name].join("/"),
      },
      form.secrets.length === 0
        ? options
        : {
            ...options,
            additionalSecretOutputs: [...form.secrets, ...(options.additionalSecretOutputs ?? [])],
          },
    );
  }
}

function secretLeaves(args: Record<string, unknown>, secrets: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      secrets.includes(key) && value !== undefined ? pulumi.secret(value) : value,
    ]),
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
