import { describeIdentity, type Identity, identityKey } from "./identity";

/**
 * What the engine has asked of this process: one run or one preview. It tells which resource of the program has which object,
 * and whether anything has failed, because a deletion is told nothing but what is in the state.
 */
export class Run {
  /** In the state and in the program. */
  readonly #standing = new Set<string>();
  /** To be made, and not made yet. */
  readonly #announced = new Map<string, Identity>();
  readonly #replaced = new Set<string>();
  readonly #made = new Set<string>();
  readonly #condemned = new Set<string>();
  readonly #owners = new Map<string, Identity>();
  readonly #inState = new Map<string, Identity>();
  #failure: string | undefined;
  /** How often the engine has asked. */
  #asked = 0;

  /** Without old inputs it is to be made, for the first time or in place of what it has now. */
  checked(resource: Identity, hasOlds: boolean): void {
    this.#asked++;
    const key = identityKey(resource);
    if (hasOlds) {
      this.#standing.add(key);
      return;
    }
    this.#announced.set(key, resource);
    if (this.#standing.has(key)) {
      this.#replaced.add(key);
    }
  }

  /** A resource that has this object was diffed: for the program, for a refresh, or because of another one's replacement. */
  met(resource: Identity, id: string): void {
    this.#asked++;
    this.#owners.set(objectKey(resource.type, id), resource);
  }

  /** Its diff has shown that it is to be replaced. */
  condemned(type: string, id: string): void {
    this.#condemned.add(objectKey(type, id));
  }

  made(resource: Identity, id: string): void {
    this.#announced.delete(identityKey(resource));
    this.#made.add(objectKey(resource.type, id));
    this.met(resource, id);
  }

  /** The state has this object, whether the program still declares it or not. */
  read(resource: Identity, id: string): void {
    this.#inState.set(objectKey(resource.type, id), resource);
  }

  /**
   * Waits until the engine asks no more, a short time at most: it creates one resource while it comes to the next, which may
   * have what is in the way of the first.
   */
  async settled(pause: (milliseconds: number) => Promise<unknown>): Promise<void> {
    for (let waited = 0; waited < patience.total; waited += patience.step) {
      const before = this.#asked;
      await pause(patience.step);
      if (this.#asked === before) {
        return;
      }
    }
  }

  failed(resource: Identity): void {
    this.#failure ??= describeIdentity(resource);
  }

  /** Whether the check of a creation is one of a replacement. A forced one (`--replace`) can't be told. */
  isReplaced(resource: Identity): boolean {
    return this.#replaced.has(identityKey(resource));
  }

  /** Whether the resource is known to have this object already, as where a replacement would be made under the same id. */
  has(resource: Identity, id: string): boolean {
    const owner = this.#owners.get(objectKey(resource.type, id));
    return owner !== undefined && identityKey(owner) === identityKey(resource);
  }

  /** Another resource that has this object, as far as this run has met it: of the program or, after a refresh, of the state. */
  otherOwner(resource: Identity, id: string): Identity | undefined {
    const object = objectKey(resource.type, id);
    const owner = this.#owners.get(object) ?? this.#inState.get(object);
    return owner && identityKey(owner) !== identityKey(resource) ? owner : undefined;
  }

  /** The resource of the program that keeps this object, whatever else of the state has it too. */
  keeper(type: string, id: string): Identity | undefined {
    const object = objectKey(type, id);
    const owner = this.#owners.get(object);
    if (!owner) {
      return undefined;
    }
    const key = identityKey(owner);
    const stays = this.#standing.has(key) && !this.#replaced.has(key);
    return stays || this.#made.has(object) ? owner : undefined;
  }

  /**
   * Why a deletion has to wait, or undefined. With `--continue-on-error` the engine deletes what the program no longer declares
   * even where something could not be made: that may be the very same, renamed or moved.
   */
  reasonToKeep(resource: Identity, id: string): string | undefined {
    const object = objectKey(resource.type, id);
    const owner = this.#owners.get(object);
    const isDeclared = owner !== undefined && this.#standing.has(identityKey(owner));
    if (isDeclared || this.#announced.has(identityKey(resource))) {
      return undefined;
    }
    if (this.#failure !== undefined) {
      return `${this.#failure} has failed in this run`;
    }
    const [waiting] = this.#condemned.has(object) ? [] : this.#announced.values();
    return waiting && `${describeIdentity(waiting)} has not been created in this run`;
  }
}

/** In milliseconds. */
const patience = { step: 500, total: 10_000 };

function objectKey(type: string, id: string): string {
  return JSON.stringify([type, id]);
}
