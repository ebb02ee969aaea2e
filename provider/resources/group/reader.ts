import type { Group, Groups } from "../../client";

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
