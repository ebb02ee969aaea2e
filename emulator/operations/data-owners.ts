import { z } from "zod";
import { badRequest, conflict, forbidden, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { listOfIds } from "../server/fields";
import { operation } from "../server/operation";
import { saveDocument } from "../state/data-owners";
import type { DataOwner } from "../contract/model";
import type { State } from "../state/state";
import { propertySchema } from "./properties";

interface Found {
  type: "hcp" | "patient" | "device";
  dataOwner: DataOwner;
}

/** What a stub has of a data owner, and all that may be changed by one: its keys. */
const keyFields = {
  hcPartyKeys: z.record(z.string(), z.unknown()).default({}),
  aesExchangeKeys: z.record(z.string(), z.unknown()).default({}),
  transferKeys: z.record(z.string(), z.unknown()).default({}),
  privateKeyShamirPartitions: z.record(z.string(), z.unknown()).default({}),
  publicKey: z.string().optional(),
  publicKeysForOaepWithSha256: z.array(z.string()).default([]),
  cryptoActorProperties: z.array(propertySchema).optional(),
};
const stubWithType = z.object({
  type: z.enum(["hcp", "patient", "device"]),
  stub: z.object({ id: z.string(), rev: z.string(), parentId: z.string().optional(), ...keyFields }),
});

export const dataOwners = [
  operation({ method: "GET", path: "/dataowner/current" }, (state, _input, caller) => current(state, caller)),
  operation({ method: "GET", path: "/dataowner/current/stub" }, (state, _input, caller) =>
    stubOf(current(state, caller)),
  ),
  operation({ method: "GET", path: "/dataowner/current/hierarchy" }, (state, _input, caller) =>
    hierarchy(state, caller),
  ),
  operation({ method: "GET", path: "/dataowner/current/hierarchy/stub" }, (state, _input, caller) =>
    hierarchy(state, caller).map(stubOf),
  ),
  operation(
    { method: "POST", path: "/dataowner/stub/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) =>
      body.ids
        .map((id) => found(state, caller.groupId, id))
        .filter((owner) => owner !== undefined)
        .map(stubOf),
  ),
  operation(
    { method: "POST", path: "/dataowner/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) =>
      body.ids.map((id) => found(state, caller.groupId, id)).filter((owner) => owner !== undefined),
  ),
  // Published: keys of before 2023, of which there are none; an absence would stop the clients of 2026.
  ...["hcparty", "patient", "device"].map((kind) =>
    operation({ method: "GET", path: `/${kind}/:id/aesExchangeKeys` }, () => ({})),
  ),
  operation({ method: "GET", path: "/hcparty/:id/publicKey" }, (state, { path }, caller) => {
    const { id, publicKey } = dataOwnerById(state, caller, path.id).dataOwner;
    return { hcPartyId: id, hexString: publicKey };
  }),
  operation({ method: "GET", path: "/dataowner/stub/:id" }, (state, { path }, caller) =>
    stubOf(dataOwnerById(state, caller, path.id)),
  ),
  operation(
    { method: "PUT", path: "/dataowner/stub", body: stubWithType },
    (state, { body: { type, stub } }, caller) => {
      const owner = dataOwnerById(state, caller, stub.id);
      const { healthcarePartyId, patientId, deviceId } = caller.record.user;
      const own = [healthcarePartyId, patientId, deviceId];
      if (!caller.isAdmin && !own.includes(stub.id)) {
        throw forbidden("Those are another's keys.");
      }
      if (owner.type !== type) {
        throw notFound(`There is no data owner ${stub.id} of type ${type}.`);
      }
      const { rev, parentId, ...keys } = stub;
      if (rev !== owner.dataOwner.rev) {
        throw conflict(`The data owner ${stub.id} was changed since revision ${rev}.`);
      }
      // Left out is unchanged: the published 1.0.0-RC.7 leaves it out, so that the server's rule would shut it out.
      if (parentId !== undefined && parentId !== owner.dataOwner.parentId) {
        throw badRequest("The parent of a data owner can't be changed by its stub.");
      }
      const { healthcareParties, patients, devices } = state.store;
      const table = { hcp: healthcareParties, patient: patients, device: devices }[type];
      const dataOwner = saveDocument(table, caller.groupId, { ...owner.dataOwner, ...keys });
      return stubOf({ type: owner.type, dataOwner });
    },
  ),
  operation({ method: "GET", path: "/dataowner/:id" }, (state, { path }, caller) =>
    dataOwnerById(state, caller, path.id),
  ),
];

function found(state: State, groupId: string, id: string): Found | undefined {
  const patient = state.store.patients.get([groupId, id]);
  if (patient !== undefined && patient.deletionDate === undefined) {
    return { type: "patient", dataOwner: patient };
  }
  const device = state.store.devices.get([groupId, id]);
  if (device !== undefined && device.deletionDate === undefined) {
    return { type: "device", dataOwner: device };
  }
  const party = state.store.healthcareParties.get([groupId, id]);
  if (party === undefined || party.deletionDate !== undefined) {
    return undefined;
  }
  return { type: "hcp", dataOwner: party };
}

function dataOwnerById(state: State, { groupId }: Caller, id: string): Found {
  const owner = found(state, groupId, id);
  if (owner === undefined) {
    throw notFound(`There is no data owner ${id} in the group ${groupId}.`);
  }
  return owner;
}

function current(state: State, caller: Caller): Found {
  const { healthcarePartyId, patientId, deviceId } = caller.record.user;
  const id = healthcarePartyId ?? patientId ?? deviceId;
  if (id === undefined) {
    throw notFound("The current user is not a data owner.");
  }
  return dataOwnerById(state, caller, id);
}

/** The data owners from the caller up to its topmost parent, as in the shared server code. */
function hierarchy(state: State, caller: Caller): Found[] {
  const upwards = [current(state, caller)];
  for (let at = upwards[0]?.dataOwner.parentId; typeof at === "string";) {
    if (upwards.some(({ dataOwner }) => dataOwner.id === at)) {
      throw badRequest("The parents go in a circle.");
    }
    const parent = dataOwnerById(state, caller, at);
    upwards.push(parent);
    at = parent.dataOwner.parentId;
  }
  return upwards;
}

/** Without `parentId`: 1.0.0-RC.7 takes a stub that has one for an error, and to later clients it is optional. */
function stubOf({ type, dataOwner }: Found) {
  const { id, rev } = dataOwner;
  const keys = Object.fromEntries(
    Object.keys(keyFields)
      .filter((field) => dataOwner[field] !== undefined)
      .map((field) => [field, dataOwner[field]]),
  );
  return { type, stub: { id, rev, ...keys } };
}
