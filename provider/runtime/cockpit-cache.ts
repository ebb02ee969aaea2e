import {
  type Gateway,
  type Group,
  type Groups,
  ifSupported,
  type ProcessTemplate,
  type Spec,
} from "../client";

/** A listing older than this says nothing about now. */
const freshForMs = 10_000;

interface Listing {
  startedAt: number;
  groups: Promise<ReadonlyMap<string, Group>>;
}

/**
 * Reads groups for refresh and delete. The first read below a parent goes straight to the group; from the second on the
 * children of that parent are listed, once for all that ask at about the same time. A miss, or a row that says "deleted", is
 * confirmed by a direct read, so a listing alone never makes a group disappear.
 */
export class GroupReader {
  readonly #listings = new Map<string, Listing>();
  #environment: Promise<boolean> | undefined;
  readonly #askedBefore = new Set<string>();
  readonly #writtenAt = new Map<string, number>();

  constructor(
    private readonly groups: Pick<Groups, "get" | "children">,
    private readonly now: () => number = Date.now,
  ) {}

  /** The group as Cockpit has it, or undefined where it is not there or is deleted. */
  async read(id: string, parentId: string): Promise<Group | undefined> {
    const listed = this.#askedBefore.has(parentId) ? await this.#fromListing(id, parentId) : undefined;
    this.#askedBefore.add(parentId);
    const group = listed?.deletedAt === undefined ? listed : undefined;
    return group ?? living(await this.groups.get(id));
  }

  /** What lies directly in a group: the same listing that reads below it use. */
  async children(parentId: string): Promise<Group[]> {
    this.#askedBefore.add(parentId);
    const groups = await this.#listing(parentId).groups;
    return [...groups.values()].filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Whether the environment itself can be read: without that, nothing in it counts as gone. Asked once. */
  canReadEnvironment(environmentId: string): Promise<boolean> {
    if (!this.#environment) {
      this.#environment = this.groups.get(environmentId).then((group) => group !== undefined);
      this.#environment.catch(() => (this.#environment = undefined));
    }
    return this.#environment;
  }

  /** A write has made what was listed of this group, and in it, before worthless. */
  written(id: string): void {
    this.#writtenAt.set(id, this.now());
    this.#listings.delete(id);
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

/** The living groups directly below one; those that the list calls deleted are asked themselves. */
export async function livingChildren(
  groups: Pick<Groups, "get" | "children">,
  parentId: string,
): Promise<Group[]> {
  const children = await groups.children(parentId);
  const asked = await Promise.all(
    children.map(async (child) =>
      child.deletedAt === undefined ? child : living(await groups.get(child.id)),
    ),
  );
  return asked.filter((child) => child !== undefined);
}

function living(group: Group | undefined): Group | undefined {
  return group?.deletedAt === undefined ? group : undefined;
}

/**
 * Records which groups this process created, to tell them from groups that existed before and must not be adopted.
 */
export class GroupBirths {
  readonly #bornHere = new Map<string, Group>();
  readonly #childrenBefore = new Map<string, Promise<readonly Group[]>>();
  readonly #parents = new Map<string, Promise<Group | undefined>>();

  constructor(private readonly groups: Pick<Groups, "children" | "get">) {}

  /** Whether the group was there before this process began to create under this parent. */
  async existedBefore(id: string, parentId: string): Promise<boolean> {
    const children = await this.childrenBefore(parentId);
    return children.some((child) => child.id === id);
  }

  /**
   * What was there before this process began to create under this parent. Costs one listing for each parent, and none for a
   * parent that this process made itself.
   */
  async childrenBefore(parentId: string): Promise<readonly Group[]> {
    return this.#bornHere.has(parentId)
      ? []
      : remembered(this.#childrenBefore, parentId, () => this.groups.children(parentId));
  }

  isBornHere(id: string): boolean {
    return this.#bornHere.has(id);
  }

  /** The group as it was when this process made it. */
  bornHere(id: string): Group | undefined {
    return this.#bornHere.get(id);
  }

  /** The parent of what is about to be created, read once for all its children. */
  parent(id: string): Promise<Group | undefined> {
    return remembered(this.#parents, id, () => this.groups.get(id));
  }

  /** What was remembered of it as a parent is no longer so. */
  changed(group: Group): void {
    this.#parents.delete(group.id);
    if (this.#bornHere.has(group.id)) {
      this.#bornHere.set(group.id, group);
    }
  }

  /** It has gone to another parent. */
  forget(id: string): void {
    this.#parents.delete(id);
    this.#childrenBefore.delete(id);
  }

  /** This process made it and knows so. */
  born(group: Group): void {
    this.#bornHere.set(group.id, group);
  }
}

/** One request for all that ask; a failure is not remembered. */
function remembered<Value>(
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

/** What one process remembers of the message gateway, for all resources that it serves. */
export class GatewayMemory {
  #making: Promise<unknown> = Promise.resolve();
  #spec: Promise<Spec | undefined | "unsupported"> | undefined;
  #templates: Promise<ProcessTemplate[]> | undefined;

  constructor(private readonly gateway: Pick<Gateway, "spec" | "templates">) {}

  /** Lets processes wait for the external services that the same run is making. */
  async making<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#making.then(work);
    this.#making = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#spec = undefined;
    }
  }

  /** The environment's external services as processes find them, where the gateway tells. */
  async spec(specId: string): Promise<Spec | undefined | "unsupported"> {
    await this.#making;
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
