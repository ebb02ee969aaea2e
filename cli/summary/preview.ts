/** What a preview says, in one form for everything that the engine prints. */
export interface Preview {
  project: string;
  stack: string;
  steps: PreviewStep[];
  messages: PreviewMessage[];
  violations: PolicyViolation[];
  /** Why the preview is not whole, where it isn't: then more may be lost than it shows. */
  failure: string | undefined;
}

export type Properties = Record<string, unknown>;

/** A resource as it is in the state, or as it would be. */
export interface ResourceSide {
  id: string;
  /** URN of the component that it is a child of. */
  parent: string;
  inputs: Properties;
  outputs: Properties;
  /** URNs of the resources that its inputs come from, where the engine tells. */
  dependencies: readonly string[];
}

export interface PreviewStep {
  /** The engine's word for it, such as `update`. A replacement is one step. */
  op: string;
  urn: string;
  before: ResourceSide | undefined;
  after: ResourceSide | undefined;
  /** Removed from the program with `retainOnDelete`: it stays in Cockpit. */
  retained: boolean;
  changes: { path: string; kind: string }[];
  /** Names of the properties that ask for a replacement. */
  replaceKeys: readonly string[];
}

export interface PreviewMessage {
  severity: "warning" | "error";
  text: string;
  urn: string | undefined;
}

export interface PolicyViolation {
  policy: string;
  /** `mandatory` stops an update, `advisory` doesn't. */
  level: string;
  text: string;
  urn: string | undefined;
}

/** `Database` for both `cockpit:index:Database` and `pulumi-nodejs:cockpit:Database`; undefined for other packages' resources. */
export function cockpitType(urn: string): string | undefined {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return /^(?:cockpit:index|pulumi-nodejs:cockpit):(\w+)$/.exec(type)?.[1];
}

/** The name that the program gives it. */
export function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
