import { setTimeout as wait } from "node:timers/promises";
import type { FaultAction } from "../state/options";
import { answeredByHand, type Answer, type Exchange } from "./http";

/**
 * Carries out a fault. Returns the answer to go on with, or that there is nothing left to answer.
 * Before the operation there is no `answer` yet; actions that spoil one then let the request pass.
 */
export async function applyFault(
  action: FaultAction,
  answer: Answer | undefined,
  exchange: Exchange,
  kill: () => void,
): Promise<Answer | undefined | typeof answeredByHand> {
  if ("delayMs" in action) {
    await Promise.race([wait(action.delayMs), closed(exchange)]);
    return answer;
  }
  if ("drop" in action) {
    return destroy(exchange);
  }
  if ("hang" in action) {
    await closed(exchange);
    return answeredByHand;
  }
  if ("kill" in action) {
    kill();
    return destroy(exchange);
  }
  if ("redirect" in action) {
    return { status: action.status ?? 307, headers: { Location: action.redirect }, body: "" };
  }
  if ("malformed" in action) {
    return malformed(action.malformed, action.status ?? 200);
  }
  if ("cut" in action) {
    return answer && cut(answer, action.cut, exchange);
  }
  if ("drip" in action) {
    return answer && drip(answer, action.drip, action.everyMs, exchange);
  }
  if ("swapId" in action) {
    return answer && swapId(answer, action.swapId);
  }
  return fixedAnswer(action);
}

/** Whether an action needs the operation's answer, and so can't act before it. */
export const needsAnswer = (action: FaultAction) => "cut" in action || "drip" in action || "swapId" in action;

const closed = ({ outgoing }: Exchange) =>
  new Promise<void>((resolve) => {
    if (outgoing.destroyed) {
      resolve();
    }
    outgoing.once("close", resolve);
  });

function destroy({ outgoing }: Exchange): typeof answeredByHand {
  outgoing.destroy();
  return answeredByHand;
}

function malformed(kind: "html" | "json" | "empty", status: number): Answer {
  if (kind === "html") {
    return {
      status,
      headers: { "Content-Type": "text/html" },
      body: "<html><body><h1>Bad gateway</h1></body></html>",
    };
  }
  return {
    status,
    headers: { "Content-Type": "application/json" },
    body: kind === "json" ? '{"id":"' : "",
  };
}

async function cut(answer: Answer, bytes: number, exchange: Exchange): Promise<typeof answeredByHand> {
  const { outgoing } = exchange;
  const body = Buffer.from(answer.body);
  outgoing.writeHead(answer.status, { ...answer.headers, "Content-Length": body.length });
  outgoing.flushHeaders();
  outgoing.write(body.subarray(0, bytes), () => outgoing.destroy());
  await closed(exchange);
  return answeredByHand;
}

async function drip(
  answer: Answer,
  size: number,
  everyMs: number,
  exchange: Exchange,
): Promise<typeof answeredByHand> {
  const { outgoing } = exchange;
  const body = Buffer.from(answer.body);
  outgoing.writeHead(answer.status, answer.headers);
  const gone = closed(exchange);
  for (let at = 0; at < body.length && !outgoing.destroyed; at += size) {
    if (at > 0) {
      await Promise.race([wait(everyMs), gone]);
    }
    outgoing.write(body.subarray(at, at + size));
  }
  outgoing.end();
  return answeredByHand;
}

/** Leaves an answer alone of which another fault has left no JSON. */
function swapId(answer: Answer, id: string): Answer {
  let body: unknown;
  try {
    body = JSON.parse(answer.body);
  } catch {
    return answer;
  }
  const swapped = typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body, id } : body;
  return { ...answer, body: JSON.stringify(swapped) };
}

function fixedAnswer({
  status,
  headers = {},
  body,
}: Extract<FaultAction, { status: number; body?: unknown }>): Answer {
  const empty = body === undefined || status === 204 || status === 304;
  const content = empty ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain" : "application/json";
  return { status, headers: { ...(!empty && { "Content-Type": type }), ...headers }, body: content };
}
