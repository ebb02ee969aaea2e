import { operation, publicOperation } from "../server/operation";
import { readable } from "./access";

/** The version of the API that the emulator follows. */
export const apiVersion = "2.8.0";

export const system = [
  publicOperation({ method: "GET", path: "/icure/v" }, () => apiVersion),
  publicOperation({ method: "GET", path: "/icure/ok" }, () => "true"),
  publicOperation({ method: "GET", path: "/icure/p" }, () => ""),
  operation({ method: "GET", path: "/icure/i" }, () => noViews),
  operation({ method: "GET", path: "/icure/r" }, () => noReplication),
  operation({ method: "GET", path: "/icure/byGroup/:groupId/i" }, (state, { path }, caller) => {
    readable(state, caller, path.groupId);
    return noViews;
  }),
];

/** Views that are being built, by how much of each is done in percent: here none ever is. */
const noViews = { statuses: {} };
const noReplication = { active: false, running: false };
