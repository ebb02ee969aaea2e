import { type ApiPath, filledPath, gatewaySetting } from "./path";
import type { Answer, ApiRequest } from "./transport";
import { z } from "zod";

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
export const gatewayRoutes = {
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

/** What routers say of a path that leads nowhere: Express and Nest, Fastify, Spring; the status's own words, as proxies do. */
const gatewayRouters = [
  /^cannot (get|post|put|delete) \//i,
  /^route (get|post|put|delete):/i,
  /^no (static resource|message available|handler found|endpoint|route)\b/i,
  /^Not Found$/,
];

const spoken = z.object({ message: z.string().trim().min(1) });

/**
 * Why an answer means that this gateway doesn't know a route, if it does.
 *
 * A 404 of an assumed route says one of two things. "There is no such thing" is the gateway's own voice:
 * `{"message": …}` in words of its own. Anything else (no body, a page, a JSON without message, the words of a router)
 * is a server that has no such route. In doubt it is the second: an absence that is none would take a resource out of
 * the state, while an error loses nothing. A 405 or a 501 always says that the route, or its method, is unknown.
 * A published route's 404 is left to the ordinary reading.
 */
export function unknownRoute({ mark, method, pattern }: Route, answer: Answer): string | undefined {
  const { status } = answer;
  const unknown =
    status === 405 ||
    status === 501 ||
    (status === 404 && mark === "assumed" && !speaksForTheGateway(answer));
  if (!unknown) {
    return undefined;
  }
  const route = `\`${method} ${pattern}\``;
  const address = `${gatewaySetting.key} or ${gatewaySetting.variable}`;
  return mark === "assumed"
    ? `this gateway doesn't know ${route} (${status}), a route that iCure has not published and we assume (docs/message-gateway.md). Set it up manually in Cockpit and record it with \`managed: false\` on the resource, which makes no call; or check ${address}.`
    : `this gateway doesn't know ${route} (${status}), although published clients call it. Check ${address}.`;
}

function speaksForTheGateway({ text }: Answer): boolean {
  try {
    const { message } = spoken.parse(JSON.parse(text.replace(/^\uFEFF/, "")));
    return !gatewayRouters.some((router) => router.test(message));
  } catch {
    return false;
  }
}
