import { CockpitError } from "../errors";
import { type Group, type GroupKind, ifVisible, isApiError } from "../client";
import type { Context, Environments } from "./context";
import { describeGroup, otherEnvironmentError, quoted } from "./messages";
import { type Properties, unknownValue, type Unknown } from "../framework/values";
import { failureOf, type CheckFailure } from "../framework/validation";

/** The environments of the configuration. */
export interface ConfiguredEnvironments {
  /** The keys of `cockpit:environments`, in their order. */
  keys(): readonly string[];
  /** Whether there is a default environment without a key. */
  hasOther(): boolean;
  /** The environment of a key, or the default one. */
  open(key: string | undefined): Context;
}

/** The environments that a program works in: one, or several that it names by key. */
export class EnvironmentDirectory implements Environments {
  readonly #holders = new Map<string, Promise<Context | undefined>>();

  constructor(private readonly configured: ConfiguredEnvironments) {}

  /** The environment that a resource names; without a name, the default one. */
  named(key: string | undefined): Context {
    const keys = this.configured.keys();
    if (key !== undefined && !keys.includes(key)) {
      const known = keys.map(quoted).join(", ");
      throw new CockpitError({
        code: "unknown-environment",
        what: `environment: there is no ${quoted(key)} in cockpit:environments${
          keys.length === 0 ? ", which is not set" : `, which has ${known}`
        }.`,
        remedy: `Name one of its keys, or add it: pulumi config set --path cockpit:environments.${key}.id …`,
      });
    }
    return this.configured.open(key);
  }

  /** Each environment once, the default one included where it has no key. */
  async all(): Promise<Context[]> {
    const named = this.configured.keys().map((key) => this.configured.open(key));
    if (!this.configured.hasOther()) {
      return named;
    }
    const other = this.configured.open(undefined);
    if (named.length === 0) {
      return [other];
    }
    const id = await idOf(other);
    return named.some(({ configuredId }) => configuredId === id) ? named : [other, ...named];
  }

  async withId(environmentId: string): Promise<Context | undefined> {
    const named = this.configured
      .keys()
      .map((key) => this.configured.open(key))
      .find(({ configuredId }) => configuredId === environmentId);
    if (named || !this.configured.hasOther()) {
      return named;
    }
    const other = this.configured.open(undefined);
    const id = other.configuredId ?? (await other.cockpit.environmentId(environmentId));
    return id === environmentId ? other : undefined;
  }

  /** The environment that a state names. A configuration that points elsewhere is neither an absence nor a replacement. */
  async recorded(environmentId: string | undefined, name: string): Promise<Context> {
    const found = environmentId === undefined ? undefined : await this.withId(environmentId);
    if (found) {
      return found;
    }
    if (environmentId !== undefined && this.areSeveral()) {
      throw new CockpitError({
        code: "other-environment",
        what:
          `${quoted(name)} belongs to the environment ${quoted(environmentId)}, which is not among those of cockpit:environments ` +
          `(${this.configured.keys().map(quoted).join(", ")}). Nothing was read or changed.`,
        remedy: "Add it, or restore the id that has changed.",
      });
    }
    const byDefault = this.configured.open(undefined);
    const defaultId = await byDefault.cockpit.environmentId();
    if (environmentId !== undefined && environmentId !== defaultId) {
      throw otherEnvironmentError(name, environmentId, defaultId, byDefault.cockpit.url);
    }
    return byDefault;
  }

  /**
   * The environment that holds a group now, which is another than the recorded one once its solution was transferred. Asked
   * once a process. Where none holds it, the recorded one: there it is found to be gone.
   */
  async holding(groupId: string, recordedId: string | undefined, name: string): Promise<Context> {
    const found = await this.find(groupId, recordedId);
    if (!found && recordedId === undefined) {
      throw noSuchGroup(groupId);
    }
    return found ?? this.recorded(recordedId, name);
  }

