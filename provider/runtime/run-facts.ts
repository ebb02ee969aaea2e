import { without } from "../framework/values";
import { type Identity, identityKey } from "../framework/identity";
import { CockpitError } from "../errors";
import { confirmCommand, type RunVariables } from "../config/settings";

/*
 * The facts that a run has collected so far. They are needed because each call of the engine sees its own resource only, and a
 * deletion only the state.
 *
 * | fact                              | told by                            | asked by                       |
 * | --------------------------------- | ---------------------------------- | ------------------------------ |
 * | IdReservations                    | check, create                      | create, delete                 |
 * | DeclaredProtection, by name       | check                              | delete                         |
 * | DeclaredProtection, by id         | diff, create                       | check and delete of children   |
 * | DeclaredProjectIds                | check, diff, create                | check of databases             |
 * | DeclaredServices                  | check of ExternalServices          | check of what sends messages   |
 * | FormerPlaces                      | check                              | check and create               |
 * | Transfers, tokens                 | diff and create of TransferToken   | check and update of Solution   |
 * | Transfers, plans                  | check of Solution                  | diff of Solution               |
 * | Transfers, services               | check of ExternalServices          | diff of Solution, delete       |
 * | Refusals                          | delete, diff                       | delete                         |
 */

/** Which resource of the program has which id, in any environment: ids are unique across Cockpit. */
export class IdReservations {
  readonly #owners = new Map<string, Identity>();

  /**
   * Reserves an id for one resource of this run, whether its creation succeeds or not; false: another resource has it. Without
   * this, the look-up after a lost answer could find the group of the other resource, and both would have one group.
   */
  reserve(id: string, resource: Identity): boolean {
    const owner = this.#owners.get(id) ?? resource;
    this.#owners.set(id, owner);
    return identityKey(owner) === identityKey(resource);
  }

  /** Whether a resource of this run has the id, or will have it. */
  isReserved(id: string): boolean {
    return this.#owners.has(id);
  }

  /** The id turned out to be unavailable. */
  release(id: string): void {
    this.#owners.delete(id);
  }

  /** The other resource that has the id. Also works for a state that an earlier release wrote, without parents. */
  otherOwner(id: string, resource: Identity): Identity | undefined {
    const owner = this.#owners.get(id);
    return owner && !maybeSame(resource, owner) ? owner : undefined;
  }
}

/** Whether a resource of the state may be one of the program. Earlier releases stored no parents. */
function maybeSame(inState: Identity, declared: Identity): boolean {
  const { parents } = inState;
  const known = parents === undefined ? without(declared, "parents") : declared;
  return identityKey(inState) === identityKey(known);
}

/**
 * The protection that the program declares in this run. Delete sees only the state, which may be older than the program when a
 * replacement is forced.
 */
export class DeclaredProtection {
  readonly #byResource = new Map<string, boolean>();
  readonly #byId = new Map<string, boolean>();
  /** By the former identity in the state; protected if any resource with that identity is. */
  readonly #byFormer = new Map<string, boolean>();
  /** By type and name alone, protected if one of them is: for states in which an earlier release has not written down parents. */
  readonly #byName = new Map<string, boolean>();

