import { designDocuments } from "../contract/assumptions";
import { operation, publicOperation } from "../server/operation";
import type { State } from "../state/state";
import { readableGroup } from "./access";

/** The version of the API that the emulator follows. */
export const apiVersion = "2.8.0";

export const system = [
  publicOperation({ method: "GET", path: "/icure/v" }, () => apiVersion),
  publicOperation({ method: "GET", path: "/icure/ok" }, () => "true"),
  publicOperation({ method: "GET", path: "/icure/p" }, () => ""),
  operation({ method: "GET", path: "/icure/i" }, (state, _input, caller) => indexing(state, caller.groupId)),
  operation({ method: "GET", path: "/filter/definitions" }, () => filters),
  operation({ method: "GET", path: "/icure/r" }, () => noReplication),
  operation({ method: "GET", path: "/icure/byGroup/:groupId/i" }, (state, { path }, caller) => {
    readableGroup(state, caller, path.groupId);
    return indexing(state, path.groupId);
  }),
];

/** What can be asked here, by kind of entity; there are no views behind it. */
const filters = Object.fromEntries(
  Object.entries({
    User: [
      "AllUsersFilter",
      "UserByIdsFilter",
      "UserByNameEmailPhoneFilter",
      "UserByHealthcarePartyIdFilter",
    ],
    HealthcareParty: [
      "AllHealthcarePartiesFilter",
      "HealthcarePartyByIdsFilter",
      "HealthcarePartyByNameFilter",
    ],
    Patient: ["PatientByIdsFilter", "PatientByHcPartyFilter", "PatientByHcPartyAndActiveFilter"],
    Device: ["AllDevicesFilter", "DeviceByIdsFilter", "DeviceByHcPartyFilter"],
  }).map(([entity, names]) => [entity, names.map((filter) => ({ filter, entity, views: [] }))]),
);
const noReplication = { active: false, running: false };

/** Indexes that are being built, by how much of each is done in percent (kraken-common, ICureDAOImpl); what is done is gone. */
function indexing({ indexing, settings, now }: State, groupId: string) {
  const startedAt = indexing.get(groupId);
  const percent = startedAt === undefined ? 100 : (now() - startedAt) / (settings.indexSeconds * 10);
  // Without a duration it is not a number.
  if (!(percent < 100)) {
    return { statuses: {} };
  }
  return {
    statuses: Object.fromEntries(
      designDocuments.map((name) => [`icure-${groupId}-healthdata/_design/${name}`, Math.floor(percent)]),
    ),
  };
}
