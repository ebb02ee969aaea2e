import { v5 as uuidV5 } from "uuid";

/** Ours alone, and never to change: every id that was ever computed depends on it. */
const namespace = "6f1f9f5c-5c0b-5f0e-9c1d-3d8b7b0a7c55";

/**
 * The UUID of what a resource creates. Cockpit lets the client choose ids, so they are computed from what every run of the
 * program has in common: an interrupted run after its POST is met again instead of repeated.
 *
 * @param traits what makes another object of it when it changes.
 * @param generation 0 first; the next one where the object of the one before was deleted, because Cockpit gives no id twice.
 */
export function computedUuid(
  type: string,
  resource: ResourceName,
  traits: readonly (string | number | null)[],
  generation: number,
): string {
  const { project, stack, parents, name } = resource;
  // At the root of the stack the id is what it was before parents counted.
  const place = parents === undefined ? name : [parents, name];
  return uuidOf([project, stack, type, place, ...traits, generation]);
}

/** The UUID of what belongs to an object and is made with it. */
export function dependentUuid(ownerId: string, role: string, generation: number): string {
  return uuidOf([ownerId, role, generation]);
}

function uuidOf(parts: readonly (string | number | null | readonly string[])[]): string {
  return uuidV5(JSON.stringify(parts), namespace);
}

/** Who a resource is to the engine: its type, the types of its parents and its name. */
export interface Identity extends ResourceName {
  type: string;
}

/**
 * Tells the resources of one run apart. All are of one stack, and what the state says of project and stack may be what they were
 * called before somebody renamed them.
 */
export function identityKey({ type, parents, name }: Identity): string {
  return JSON.stringify([type, parents ?? "", name]);
}

/** As a message names it. */
export function describeIdentity({ type, parents, name }: Identity): string {
  return `${type} ${JSON.stringify(name)}${parents === undefined ? "" : ` (in ${parents.replaceAll("$", " in ")})`}`;
}

const page = "docs/changing-the-program.md";

/** The option that tells the engine that a new resource is this one. */
export function aliasTo({ name }: Pick<ResourceName, "name">): string {
  return `aliases: [{ name: ${JSON.stringify(name)} }] (${page} also for other parents)`;
}

/** The option that tells the engine who a resource was, where nobody but its author knows. */
export function aliasesOf({ type, parents }: Identity): string {
  const step = parents?.split("$").at(-1) === onboardedSolution ? steps[type] : undefined;
  const place = step === undefined ? "in its options" : `beside the component's arguments, in \`${step}\``;
  return `aliases: [{ name: "<its former name>" }] ${place} (${page} also for other parents)`;
}

const onboardedSolution = "cockpit:index:OnboardedSolution";

/** Where the component takes the options of its children. */
const steps: Readonly<Record<string, string>> = {
  Solution: "solution",
  Database: "database",
  ParentOrganisation: "organisation",
  AccessToken: "organisation.token",
  ExternalServices: "externalServices",
  AuthenticationProcess: "processes",
};

/** Who a resource is, as long as nobody renames it in the program. */
export interface ResourceName {
  project: string;
  stack: string;
  /** The types of its parents, as in its URN; absent at the root of the stack, and in states of before 0.2.0. */
  parents?: string;
  /** The logical name: the first argument of its constructor. */
  name: string;
}
