import { describeIdentity, type Identity, identityKey } from "./identity";

/**
 * Records the engine's calls to this process, which are those of one run or one preview: which resource of the program has which
 * object, and whether anything has failed. A deletion needs this because the engine gives it only the state.
 */
export class Run {
  /** In the state and in the program. */
  readonly #existing = new Set<string>();
  /** To be created, and not created yet. */
  readonly #toCreate = new Map<string, Identity>();
  readonly #replaced = new Set<string>();
  readonly #created = new Set<string>();
  readonly #toBeReplaced = new Set<string>();
  readonly #owners = new Map<string, Identity>();
  /** The object that each resource of the program was first diffed with after its check. */
  readonly #current = new Map<string, string>();
  readonly #inState = new Map<string, Identity>();
  readonly #failed = new Set<string>();
  #failure: string | undefined;
  /** Number of calls so far. */
  #calls = 0;

  /** Without old inputs the resource is to be created, for the first time or as a replacement. */
  checked(resource: Identity, hasOlds: boolean): void {
    this.#calls++;
    const key = identityKey(resource);
    if (hasOlds) {
      this.#existing.add(key);
      return;
    }
    this.#toCreate.set(key, resource);
    if (this.#existing.has(key)) {
      this.#replaced.add(key);
    }
  }

  /** The engine asked for a diff: for the program, for a refresh, or because a dependency is replaced. */
  diffed(resource: Identity, id: string): void {
    this.#calls++;
    const object = objectKey(resource.type, id);
    this.#owners.set(object, resource);
    const key = identityKey(resource);
    if (this.#existing.has(key) && !this.#current.has(key)) {
      this.#current.set(key, object);
    }
  }

  /** The diff of this object is a replacement. */
  toBeReplaced(type: string, id: string): void {
    this.#toBeReplaced.add(objectKey(type, id));
  }

  created(resource: Identity, id: string): void {
    this.#toCreate.delete(identityKey(resource));
    this.#created.add(objectKey(resource.type, id));
    this.diffed(resource, id);
  }

  /** The state has this object, whether the program still declares it or not. */
  read(resource: Identity, id: string): void {
    this.#inState.set(objectKey(resource.type, id), resource);
  }

  /**
   * Waits, for a short time at most, until the engine makes no more calls: it creates one resource while it is still diffing the
   * next, which may be the owner of an object that the first one conflicts with.
   */
  async settled(pause: (milliseconds: number) => Promise<unknown>): Promise<void> {
    for (let waited = 0; waited < timeoutMs.total; waited += timeoutMs.step) {
      const before = this.#calls;
      await pause(timeoutMs.step);
      if (this.#calls === before) {
        return;
      }
    }
  }

  failed(resource: Identity): void {
    this.#failed.add(identityKey(resource));
    this.#failure ??= describeIdentity(resource);
  }

  /** Whether the check of a creation is one of a replacement. A forced one (`--replace`) can't be told. */
  isReplaced(resource: Identity): boolean {
    return this.#replaced.has(identityKey(resource));
  }

  /** Whether this object already belongs to the resource, for example when its replacement would have the same id. */
  has(resource: Identity, id: string): boolean {
    const owner = this.#owners.get(objectKey(resource.type, id));
    return owner !== undefined && identityKey(owner) === identityKey(resource);
  }

  /** Whether the resource has this object, and its diff in this run is a replacement. */
  isReplacedBy(resource: Identity, id: string): boolean {
    return this.has(resource, id) && this.#toBeReplaced.has(objectKey(resource.type, id));
  }

  /** Another resource that has this object, as far as this run knows: one of the program or, after a refresh, of the state. */
  otherOwner(resource: Identity, id: string): Identity | undefined {
    const object = objectKey(resource.type, id);
    const owner = this.#owners.get(object) ?? this.#inState.get(object);
    return owner && identityKey(owner) !== identityKey(resource) ? owner : undefined;
  }

  /**
   * The resource of the program that keeps this object, even if another resource of the state has it too. A refresh also diffs the
   * original of a replacement that is still to be deleted: the resource has another object by then.
   */
  ownerToKeep(type: string, id: string): Identity | undefined {
    const object = objectKey(type, id);
    const owner = this.#owners.get(object);
    if (!owner) {
      return undefined;
    }
    const key = identityKey(owner);
    const isCurrent = (this.#current.get(key) ?? object) === object;
    const stays = this.#existing.has(key) && !this.#replaced.has(key) && isCurrent;
    return stays || this.#created.has(object) ? owner : undefined;
  }

  /**
   * Why this object must not be deleted now, or undefined. With `--continue-on-error` the engine deletes what the program no longer
   * declares even if a creation failed, and that creation may be the same object under another name or parent. After an alias the
   * state of the dynamic form still has the former name, so a creation of that very name that failed may be another resource's.
   */
  reasonNotToDelete(resource: Identity, id: string): string | undefined {
    const object = objectKey(resource.type, id);
    const owner = this.#owners.get(object);
    const isDeclared = owner !== undefined && this.#existing.has(identityKey(owner));
    const key = identityKey(resource);
    const isReplacement = this.#toCreate.has(key) && !this.#failed.has(key);
    if (isDeclared || isReplacement) {
      return undefined;
    }
    if (this.#failure !== undefined) {
      return `${this.#failure} has failed in this run`;
    }
    const [waiting] = this.#toBeReplaced.has(object) ? [] : this.#toCreate.values();
    return waiting && `${describeIdentity(waiting)} has not been created in this run`;
  }
}

/** In milliseconds. */
const timeoutMs = { step: 500, total: 10_000 };

function objectKey(type: string, id: string): string {
  return JSON.stringify([type, id]);
}
