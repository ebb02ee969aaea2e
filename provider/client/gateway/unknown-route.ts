import * as z from "zod";
import { GATEWAY_SETTING } from "../path";
import type { Answer } from "../transport";
import type { Route } from "./routes";

/** What routers say of a path that leads nowhere: Express and Nest, Fastify, Spring; the status's own words, as proxies do. */
const ROUTERS = [
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
  if (!unknown) return undefined;
  const route = `\`${method} ${pattern}\``;
  const address = `${GATEWAY_SETTING.key} or ${GATEWAY_SETTING.variable}`;
  return mark === "assumed"
    ? `this gateway doesn't know ${route} (${status}), a route that iCure has not published and we assume (docs/message-gateway.md). Set it by hand in Cockpit and record it with \`managed: false\` on the resource, which makes no call; or check ${address}.`
    : `this gateway doesn't know ${route} (${status}), although published clients call it. Check ${address}.`;
}

function speaksForTheGateway({ text }: Answer): boolean {
  try {
    const { message } = spoken.parse(JSON.parse(text.replace(/^\uFEFF/, "")));
    return !ROUTERS.some((router) => router.test(message));
  } catch {
    return false;
  }
}
