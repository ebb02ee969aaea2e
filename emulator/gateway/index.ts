import type { Operation } from "../server/operation";
import { challenges } from "./captcha";
import { messages } from "./messages";
import { processCreation, processes } from "./processes";
import { start, validate } from "./run";
import { specs } from "./specs";

/** `published`: a published client or script calls it; `assumed`: the rest of docs/message-gateway.md. */
interface GatewayRoute {
  mark: "published" | "assumed";
  operation: Operation;
}

const marked = (mark: GatewayRoute["mark"], operations: readonly Operation[]): GatewayRoute[] =>
  operations.map((operation) => ({ mark, operation }));

export const gatewayRoutes: readonly GatewayRoute[] = [
  ...marked("published", [challenges, validate, processCreation, start, ...messages]),
  ...marked("assumed", [...specs, ...processes]),
];
