import { CockpitError } from "../errors";
import { type Group, ifVisible, isApiError } from "../client";
import type { Context, Environments } from "./context";
import { environmentOf } from "./placement";
import { elsewhere, quoted } from "./messages";

/** What the configuration says of its environments. */
export interface ConfiguredEnvironments {
  /** Of `cockpit:environments`, in their order. */
  keys(): readonly string[];
  /** Whether there is a default environment that has no key. */
  hasOther(): boolean;
  /** The environment of a key, or the default one. */
  open(key: string | undefined): Context;
}

/** Where a program works: in one environment, or in several that it names by key. */
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
      throw elsewhere(name, environmentId, defaultId, byDefault.cockpit.url);
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
    const born = all.find(({ births }) => births.isBornHere(groupId));
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

  /** A transfer has made all that was known of places worthless. */
  async moved(groupId: string): Promise<void> {
    this.#holders.clear();
    for (const { births, reader } of await this.all()) {
      births.forget(groupId);
      reader.written(groupId);
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
    for (const look of [readLive, readDeleted]) {
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
export function noSuchGroup(groupId: string): CockpitError {
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

const readLive = ({ reader }: Context, groupId: string, environmentId: string) =>
  reader.read(groupId, environmentId);
const readDeleted = ({ cockpit }: Context, groupId: string) => cockpit.groups.get(groupId);

/** Nothing counts as gone unless its environment can be read. */
export async function assertGone(context: Context, name: string, id: string): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  if (!(await context.reader.canReadEnvironment(environmentId))) {
    throw new CockpitError({
      code: "environment-unreadable",
      what: `the environment ${quoted(environmentId)} can't be read, so nothing is known of ${quoted(name)} (id ${id}) in it. The state is left as it is.`,
      remedy: "Check whether the environment still exists and the account may read it, then run again.",
    });
  }
}

/**
 * A group as some environment of the configuration shows it, this one first, a deleted one too; "hidden": an account was told
 * that it may not see it. Cockpit gives no id twice, so an id may be taken where this environment's account sees nothing of it.
 */
export async function sightingOf(context: Context, groupId: string): Promise<Group | "hidden" | undefined> {
  const environments = await context.environments.all();
  const others = environments.filter(({ cockpit }) => cockpit !== context.cockpit);
  let isHidden = false;
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
      isHidden = true;
    }
  }
  return isHidden ? "hidden" : undefined;
}
