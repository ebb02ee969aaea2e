import { type ApiPath, filledPath } from "../path";
import type { ApiRequest } from "../transport";

/**
 * How a route is known:
 * - `published`: a published client or script calls it
 * - `assumed`: nobody has published it; it is our contract, `docs/message-gateway.md`
 */
export type Mark = "published" | "assumed";

export interface Route<Pattern extends string = string> {
  readonly mark: Mark;
  readonly method: ApiRequest["method"];
  /** Below the gateway's address. */
  readonly pattern: Pattern;
}

const published = <Pattern extends string>(method: ApiRequest["method"], pattern: Pattern) =>
  ({ mark: "published", method, pattern }) satisfies Route;
const assumed = <Pattern extends string>(method: ApiRequest["method"], pattern: Pattern) =>
  ({ mark: "assumed", method, pattern }) satisfies Route;

/** Every route of the message gateway that this client calls. */
export const ROUTES = {
  // Called by ticketing-agenda, scripts/addEmailProcess.ts, with a body of `subject` and `body`; it makes several of one
  // template and language. The body's other fields are assumed.
  createProcess: published("POST", "/{specId}/process/template/{templateId}/{groupId}"),

  // Cockpit's page of external services reads, creates, changes and removes one spec of each environment; with what
  // requests is not public. One resource, addressed by the environment's id like every route above.
  readSpec: assumed("GET", "/{specId}/spec"),
  createSpec: assumed("POST", "/{specId}/spec"),
  updateSpec: assumed("PUT", "/{specId}/spec"),
  deleteSpec: assumed("DELETE", "/{specId}/spec"),

  // Cockpit offers templates to choose from, and the creation above names one; where the list comes from is not public.
  listTemplates: assumed("GET", "/{specId}/process/template"),

  // Cockpit lists, edits and deletes a group's processes; with what requests is not public. Below the address that the
  // creation and the start of a process share.
  listProcesses: assumed("GET", "/{specId}/process"),
  readProcess: assumed("GET", "/{specId}/process/{processId}"),
  updateProcess: assumed("PUT", "/{specId}/process/{processId}"),
  deleteProcess: assumed("DELETE", "/{specId}/process/{processId}"),
} as const;

type Names<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** What a route's pattern leaves open. */
export type RouteValues<Pattern extends string> = Record<Names<Pattern>, string>;

export function routePath<Pattern extends string>(
  route: Route<Pattern>,
  values: RouteValues<Pattern>,
): ApiPath {
  return filledPath(route.pattern, values);
}