  /** @param before what it is called in the state, by an alias. */
  declare(resource: Identity, isProtected: boolean, before = resource): void {
    this.#byResource.set(identityKey(resource), isProtected);
    if (identityKey(before) !== identityKey(resource)) {
      protect(this.#byFormer, identityKey(before), isProtected);
    }
    protect(this.#byName, nameKey(resource), isProtected);
  }

  /** The protection of the resource that has the group or, if this run doesn't know the group, of the resource of this name. */
  isProtected(resource: Identity, id: string): boolean {
    const known = this.#byId.get(id);
    if (known !== undefined) {
      return known;
    }
    const key = identityKey(resource);
    const named = [this.#byResource.get(key), this.#byFormer.get(key)].filter((each) => each !== undefined);
    return named.length === 0 && resource.parents === undefined
      ? this.#byName.get(nameKey(resource)) === true
      : named.includes(true);
  }

  /** The group of a resource; of one that the program does not declare, as in a refresh, this means nothing. */
  recordId(resource: Identity, id: string): void {
    const isProtected = this.#byResource.get(identityKey(resource));
    if (isProtected !== undefined) {
      this.#byId.set(id, isProtected);
    }
  }

  /** Undefined: the program does not declare it, or not in this run. */
  ofGroup(id: string): boolean | undefined {
    return this.#byId.get(id);
  }
}

function protect(names: Map<string, boolean>, name: string, isProtected: boolean): void {
  names.set(name, isProtected || names.get(name) === true);
}

function nameKey({ type, name }: Identity): string {
  return JSON.stringify([type, name]);
}

/** The Project IDs that the program declares for its solutions, as far as this run has met them. */
export class DeclaredProjectIds {
  readonly #byName = new Map<string, string | undefined>();
  readonly #bySolution = new Map<string, string>();

  declare(resource: Identity, applicationId: unknown): void {
    this.#byName.set(identityKey(resource), typeof applicationId === "string" ? applicationId : undefined);
  }

  recordId(resource: Identity, solutionId: string): void {
    const applicationId = this.#byName.get(identityKey(resource));
    if (applicationId !== undefined) {
      this.#bySolution.set(solutionId, applicationId);
    }
  }

  ofSolution(solutionId: unknown): string | undefined {
    return typeof solutionId === "string" ? this.#bySolution.get(solutionId) : undefined;
  }
}

/** The name and the parent that a group of the program had before this run. */
export interface FormerPlace {
  name?: unknown;
  parentId?: unknown;
}

/** The former names and parents of the program's groups. */
export class FormerPlaces {
  readonly #byResource = new Map<string, FormerPlace>();

  record(resource: Identity, before: FormerPlace): void {
    this.#byResource.set(identityKey(resource), before);
  }

  /** Whether it is known to have had another name or parent. */
  isElsewhere(resource: Identity, now: { name: string; parentId: string }): boolean {
    const { name = now.name, parentId = now.parentId } = this.#byResource.get(identityKey(resource)) ?? {};
    return name !== now.name || parentId !== now.parentId;
  }
}

/** The inputs of external services that determine which messages they can send. */
export interface DeclaredChannels {
  demo: boolean;
  email?: unknown;
  sms?: unknown;
}

/** Which resource of the program declares the external services of an environment, as far as this run has met them. */
export class DeclaredServices {
  readonly #declared = new Map<string, { resource: Identity; channels: DeclaredChannels }>();

  /** The channels that the program declares for the environment. */
  channels(specId: string): DeclaredChannels | undefined {
    return this.#declared.get(specId)?.channels;
  }

  /** The other resource that has declared them already; if there is none, this one has now. */
  declaredBefore(specId: string, resource: Identity, channels: DeclaredChannels): string | undefined {
    const before = this.#declared.get(specId);
    if (before !== undefined && identityKey(before.resource) !== identityKey(resource)) {
      return before.resource.name;
    }
    this.#declared.set(specId, { resource, channels });
    return undefined;
  }
}

/** Facts about a transfer token that this program issued. */
export interface KnownToken {
  environmentId: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** Facts about transfers that this process knows before they happen. */
export class Transfers {
  readonly #tokens = new Map<string, KnownToken>();
  readonly #planned = new Map<string, string>();
  readonly #services = new Set<string>();
  readonly #leftServices = new Set<string>();

  /** The API does not say where a token leads before it is spent; of the program's own it is known. */
  rememberToken(token: string, facts: KnownToken): void {
    this.#tokens.set(token, facts);
  }

  token(token: string): KnownToken | undefined {
    return this.#tokens.get(token);
  }

  /** The program wants this solution there. */
  plan(resource: Identity, environmentId: string): void {
    this.#planned.set(identityKey(resource), environmentId);
  }

  isPlanned(resource: Identity, environmentId: unknown): boolean {
    return this.#planned.get(identityKey(resource)) === environmentId;
  }

  /** The program declares external services for this environment and, where they had another one before, leaves that. */
  declareServices(environmentId: string, leftId: string | undefined): void {
    this.#services.add(environmentId);
    if (leftId !== undefined && leftId !== environmentId) {
      this.#leftServices.add(leftId);
    }
  }

  hasServices(environmentId: string): boolean {
    return this.#services.has(environmentId);
  }

  areServicesLeft(environmentId: string): boolean {
    return this.#leftServices.has(environmentId);
  }
}

/**
 * The deletions of a run that nobody has confirmed. The engine asks for them one by one, several at a time: a refusal waits until
 * none of those is undecided, so that it can name all that have to be typed back.
 */
export class Refusals {
  readonly #toType = new Map<string, string>();
  readonly #waiting: (() => void)[] = [];
  #undecided = 0;

  constructor(private readonly runVariables: () => RunVariables) {}

  /** Records the confirmation text of a group, by its id. */
  add(id: string, typed: string): void {
    this.#toType.set(id, typed);
  }

  /** Decides on a deletion. An error refuses it, and is thrown with the names of all that were refused. */
  async decide(decision: () => Promise<CockpitError | undefined>): Promise<void> {
    this.#undecided++;
    let refusal: CockpitError | undefined;
    try {
      refusal = await decision();
    } finally {
      this.#undecided--;
      if (this.#undecided === 0) {
        this.#waiting.splice(0).forEach((goOn) => goOn());
      }
    }
    if (refusal === undefined) {
      return;
    }
    if (this.#undecided > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    throw this.#withAllOfThem(refusal);
  }

  #withAllOfThem(refusal: CockpitError): CockpitError {
    const all = [...this.#toType.values()];
    const { code, what, remedy, toType } = refusal;
    return all.length < 2
      ? refusal
      : new CockpitError({
          ...toType,
          code,
          what,
          remedy: `${remedy ?? ""} To confirm all that this run is known to delete, with everything in it: ${confirmCommand(this.runVariables(), all)}`,
          confirm: all,
        });
  }
}
