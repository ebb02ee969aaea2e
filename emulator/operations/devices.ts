import { z } from "zod";
import { conflict, forbidden, notFound } from "../contract/errors";
import type { Device } from "../contract/model";
import type { Caller } from "../server/caller";
import { listOfIds, text } from "../server/fields";
import { operation } from "../server/operation";
import { documentsOf, saveDocument } from "../state/data-owners";
import type { State } from "../state/state";
import { manageable, readableGroup } from "./access";
import { deviceDefaults, deviceInput } from "./data-owner-fields";
import { createDocument, modifyDataOwner } from "./data-owner-rules";

const deviceFilter = z.discriminatedUnion("$type", [
  z.object({ $type: z.literal("AllDevicesFilter") }),
  z.object({ $type: z.literal("DeviceByIdsFilter"), ids: z.array(z.string()) }),
  z.object({ $type: z.literal("DeviceByHcPartyFilter"), responsibleId: z.string() }),
]);

/** Within the caller's own group, and within a named one. Fixed words come before `:id`. */
const forms = ["/device", "/device/inGroup/:groupId"] as const;

type Place = { groupId?: string };

/** Devices such as sensors: data owners, like people. */
export const devices = forms.flatMap((form) => [
  operation(
    { method: "POST", path: `${form}/byIds`, body: listOfIds, reads: true },
    (state, { path, body }, caller) =>
      liveDevices(state, caller, path).filter(({ id }) => body.ids.includes(id)),
  ),
  operation(
    { method: "POST", path: `${form}/match`, body: deviceFilter, reads: true },
    (state, { path, body }, caller) =>
      liveDevices(state, caller, path)
        .filter((device) => matches(device, body))
        .map(({ id }) => id),
  ),
  operation({ method: "POST", path: form, body: deviceInput }, (state, { path, body }, caller) => {
    const { groupId = caller.groupId } = path as Place;
    if (caller.record.user.patientId !== undefined) {
      throw forbidden("A patient may not make devices.");
    }
    if (groupId !== caller.groupId) {
      manageable(state, caller, groupId);
    }
    const { id: author, healthcarePartyId: responsible } = caller.record.user;
    return createDocument<Device>(state.store.devices, groupId, {
      ...deviceDefaults,
      author,
      responsible,
      ...body,
    });
  }),
  operation({ method: "PUT", path: form, body: deviceInput }, (state, { path, body }, caller) => {
    const { device, groupId } = changeableDevice(state, caller, path, body.id);
    return modifyDataOwner(state.store.devices, groupId, device, { ...deviceDefaults, ...body });
  }),
  operation({ method: "GET", path: `${form}/:id` }, (state, { path }, caller) => {
    const found = liveDevices(state, caller, path).find(({ id }) => id === path.id);
    if (found === undefined) {
      throw notFound(`There is no device ${path.id}.`);
    }
    return found;
  }),
  operation(
    { method: "DELETE", path: `${form}/:id`, query: z.object({ rev: text.optional() }) },
    (state, { path, query }, caller) => {
      const { device, groupId } = changeableDevice(state, caller, path, path.id);
      if (query.rev !== undefined && query.rev !== device.rev) {
        throw conflict(`The device ${path.id} was changed since revision ${query.rev}.`);
      }
      const buried = { ...device, deletionDate: state.now() };
      const { id, rev } = saveDocument<Device>(state.store.devices, groupId, buried);
      return { id, rev };
    },
  ),
]);

function liveDevices(state: State, caller: Caller, { groupId = caller.groupId }: Place): Device[] {
  readableGroup(state, caller, groupId);
  return [...documentsOf(state.store.devices, groupId)].filter(
    ({ deletionDate }) => deletionDate === undefined,
  );
}

function matches(device: Device, filter: z.output<typeof deviceFilter>): boolean {
  switch (filter.$type) {
    case "AllDevicesFilter":
      return true;
    case "DeviceByIdsFilter":
      return filter.ids.includes(device.id);
    case "DeviceByHcPartyFilter":
      return device.responsible === filter.responsibleId;
  }
}

/** For administrators, for who is responsible for it, and for the device itself. */
function changeableDevice(state: State, caller: Caller, place: Place, id: string) {
  const { groupId = caller.groupId } = place;
  const device = liveDevices(state, caller, place).find((one) => one.id === id);
  if (device === undefined) {
    throw notFound(`There is no device ${id} in the group ${groupId}.`);
  }
  const { deviceId, healthcarePartyId } = caller.record.user;
  const isItself = groupId === caller.groupId && deviceId === id;
  const isResponsible = healthcarePartyId !== undefined && device.responsible === healthcarePartyId;
  if (!isItself && !isResponsible) {
    manageable(state, caller, groupId);
  }
  return { device, groupId };
}
