import { setTimeout as wait } from "node:timers/promises";
import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { FaultAction } from "./faults";

export type Outgoing = ServerResponse | Http2ServerResponse;

/** The response was taken off Hono's hands: written, or refused, on the bare connection. */
export const answeredByHand = "by hand";

/**
 * Carries out a fault. Answers the response to go on with, or that there is nothing left to answer.
 * Before the operation there is no `response` yet; actions that spoil one then let the request pass.
 */
export async function act(
  action: FaultAction,
  response: Response | undefined,
  outgoing: Outgoing,
  kill: () => void,
): Promise<Response | undefined | typeof answeredByHand> {
  if ("delayMs" in action) {
    await Promise.race([wait(action.delayMs), closed(outgoing)]);
    return response;
  }
  if ("drop" in action) return destroy(outgoing);
  if ("hang" in action) {
    await closed(outgoing);
    return answeredByHand;
  }
  if ("kill" in action) {
    kill();
    return destroy(outgoing);
  }
  if ("redirect" in action)
    return new Response(null, { status: action.status ?? 307, headers: { Location: action.redirect } });
  if ("malformed" in action) return malformed(action.malformed, action.status ?? 200);
  if ("cut" in action) return response && cut(response, action.cut, outgoing);
  if ("drip" in action) return response && drip(response, action.drip, action.everyMs);
  if ("swapId" in action) return response && swapId(response, action.swapId);
  return plain(action);
}

/** Whether an action needs the operation's answer, and so can't act before it. */
export const needsAnswer = (action: FaultAction) => "cut" in action || "drip" in action || "swapId" in action;

const closed = (outgoing: Outgoing) =>
  new Promise<void>((resolve) => {
    if (outgoing.destroyed) resolve();
    outgoing.once("close", resolve);
  });

function destroy(outgoing: Outgoing): typeof answeredByHand {
  outgoing.destroy();
  return answeredByHand;
}

function malformed(kind: "html" | "json" | "empty", status: number): Response {
  if (kind === "html")
    return new Response("<html><body><h1>Bad gateway</h1></body></html>", {
      status,
      headers: { "Content-Type": "text/html" },
    });
  return new Response(kind === "json" ? '{"id":"' : "", {
    status,
    headers: { "Content-Type": "application/json" },
  });
}

async function cut(response: Response, bytes: number, outgoing: Outgoing): Promise<typeof answeredByHand> {
  const body = Buffer.from(await response.arrayBuffer());
  const server = outgoing as ServerResponse;
  server.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    "Content-Length": body.length,
  });
  server.flushHeaders();
  server.write(body.subarray(0, bytes), () => server.destroy());
  await closed(outgoing);
  return answeredByHand;
}

async function drip(response: Response, size: number, everyMs: number): Promise<Response> {
  const body = new Uint8Array(await response.arrayBuffer());
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (at > 0) await wait(everyMs);
      controller.enqueue(body.subarray(at, at + size));
      at += size;
      if (at >= body.length) controller.close();
    },
  });
  const { status, headers } = response;
  return new Response(stream, { status, headers });
}

async function swapId(response: Response, id: string): Promise<Response> {
  const body = await response.json();
  const swapped = typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body, id } : body;
  const { status, headers } = response;
  return new Response(JSON.stringify(swapped), { status, headers });
}

function plain({
  status,
  headers = {},
  body,
}: Extract<FaultAction, { status: number; body?: unknown }>): Response {
  const empty = body === undefined || status === 204 || status === 304;
  const content = empty ? null : typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain" : "application/json";
  return new Response(content, { status, headers: { ...(!empty && { "Content-Type": type }), ...headers } });
}
