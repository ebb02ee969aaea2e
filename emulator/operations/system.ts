import { publicOperation } from "../server/operation";

/** The version of the API that the emulator follows. */
export const apiVersion = "2.8.0";

export const system = [
  publicOperation({ method: "GET", path: "/icure/v" }, () => apiVersion),
  publicOperation({ method: "GET", path: "/icure/ok" }, () => "true"),
  publicOperation({ method: "GET", path: "/icure/p" }, () => ""),
];