  /** The environment that holds a group or, where none does, in which it was deleted. */
  async find(groupId: string, recordedId?: string): Promise<Context | undefined> {
    const all = await this.all();
    const [only] = all;
    if (
      only &&
      all.length === 1 &&
      [undefined, await only.cockpit.environmentId(recordedId)].includes(recordedId)
    ) {
      return only;
    }
    const born = all.find(({ groupCache }) => groupCache.wasCreatedHere(groupId));
    if (born) {
      return born;
    }
    let holder = this.#holders.get(groupId);
    if (!holder) {
      holder = this.#find(groupId, all, recordedId);
      this.#holders.set(groupId, holder);
      holder.catch(() => this.#holders.delete(groupId));
    }
    return holder;
  }

  /** Invalidates after a transfer what is cached of where groups are. */
  async moved(groupId: string): Promise<void> {
    this.#holders.clear();
    for (const { groupCache } of await this.all()) {
      groupCache.moved(groupId);
    }
  }

  areSeveral(): boolean {
    return this.configured.keys().length + (this.configured.hasOther() ? 1 : 0) > 1;
  }

  async #find(
    groupId: string,
    all: readonly Context[],
    recordedId: string | undefined,
  ): Promise<Context | undefined> {
    const ids = await Promise.all(all.map(idOf));
    const itself = all[ids.indexOf(groupId)];
    if (itself) {
      return itself;
    }
    const isRecorded = (context: Context) => Number(ids[all.indexOf(context)] === recordedId);
    const sorted = [...all].sort((one, other) => isRecorded(other) - isRecorded(one));
    for (const look of [readLiveIn, readDeleted]) {
      for (const context of sorted) {
        const ownId = await idOf(context);
        const group = await ifVisible(look(context, groupId, ownId));
        const environmentId = group && (await environmentOf(context, group, ownId));
        const holder = environmentId === undefined ? undefined : all[ids.indexOf(environmentId)];
        if (holder) {
          return holder;
        }
      }
    }
    return undefined;
  }
}

/** None of the accounts of the configuration can see the group. */
function noSuchGroup(groupId: string): CockpitError {
  return new CockpitError({
    code: "no-such-group",
    what: `there is no group ${quoted(groupId)} in any environment of the configuration, or these accounts may not see it.`,
    remedy: "Correct the id, or add its environment to cockpit:environments.",
  });
}

/** The id of an environment, by the configuration or else by its login. */
export async function idOf(context: Context): Promise<string> {
  return context.configuredId ?? context.cockpit.environmentId();
}

const readLiveIn = ({ groupCache }: Context, groupId: string, environmentId: string) =>
  groupCache.read(groupId, environmentId);
const readDeleted = ({ cockpit }: Context, groupId: string) => cockpit.groups.get(groupId);

/** The live group, or undefined where it is truly gone: not there while its environment is. */
export async function liveGroup(
  context: Context,
  id: string,
  parentId: string,
  name: string,
): Promise<Group | undefined> {
  const group = await context.groupCache.read(id, parentId);
  if (!group) {
    await assertEnvironmentReadable(context, name, id);
  }
  return group;
}

/** Throws if the environment can't be read: without that, nothing in it counts as deleted. */
export async function assertEnvironmentReadable(context: Context, name: string, id: string): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  if (!(await context.groupCache.canReadEnvironment(environmentId))) {
    throw new CockpitError({
      code: "environment-unreadable",
      what: `the environment ${quoted(environmentId)} can't be read, so nothing is known of ${quoted(name)} (id ${id}) in it. The state is left as it is.`,
      remedy: "Check whether the environment still exists and the account may read it, then run again.",
    });
  }
}

/**
 * Finds a group, deleted or not, in any environment of the configuration, this one first; "forbidden": it exists, but no account may
 * see it. Ids are unique across Cockpit, so an id may be taken even if this environment's account can't see its group.
 */
export async function findInAnyEnvironment(
  context: Context,
  groupId: string,
): Promise<Group | "forbidden" | undefined> {
  const environments = await context.environments.all();
  const others = environments.filter(({ cockpit }) => cockpit !== context.cockpit);
  let isForbidden = false;
  for (const { cockpit } of [context, ...others]) {
    try {
      const group = await cockpit.groups.get(groupId);
      if (group) {
        return group;
      }
    } catch (error) {
      if (!isApiError(error) || error.code !== "forbidden") {
        throw error;
      }
      isForbidden = true;
    }
  }
  return isForbidden ? "forbidden" : undefined;
}

/** An environment holds solutions, which hold databases. */
const maxNesting = 3;

/** A database goes into a live solution of the configured environment and nowhere else. */
export async function solutionOf(context: Context, solutionId: string): Promise<Group | undefined> {
  await assertGroup(context, "solutionId", solutionId, ["solution"]);
  return context.groupCache.createdHere(solutionId) ?? context.groupCache.parent(solutionId);
}

