import { badRequest, conflict } from "../contract/errors";
import { saveDocument } from "../state/data-owners";
import type { DataOwner, HealthcareParty, Patient } from "../contract/model";
import type { State } from "../state/state";
import { checkId } from "./access";
import {
  healthcarePartyDefaults,
  patientDefaults,
  type HealthcarePartyInput,
  type PatientInput,
} from "./data-owner-fields";

export const createHealthcareParty = (state: State, groupId: string, input: HealthcarePartyInput) =>
  createDocument<HealthcareParty>(state.store.healthcareParties, groupId, healthcarePartyFields(input));

export const createPatient = (state: State, groupId: string, input: PatientInput) =>
  createDocument<Patient>(state.store.patients, groupId, patientFields(input));

/** A healthcare party as it is kept; what is left out is empty. `public` travels only when it is true. */
export function healthcarePartyFields({ public: isPublic, ...input }: HealthcarePartyInput) {
  if ([input.name, input.lastName, input.nihii, input.ssin].every((each) => each === undefined)) {
    throw badRequest("A healthcare party needs one of name, lastName, nihii and ssin.");
  }
  return { ...healthcarePartyDefaults, ...definedFields(input), ...(isPublic === true && { public: true }) };
}

export const patientFields = (input: PatientInput) => ({ ...patientDefaults, ...definedFields(input) });

type Table<D extends DataOwner> = Parameters<typeof saveDocument<D>>[0];

export function createDocument<D extends DataOwner>(
  table: Table<D>,
  groupId: string,
  { rev, ...fields }: { id: string; rev?: string | undefined; [field: string]: unknown },
): D {
  checkId(fields.id);
  if (rev !== undefined) {
    throw badRequest("A new document has no revision.");
  }
  if (table.has([groupId, fields.id])) {
    throw conflict(`A document with the id ${fields.id} exists already.`);
  }
  // Published: who made it is filled in by the server, when is told by clients, which may encrypt it.
  return saveDocument<D>(table, groupId, fields as never);
}

/** Applies a PUT to a document: omitted fields are cleared. */
export function modifyDataOwner<D extends DataOwner>(
  table: Table<D>,
  groupId: string,
  before: D,
  { rev, ...fields }: { id: string; rev?: string | undefined; [field: string]: unknown },
): D {
  if (rev !== before.rev) {
    throw conflict(`The document ${before.id} was changed since revision ${rev ?? "none"}.`);
  }
  return saveDocument<D>(table, groupId, fields as never);
}

/** Without the fields that are undefined, so that they don't hide defaults. */
const definedFields = <T extends { id: string }>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
