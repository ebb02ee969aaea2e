import * as z from "zod";
import { Kept } from "./kept";
import { present } from "./wire";

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
  rest: Kept;
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
      rest: new Kept(rest),
    };
  });

/** The stored form: everything that was read and not changed stays as it was. */
export function healthcarePartyBody(party: HealthcareParty): Record<string, unknown> {
  const { rest, deletedAt, ...fields } = party;
  return { ...rest.fields, ...fields, deletionDate: deletedAt };
}
