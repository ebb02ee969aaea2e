import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type Context } from "hono";
import { z } from "zod";
import { ApiError, badRequest } from "../errors";
import { gatewayRoutes } from "../gateway";
import { operations } from "../operations";
import type { State } from "../state/state";
import { adminRoutes } from "./admin";
import { authenticate } from "./authentication";
import { act, answeredByHand, needsAnswer } from "./fault-actions";
import type { Faults, FiringFault } from "./faults";
import { Reply, type Operation } from "./operation";
import { loggable, loggablePath, type LoggedRequest, type RequestLog } from "./requests";

export interface Environment {
  Bindings: HttpBindings;
  Variables: { userId: string };
}

export interface Surroundings {
  state: State;
  requests: RequestLog;
  faults: Faults;
  /** Called when a request arrives, before anything is done with it. */
  onRequest?:
    ((request: Pick<LoggedRequest, "method" | "path" | "query">) => void | Promise<void>) | undefined;
  kill: (() => void) | undefined;
  log: (line: string) => void;
}

/** The message gateway shares the port; published test stacks serve theirs under this path. */
export const gatewayPrefix = "/msggtw";

const json = { "Content-Type": "application/json" };

export function createApp(surroundings: Surroundings): Hono<Environment> {
  const app = new Hono<Environment>();
  app.route("/emulator/v1", adminRoutes(surroundings));
  app.use("*", watch(surroundings));
  for (const operation of operations)
    for (const version of ["/rest/v2", "/rest/v1"])
      app.on(operation.method, version + operation.path, (context) =>
        serve(surroundings.state, operation, context),
      );
  const everyGatewayRoute = surroundings.state.settings.assumptions.gateway === "full";
  for (const { mark, operation } of gatewayRoutes)
    if (everyGatewayRoute || mark === "published")
      app.on(operation.method, gatewayPrefix + operation.path, (context) =>
        serve(surroundings.state, operation, context),
      );
  app.notFound((context) =>
    everyGatewayRoute || !context.req.path.startsWith(`${gatewayPrefix}/`)
      ? failure(404, `There is no ${context.req.method} ${context.req.path}.`)
      : unknownPage(),
  );
  app.onError((error) => {
    if (error instanceof ApiError) return failure(error.status, error.message, error.headers, error.details);
    surroundings.log(`The emulator failed: ${error.stack ?? error.message}`);
    return failure(500, "The emulator failed; its own log says how.");
  });
  return app;
}

const failure = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  details: Readonly<Record<string, unknown>> = {},
) => new Response(JSON.stringify({ ...details, message }), { status, headers: { ...json, ...headers } });

/** What a gateway that doesn't know a route may well answer. */
const unknownPage = () =>
  new Response("<!doctype html><title>404</title><h1>Not Found</h1>", {
    status: 404,
    headers: { "Content-Type": "text/html;charset=UTF-8" },
  });

/** Logs every request and lets the faults act before and after its operation. */
function watch({ requests, faults, onRequest, kill, log }: Surroundings) {
  return async (context: Context<Environment>, next: () => Promise<void>): Promise<Response | undefined> => {
    const { method } = context.req;
    // As on the wire: the router's own path is half decoded.
    const [path = ""] = (context.env.incoming.url ?? "").split("?");
    const query = loggable(context.req.query());
    const entry: LoggedRequest = { time: Date.now(), method, path: loggablePath(path), query, status: 0 };
    requests.add(entry);
    await onRequest?.({ method, path: entry.path, query });
    const firing = faults.firing(method, path);
    if (firing.length > 0) entry.faults = firing.map(({ id }) => id);
    const spoil = (phase: FiringFault["phase"], response: Response | undefined) =>
      applyAll(
        firing,
        phase,
        response,
        context,
        kill ?? (() => log("A kill was asked of an emulator that isn't a command.")),
      );

    let answer = await spoil("before", undefined);
    if (answer === undefined) {
      await next();
      const userId = context.get("userId") as string | undefined;
      if (userId !== undefined) entry.userId = userId;
      answer = await spoil("after", context.res);
    }
    if (answer === answeredByHand) return (context.res = RESPONSE_ALREADY_SENT);
    entry.status = answer?.status ?? 0;
    if (answer !== undefined && answer !== context.res) {
      context.res = undefined;
      context.res = answer;
    }
    return undefined;
  };
}

async function applyAll(
  firing: readonly FiringFault[],
  phase: FiringFault["phase"],
  response: Response | undefined,
  context: Context<Environment>,
  kill: () => void,
): Promise<Response | undefined | typeof answeredByHand> {
  let current = response;
  for (const fault of firing) {
    const due = needsAnswer(fault.action) ? "after" : fault.phase;
    if (due !== phase) continue;
    const outcome = await act(fault.action, current, context.env.outgoing, kill);
    if (outcome === answeredByHand) return answeredByHand;
    if (outcome !== undefined && phase === "before") return outcome;
    current = outcome;
  }
  return current;
}

async function serve(state: State, operation: Operation, context: Context<Environment>): Promise<Response> {
  const { req } = context;
  const caller = operation.needsCaller ? await authenticate(state, req.header("Authorization")) : undefined;
  if (caller !== undefined) context.set("userId", caller.userId);
  const input = {
    path: req.param(),
    query: operation.query && checked(operation.query, req.query(), "The query"),
    body: operation.body && checked(operation.body, await bodyOf(context), "The body"),
    header: (name: string) => req.header(name),
  };
  const run = () => operation.run(state, input, caller);
  const answer = await (operation.reads || !operation.needsCaller ? run() : state.store.write(run));
  if (answer instanceof Reply) return new Response(null, { status: answer.status });
  if (typeof answer === "string") return bareText(answer, req.header("Accept"));
  return new Response(JSON.stringify(answer), { headers: json });
}

/**
 * A single text is answered bare, never quoted: the API's framework does so for every type that is asked for, and the
 * published clients rely on it.
 */
function bareText(text: string, accept = "*/*"): Response {
  const wantsJson = accept.includes("json") && !/\*\/\*|text\//.test(accept);
  return new Response(text, { headers: wantsJson ? json : { "Content-Type": "text/plain;charset=UTF-8" } });
}

async function bodyOf(context: Context<Environment>): Promise<unknown> {
  const text = await context.req.text();
  if (text === "") return undefined;
  if (!(context.req.header("Content-Type") ?? "").includes("json"))
    throw new ApiError(415, "A body has to be of the type application/json.");
  try {
    return withoutNulls(JSON.parse(text));
  } catch {
    throw badRequest("The body is not valid JSON.");
  }
}

/** A field that is null is a field that isn't there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${z.core.toDotPath(issue.path)}`;
  throw badRequest(`${what} is not as expected${where}: ${issue?.message ?? "it is wrong"}.`);
}
