import type { ApiClient } from "./calls";
import { deleteRevision, type LookupResult, updateRevision, writeOnce } from "./write-once";
import { isUnknownRoute } from "./errors";
import { pageSize } from "./lists";
import { path } from "./path";
import { z } from "zod";
import { answeredForAnother, UnreadFields, present } from "./wire";

/*
 * Routes: Users and organisations
 * GET /hcparty/inGroup/{groupId}/{hcpId} | one organisation | SDK (RawHealthcarePartyApiImpl)
 * POST /hcparty/inGroup/{groupId}/byIds | many organisations at once | SDK (RawHealthcarePartyApiImpl)
 * POST /hcparty/inGroup/{groupId} | creates one | SDK (RawHealthcarePartyApiImpl)
 * PUT /hcparty/inGroup/{groupId} | replaces one | SDK (RawHealthcarePartyApiImpl)
 * DELETE /hcparty/inGroup/{groupId}/{hcpId} | deletes one | SDK (RawHealthcarePartyApiImpl), since February 2026
 * DELETE /hcparty/{hcpId}/inGroup/{groupId} | the same where a server doesn't know that route | SDK (RawHealthcarePartyApiImpl); no published program calls it with success
 */

/** The organisations and practitioners of a group. Every method throws an {@link ApiError}. */
export class HealthcareParties {
  readonly #calls: ApiClient;

  constructor(calls: ApiClient) {
    this.#calls = calls;
  }

  /** One party; nothing when the API says 404. A soft-deleted one may answer with `deletedAt`. Cockpit API: GET /hcparty/inGroup/{groupId}/{hcpId}. */
  async get(groupId: string, id: string): Promise<HealthcareParty | undefined> {
    return this.#calls.find("read", {
      operation: `read healthcare party ${id} of group ${groupId}`,
      method: "GET",
      path: path`/hcparty/inGroup/${groupId}/${id}`,
      answer: healthcareParty,
      verify: (party) => answeredForAnother("healthcare party", party, id),
    });
  }

  /** Those of some ids that there are; none where the API says 404. Cockpit API: POST /hcparty/inGroup/{groupId}/byIds. */
  async byIds(groupId: string, ids: readonly string[]): Promise<HealthcareParty[]> {
    const call = (some: readonly string[]) =>
      this.#calls.find("read", {
        operation: `read ${some.length} healthcare parties of group ${groupId}`,
        method: "POST",
        path: path`/hcparty/inGroup/${groupId}/byIds`,
        body: { ids: some },
        answer: z.array(healthcareParty),
      });
    const found: HealthcareParty[] = [];
    for (let from = 0; from < ids.length; from += pageSize) {
      found.push(...((await call(ids.slice(from, from + pageSize))) ?? []));
    }
    return found;
  }

  /**
   * Creates a party under an id that the caller chose. An id that exists is an error of code `conflict`;
   * `unknown-outcome` means that the party may exist. Cockpit API: POST /hcparty/inGroup/{groupId}.
   */
  async create(groupId: string, party: NewHealthcareParty): Promise<HealthcareParty> {
    const { id } = party;
    return writeOnce(this.#calls, {
      attempt: (budget) =>
        this.#calls.attempt(
          {
            operation: `create healthcare party "${party.name ?? id}" (${id}) in group ${groupId}`,
            method: "POST",
            path: path`/hcparty/inGroup/${groupId}`,
            body: party,
            answer: healthcareParty,
            verify: (answered) => answeredForAnother("healthcare party", answered, id),
          },
          budget,
        ),
      findResult: async () => partyConflict(await this.get(groupId, id), party),
      unknownText: `The healthcare party \`${id}\` may exist`,
      notFoundText: `Afterwards, no healthcare party \`${id}\` was found.`,
    });
  }

  /**
   * Replaces a party: as it was read, its `rest` included, with what is to change. An old `rev` is an error of
   * kind `conflict`. Cockpit API: PUT /hcparty/inGroup/{groupId}.
   */
  async update(groupId: string, party: HealthcareParty): Promise<HealthcareParty> {
    const { id } = party;
    return updateRevision(this.#calls, {
      call: {
        operation: `update healthcare party ${id} of group ${groupId}`,
        method: "PUT",
        path: path`/hcparty/inGroup/${groupId}`,
        body: healthcarePartyBody(party),
        answer: healthcareParty,
        verify: (answered) => answeredForAnother("healthcare party", answered, id),
      },
      rev: party.rev,
      read: () => this.get(groupId, id),
      bodyOf: healthcarePartyBody,
      what: `healthcare party \`${id}\``,
    });
  }

  /**
   * Soft deletion. An old `rev` is an error of code `conflict`. Servers from before 2026 know another route only.
   * Cockpit API: DELETE /hcparty/inGroup/{groupId}/{hcpId}, /hcparty/{hcpId}/inGroup/{groupId}.
   */
  async delete(groupId: string, id: string, rev: string): Promise<"deleted" | "absent"> {
    const read = () => this.get(groupId, id);
    const operation = `delete healthcare party ${id} of group ${groupId}`;
    const route = path`/hcparty/inGroup/${groupId}/${id}`;
    const outcome = await deleteRevision(this.#calls, { operation, path: route, rev, read }).catch(
      (error: unknown) => {
        if (isUnknownRoute(error)) {
          return "absent" as const;
        }
        throw error;
      },
    );
    if (outcome === "deleted") {
      return outcome;
    }
    const live = await read();
    if (!live || live.deletedAt !== undefined) {
      return "absent";
    }
    const olderRoute = path`/hcparty/${id}/inGroup/${groupId}`;
    return deleteRevision(this.#calls, { operation, path: olderRoute, rev, read });
  }
}

