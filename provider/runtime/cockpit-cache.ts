import {
  type Gateway,
  type Group,
  type Groups,
  ifSupported,
  type ProcessTemplate,
  type Spec,
} from "../client";
import { Mutex } from "../framework/mutex";

/** A listing older than this is read again. */
const freshForMs = 10_000;

interface Listing {
  startedAt: number;
  groups: Promise<ReadonlyMap<string, Group>>;
}

/**
 * What a process knows of the groups of an environment. `written` and `moved` invalidate it.
 *
 * It reads groups for refresh and delete. The first read below a parent goes straight to the group; from the second on the
 * children of that parent are listed, once for all that ask at about the same time. A miss, or a row that says "deleted", is
 * confirmed by a direct read, so a listing alone never makes a group disappear.
 *
 * It records which groups this process created, to tell them from groups that existed before and must not be adopted.
 */
export class GroupCache {
  readonly #listings = new Map<string, Listing>();
  readonly #askedBefore = new Set<string>();
  readonly #writtenAt = new Map<string, number>();
  readonly #environments = new Map<string, Promise<boolean>>();
  readonly #parents = new Map<string, Promise<Group | undefined>>();
  readonly #createdHere = new Map<string, Group>();
  readonly #childrenBefore = new Map<string, Promise<readonly Group[]>>();

  constructor(
    private readonly groups: Pick<Groups, "get" | "children">,
    private readonly now: () => number = Date.now,
  ) {}

  /** The group as Cockpit has it, or undefined where it is not there or is deleted. */
  async read(id: string, parentId: string): Promise<Group | undefined> {
    const listed = this.#askedBefore.has(parentId) ? await this.#fromListing(id, parentId) : undefined;
    this.#askedBefore.add(parentId);
    const group = listed?.deletedAt === undefined ? listed : undefined;
    return group ?? ifLive(await this.groups.get(id));
  }

  /** What lies directly in a group: the same listing that reads below it use. */
  async children(parentId: string): Promise<Group[]> {
    this.#askedBefore.add(parentId);
    const groups = await this.#listing(parentId).groups;
    return [...groups.values()].filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Whether the environment itself can be read: without that, nothing in it counts as gone. Asked once. */
  canReadEnvironment(environmentId: string): Promise<boolean> {
    return memoized(this.#environments, environmentId, async () => {
      return (await this.groups.get(environmentId)) !== undefined;
    });
  }

  /** The parent of what is about to be created, read once for all its children. */
  parent(id: string): Promise<Group | undefined> {
    return memoized(this.#parents, id, () => this.groups.get(id));
  }

  /** Called when the creation of a group is confirmed. */
  recordCreated(group: Group): void {
    this.#createdHere.set(group.id, group);
  }

  wasCreatedHere(id: string): boolean {
    return this.#createdHere.has(id);
  }

  /** A group that this process created, as it last wrote it. */
  createdHere(id: string): Group | undefined {
    return this.#createdHere.get(id);
  }

  /** Whether the group existed before this process began to create under this parent. */
  async existedBefore(id: string, parentId: string): Promise<boolean> {
    const children = await this.childrenBefore(parentId);
    return children.some((child) => child.id === id);
  }

  /**
   * The children of a parent before this process began to create under it. Costs one listing for each parent, and none for a
   * parent that this process created.
   */
  async childrenBefore(parentId: string): Promise<readonly Group[]> {
    return this.#createdHere.has(parentId)
      ? []
      : memoized(this.#childrenBefore, parentId, () => this.groups.children(parentId));
  }

  /** Invalidates what is cached of a group, and of what is in it, once something was sent. `now`: the group after that, if known. */
  written(id: string, now?: Group): void {
    this.#writtenAt.set(id, this.now());
    this.#listings.delete(id);
    this.#parents.delete(id);
    if (now && this.#createdHere.has(id)) {
      this.#createdHere.set(id, now);
    }
  }

  /** The group has another parent now, maybe in another environment. */
  moved(id: string): void {
    this.written(id);
    this.#childrenBefore.delete(id);
  }

  #listing(parentId: string): Listing {
    const before = this.#listings.get(parentId);
    if (before && this.now() - before.startedAt <= freshForMs) {
      return before;
    }
    const groups = this.groups
      .children(parentId)
      .then((children) => new Map(children.map((child) => [child.id, child])));
    const listing = { startedAt: this.now(), groups };
    this.#listings.set(parentId, listing);
    groups.catch(() => this.#listings.delete(parentId));
    return listing;
  }

  async #fromListing(id: string, parentId: string): Promise<Group | undefined> {
    const listing = this.#listing(parentId);
    if ((this.#writtenAt.get(id) ?? -Infinity) >= listing.startedAt) {
      return undefined;
    }
    try {
      return (await listing.groups).get(id);
    } catch {
      // The parent may be gone or hidden while the group is not: only the direct read below decides.
      return undefined;
    }
  }
}

/** The live children of a group. Those that the list shows as deleted are read directly, to be sure. */
export async function liveChildren(
  groups: Pick<Groups, "get" | "children">,
  parentId: string,
): Promise<Group[]> {
  const children = await groups.children(parentId);
  const asked = await Promise.all(
    children.map(async (child) =>
      child.deletedAt === undefined ? child : ifLive(await groups.get(child.id)),
    ),
  );
  return asked.filter((child) => child !== undefined);
}

function ifLive(group: Group | undefined): Group | undefined {
  return group?.deletedAt === undefined ? group : undefined;
}

/** Makes one request for all callers. A failure is not cached. */
function memoized<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  let value = memory.get(key);
  if (!value) {
    value = ask();
    memory.set(key, value);
    value.catch(() => memory.delete(key));
  }
  return value;
}

/** Cache of the message gateway, shared by all resources of this process. */
export class GatewayCache {
  readonly #creations = new Mutex();
  #spec: Promise<Spec | undefined | "unsupported"> | undefined;
  #templates: Promise<ProcessTemplate[]> | undefined;

  constructor(private readonly gateway: Pick<Gateway, "spec" | "templates">) {}

  /** Makes authentication processes wait for the external services that the same run is creating. */
  async withCreationLock<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await this.#creations.run(work);
    } finally {
      this.#spec = undefined;
    }
  }

  /** The environment's external services; "unsupported" where the gateway doesn't tell. */
  async spec(specId: string): Promise<Spec | undefined | "unsupported"> {
    await this.#creations.idle();
    this.#spec ??= ifSupported(this.gateway.spec(specId));
    this.#spec.catch(() => (this.#spec = undefined));
    return this.#spec;
  }

  async templates(specId: string): Promise<ProcessTemplate[]> {
    this.#templates ??= this.gateway.templates(specId);
    this.#templates.catch(() => (this.#templates = undefined));
    return this.#templates;
  }
}