/** Throws unless the parent is a live group of the configured environment and of one of these kinds. */
export async function assertGroup(
  context: Context,
  property: string,
  id: string,
  kinds: readonly GroupKind[],
): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  const born = context.groupCache.createdHere(id);
  if (id === environmentId ? kinds.includes("environment") : born?.kind && kinds.includes(born.kind)) {
    return;
  }
  const wanted = kinds.join(" or ");
  const group = born ?? (await ifVisible(context.groupCache.parent(id)));
  if (!group || group.deletedAt !== undefined) {
    throw new CockpitError({
      code: "parent-not-found",
      what: `${property}: there is no ${wanted} ${quoted(id)} in the environment ${quoted(environmentId)}${group ? "; it was deleted" : ", or this account may not see it"}.`,
      remedy: `Give the id of a ${wanted} of this environment.`,
    });
  }
  if (group.kind !== undefined && !kinds.includes(group.kind)) {
    throw new CockpitError({
      code: "wrong-kind",
      what: `${property}: ${describeGroup(group)} is not a ${wanted}.`,
      remedy: `Give the id of a ${wanted}, such as the \`id\` of a ${kinds.map(resourceOf).join(" or ")} resource.`,
    });
  }
  const actual = await environmentOf(context, group, environmentId);
  if (actual !== environmentId) {
    throw new CockpitError({
      code: "other-environment",
      what: `${property}: ${describeGroup(group)} is in the environment ${quoted(actual)}, but the configuration points to ${quoted(environmentId)}.`,
      remedy: `Give the id of a ${wanted} of this environment, or configure the other one.`,
    });
  }
}

/** The environment of a group, as far up as the account may see. A parent that it may not see is not an error. */
export async function environmentOf(context: Context, group: Group, environmentId: string): Promise<string> {
  let current = group;
  for (let depth = 0; depth < maxNesting; depth++) {
    if (current.parentId === undefined) {
      return current.kind === "environment" ? current.id : environmentId;
    }
    if (current.parentId === environmentId || context.groupCache.wasCreatedHere(current.parentId)) {
      return environmentId;
    }
    const parent = await ifVisible(context.groupCache.parent(current.parentId));
    if (!parent) {
      return current.kind === "database" ? environmentId : current.parentId;
    }
    current = parent;
  }
  return current.id;
}

function resourceOf(kind: GroupKind): string {
  return kind === "database" ? "Database" : "Solution";
}

/** The environment by the inputs of the last run: the key that the program gave, and the id that check found. */
export interface EnvironmentBefore {
  key: string | undefined;
  id: string | undefined;
}

/** The environment that a resource names, and the one it named before where that is another. */
export interface DeclaredEnvironment {
  id: string | Unknown;
  /** Id of the environment that the program has taken it away from. */
  before?: string;
  failures: CheckFailure[];
}

/**
 * Finds the environment that a program names, compared by id: renaming a key, or naming an environment for the first time,
 * changes nothing. A key that leads elsewhere than before is a mistake in the configuration and never a wish to move.
 */
export async function declaredEnvironment(
  context: Context,
  before: EnvironmentBefore,
  key: string | Unknown | undefined,
): Promise<DeclaredEnvironment> {
  if (key === unknownValue) {
    return { id: unknownValue, failures: [] };
  }
  if (key === undefined && before.key === undefined && before.id !== undefined) {
    // Nothing is said of it now as before, so a preview need not ask.
    return { id: before.id, failures: [] };
  }
  const named = context.environments.named(key);
  if (before.id !== undefined && before.id === named.configuredId) {
    return { id: before.id, failures: [] };
  }
  // Something is to be created or moved there, so the login has to be good for it: better to know in the preview.
  const id = await named.cockpit.environmentId();
  if (before.id === undefined || before.id === id) {
    return { id, failures: [] };
  }
  if (before.key === key) {
    const refusal = new CockpitError({
      code: "environment-key-changed",
      what: `environment: ${quoted(key ?? "")} was the environment ${quoted(before.id)} in the last run, and the configuration now says that it is ${quoted(id)}. Nothing was changed.`,
      remedy: `Restore cockpit:environments.${key}.id; a resource is moved by naming another key.`,
    });
    return { id, failures: [failureOf(refusal)] };
  }
  return { id, before: before.id, failures: [] };
}