function partyConflict(
  found: HealthcareParty | undefined,
  asked: NewHealthcareParty,
): LookupResult<HealthcareParty> {
  if (!found) {
    return undefined;
  }
  const conflict = (difference: string) => ({
    conflict: `the id is taken by another healthcare party: ${difference}`,
    existingId: found.id,
  });
  if (found.deletedAt !== undefined) {
    return conflict("it was deleted earlier");
  }
  if (found.name !== asked.name) {
    return conflict(`its name is "${found.name ?? ""}"`);
  }
  if (found.parentId !== asked.parentId) {
    return conflict(`its parent is ${found.parentId ?? "none"}`);
  }
  return { value: found };
}

const text = z.string().nullish();

/** Cockpit API: CodeStub. */
const codeStub = z.looseObject({ id: text, type: text, code: text, version: text });
export type CodeStub = z.infer<typeof codeStub>;

/** Cockpit API: Telecom. Fields that are not named here are kept. */
const telecom = z.looseObject({ telecomType: text, telecomNumber: text, telecomDescription: text });
export type Telecom = z.infer<typeof telecom>;

/** Cockpit API: Address. Fields that are not named here are kept. */
const address = z.looseObject({
  addressType: text,
  street: text,
  houseNumber: text,
  postalCode: text,
  city: text,
  country: text,
  telecoms: z.array(telecom).nullish(),
});
export type Address = z.infer<typeof address>;

/** What can be set on a healthcare party. */
export interface HealthcarePartyFields {
  /** An organisation's. */
  name?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  parentId?: string | undefined;
  publicKey?: string | undefined;
  publicKeysForOaepWithSha256?: string[] | undefined;
  public?: boolean | undefined;
  tags?: CodeStub[] | undefined;
  addresses?: Address[] | undefined;
}

/** An organisation or a practitioner (Cockpit API: HealthcareParty). */
export interface HealthcareParty extends HealthcarePartyFields {
  id: string;
  rev?: string;
  /** When it was soft-deleted, in epoch milliseconds. */
  deletedAt?: number;
  /** What this client does not read. Hand it on in an update. */
  unread: UnreadFields;
}

/** One to be created under an id that the caller chose. */
export interface NewHealthcareParty extends HealthcarePartyFields {
  id: string;
}

/** Cockpit API: HealthcareParty. */
export const healthcareParty = z
  .looseObject({
    id: z.string().min(1),
    rev: text,
    deletionDate: z.number().nullish(),
    name: text,
    firstName: text,
    lastName: text,
    parentId: text,
    publicKey: text,
    publicKeysForOaepWithSha256: z.array(z.string()).nullish(),
    public: z.boolean().nullish(),
    tags: z.array(codeStub).nullish(),
    addresses: z.array(address).nullish(),
  })
  .transform((wire): HealthcareParty => {
    const { id, rev, deletionDate, name, firstName, lastName, parentId, publicKey, ...others } = wire;
    const { publicKeysForOaepWithSha256, public: isPublic, tags, addresses, ...rest } = others;
    return {
      id,
      ...present("rev", rev),
      ...present("deletedAt", deletionDate),
      ...present("name", name),
      ...present("firstName", firstName),
      ...present("lastName", lastName),
      ...present("parentId", parentId),
      ...present("publicKey", publicKey),
      ...present("publicKeysForOaepWithSha256", publicKeysForOaepWithSha256),
      ...present("public", isPublic),
      ...present("tags", tags),
      ...present("addresses", addresses),
      unread: new UnreadFields(rest),
    };
  });

/** The stored form: everything that was read and not changed stays as it was. */
function healthcarePartyBody(party: HealthcareParty): Record<string, unknown> {
  const { unread, deletedAt, ...fields } = party;
  return { ...unread.fields, ...fields, deletionDate: deletedAt };
}
