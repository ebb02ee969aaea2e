import { z } from "zod";
import { conflict, forbidden, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { listOfIds, text } from "../server/fields";
import { operation } from "../server/operation";
import { documentsOf, saveDocument } from "../state/data-owners";
import type { Patient } from "../contract/model";
import type { State } from "../state/state";
import { readableGroup } from "./access";
import { patientInput } from "./data-owner-fields";
import { createPatient, modifyDataOwner, patientFields } from "./data-owner-rules";

/** Those that need no index of encrypted data. */
const patientFilter = z.discriminatedUnion("$type", [
  z.object({ $type: z.literal("PatientByIdsFilter"), ids: z.array(z.string()) }),
  z.object({ $type: z.literal("PatientByHcPartyFilter"), healthcarePartyId: z.string() }),
  z.object({
    $type: z.literal("PatientByHcPartyAndActiveFilter"),
    healthcarePartyId: z.string(),
    active: z.boolean(),
  }),
]);

/** As much as a registered user needs of its own group: medical data is beyond this emulator. */
export const patients = [
  operation(
    { method: "POST", path: "/patient/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) =>
      body.ids
        .map((id) => state.store.patients.get([caller.groupId, id]))
        .filter((patient) => patient !== undefined && canSee(caller, patient)),
  ),
  operation(
    { method: "POST", path: "/patient/match", body: patientFilter, reads: true },
    (state, { body }, caller) =>
      [...documentsOf(state.store.patients, caller.groupId)]
        .filter(
          (patient) =>
            patient.deletionDate === undefined && canSee(caller, patient) && matchesPatient(patient, body),
        )
        .map(({ id }) => id),
  ),
  operation({ method: "POST", path: "/patient", body: patientInput }, (state, { body }, caller) => {
    if (caller.record.user.patientId !== undefined) {
      throw forbidden("A patient may not make patients.");
    }
    // Published: the server fills in who made it.
    const { id: author, healthcarePartyId: responsible } = caller.record.user;
    return createPatient(state, caller.groupId, {
      ...body,
      author: body.author ?? author,
      responsible: body.responsible ?? responsible,
    });
  }),
  operation({ method: "PUT", path: "/patient", body: patientInput }, (state, { body }, caller) =>
    modifyDataOwner(state.store.patients, caller.groupId, visiblePatient(state, caller, body.id), {
      ...patientFields(body),
      rev: body.rev,
    }),
  ),
  operation({ method: "GET", path: "/patient/inGroup/:groupId/:id" }, (state, { path }, caller) => {
    readableGroup(state, caller, path.groupId);
    return visiblePatient(state, caller, path.id, path.groupId);
  }),
  operation({ method: "GET", path: "/patient/:id" }, (state, { path }, caller) =>
    visiblePatient(state, caller, path.id),
  ),
  operation(
    { method: "DELETE", path: "/patient/:id", query: z.object({ rev: text.optional() }) },
    (state, { path, query }, caller) => {
      const patient = visiblePatient(state, caller, path.id);
      if (query.rev !== undefined && query.rev !== patient.rev) {
        throw conflict(`The patient ${path.id} was changed since revision ${query.rev}.`);
      }
      const buried = { ...patient, deletionDate: state.now() };
      const { id, rev } = saveDocument<Patient>(state.store.patients, caller.groupId, buried);
      return { id, rev };
    },
  ),
];

function matchesPatient(
  { id, responsible, active }: Patient,
  filter: z.output<typeof patientFilter>,
): boolean {
  switch (filter.$type) {
    case "PatientByIdsFilter":
      return filter.ids.includes(id);
    case "PatientByHcPartyFilter":
      return responsible === filter.healthcarePartyId;
    case "PatientByHcPartyAndActiveFilter":
      return responsible === filter.healthcarePartyId && active === filter.active;
  }
}

/** Whether the caller is the patient itself, an administrator, or the responsible healthcare party. */
function canSee({ record: { user }, isAdmin }: Caller, { id, responsible }: Patient): boolean {
  const isResponsible = responsible !== undefined && responsible === user.healthcarePartyId;
  return isAdmin || user.patientId === id || isResponsible;
}

function visiblePatient(state: State, caller: Caller, id: string, groupId = caller.groupId): Patient {
  const patient = state.store.patients.get([groupId, id]);
  if (patient === undefined || patient.deletionDate !== undefined) {
    throw notFound(`There is no patient ${id} in the group ${groupId}.`);
  }
  if (!canSee(caller, patient)) {
    throw forbidden(`The patient ${id} is not yours to see.`);
  }
  return patient;
}