/** The environment that holds the group which a property names: what is in a group is where that is. */
export function placeWithin(
  property: string,
  { environments }: Context,
  properties: object,
): Promise<Context> {
  const { [property]: groupId, environmentId, name = groupId } = properties as Properties;
  const recorded = typeof environmentId === "string" ? environmentId : undefined;
  return typeof groupId === "string"
    ? environments.holding(groupId, recorded, String(name))
    : environments.recorded(recorded, String(name));
}

/** The environment of an object to import. */
export interface Place {
  at: Context;
  environmentId: string;
}

export interface GroupInPlace extends Place {
  group: Group;
}

/** Each environment of the configuration. */
export async function places(context: Context): Promise<Place[]> {
  const all = await context.environments.all();
  return Promise.all(all.map(async (at) => ({ at, environmentId: await idOf(at) })));
}

/** The live group of an id, of the kind that is asked for. Undefined: none of these accounts can see one. */
export async function groupToImport(
  context: Context,
  id: string,
  kinds: readonly GroupKind[],
): Promise<GroupInPlace | undefined> {
  for (const place of await places(context)) {
    const group = await place.at.cockpit.groups.getIfVisible(id);
    if (!group || group.deletedAt !== undefined) {
      continue;
    }
    if (group.kind !== undefined && !kinds.includes(group.kind)) {
      throw new CockpitError({
        code: "wrong-kind",
        what: `${describeGroup(group)} is not a ${kinds.join(" or ")}, so nothing was imported.`,
        remedy: remedyFor(group.kind),
      });
    }
    const actual = await environmentOf(place.at, group, place.environmentId);
    const home = (await places(context)).find(({ environmentId }) => environmentId === actual);
    if (!home) {
      throw new CockpitError({
        code: "other-environment",
        what: `${describeGroup(group)} is in the environment ${quoted(actual)}, which this provider does not work in, so nothing was imported.`,
        remedy: "Configure that environment, or use a provider that is configured with it.",
      });
    }
    return { ...home, group };
  }
  return undefined;
}

/** The key by which a program names the environment; none where it is the default one. */
export function keyOf(context: Context, { at }: Place): { environment?: string } {
  const { key } = at;
  return key === undefined || key === defaultKey(context) ? {} : { environment: key };
}

/** All live solutions of an environment. */
export async function solutionsIn({ at, environmentId }: Place): Promise<Group[]> {
  const children = await at.cockpit.groups.children(environmentId);
  return children.filter((group) => isAlive(group) && group.kind !== "database");
}

/** All live databases of an environment. */
export async function databasesIn(place: Place): Promise<Group[]> {
  const solutions = await solutionsIn(place);
  const lists = await Promise.all(solutions.map(({ id }) => databasesBelow(place, id)));
  return lists.flat();
}

/** All live databases of a solution. */
export async function databasesBelow({ at }: Place, solutionId: string): Promise<Group[]> {
  return (await at.cockpit.groups.children(solutionId)).filter(isAlive);
}

/** Splits the import id of an object in a group into its parts. */
export function idParts(id: string, form: string): string[] {
  const names = form.split("/");
  const parts = id.split("/");
  if (parts.length !== names.length || parts.includes("")) {
    throw new CockpitError({
      code: "invalid-value",
      what: `the id to import has the form ${form}, like the resource's own id; ${quoted(id)} has not.`,
    });
  }
  return parts;
}

function isAlive({ deletedAt }: Group): boolean {
  return deletedAt === undefined;
}

function defaultKey(context: Context): string | undefined {
  try {
    return context.key;
  } catch {
    return undefined;
  }
}

function remedyFor(kind: GroupKind): string {
  return kind === "environment"
    ? "Environments are not created by this provider: name it in the configuration."
    : `Import it as a ${kind === "database" ? "Database" : "Solution"}.`;
}

export function placesIn(context: Context, environment: string | undefined): Promise<Place[]> {
  return environment === undefined ? places(context) : placeNamed(context, environment);
}

async function placeNamed(context: Context, environment: string): Promise<Place[]> {
  const at = context.environments.named(environment);
  return [{ at, environmentId: await at.cockpit.environmentId() }];
}

export async function placeOfGroup(context: Context, id: string): Promise<Place> {
  const found = await groupToImport(context, id, ["environment", "solution", "database"]);
  if (!found) {
    throw noSuchGroup(id);
  }
  return found;
}
