import type { PolicyConfigSchema, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";

/** Somebody may do for once what a rule forbids, and says why. */
interface Exception {
  /** The resource's name in the program. */
  resource: string;
  reason: string;
  /** The last day, such as 2026-12-31; from the next one on the rule holds again. */
  until?: string;
}

const exceptionsSchema: Settings[string] = {
  type: "array",
  description: "Resources that the rule lets pass, each with a reason",
  items: {
    type: "object",
    properties: {
      resource: { type: "string", minLength: 1 },
      reason: { type: "string", minLength: 10 },
      until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
    },
    required: ["resource", "reason"],
    additionalProperties: false,
  },
};

type Settings = NonNullable<PolicyConfigSchema["properties"]>;

interface Rule<Values extends object> {
  name: string;
  description: string;
  /** Kinds of resources, such as Database. */
  kinds: readonly string[];
  /** What a team sets, besides the exceptions. */
  settings: Settings;
  /** What is wrong with a resource, in sentences. */
  violations: (args: ResourceValidationArgs, values: Values) => string[];
}

/** The same kind has one type as a dynamic resource and another one as the plugin's. */
function isOfKind(type: string, kinds: readonly string[]): boolean {
  const [, kind = ""] = /^(?:pulumi-nodejs:cockpit:|cockpit:index:)(\w+)$/.exec(type) ?? [];
  return kinds.includes(kind);
}

/** Stacks are told by their names: `stacks` holds regular expressions of the names that are production. */
export const productionStacks: Settings = {
  stacks: {
    type: "array",
    items: { type: "string" },
    default: ["^prod"],
    description: "Names of production",
  },
};

export function isProduction(urn: string, stacks: readonly string[]): boolean {
  const stack = urn.split("::")[0]?.split(":")[2] ?? "";
  return stacks.some((pattern) => new RegExp(pattern).test(stack));
}

/** A policy of resources that knows both forms and takes exceptions with a reason. */
export function rule<Values extends object>({
  name,
  description,
  kinds,
  settings,
  violations,
}: Rule<Values>): ResourceValidationPolicy {
  return {
    name,
    description,
    configSchema: { properties: { ...settings, exceptions: exceptionsSchema } },
    validateResource: (args, report) => {
      if (!isOfKind(args.type, kinds)) {
        return;
      }
      const config = args.getConfig<Values & { exceptions?: Exception[] }>();
      const exception = config.exceptions?.find(({ resource }) => resource === args.name);
      const today = new Date().toISOString().slice(0, 10);
      if (exception !== undefined && (exception.until === undefined || exception.until >= today)) {
        return;
      }
      const ended =
        exception === undefined
          ? ""
          : ` The exception for it ended on ${exception.until ?? ""} (${exception.reason}).`;
      for (const violation of violations(args, config)) {
        report(violation + ended);
      }
    },
  };
}
