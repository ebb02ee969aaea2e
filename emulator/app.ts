import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { ApiError, badRequest } from "./contract/errors";
import { gatewayRoutes } from "./gateway";
import { operations } from "./operations";
import type { State } from "./state/state";
import { addAdminRoutes } from "./admin";
import { authenticate } from "./server/authentication";
import { assertAllowed } from "./server/host-policy";
import { applyFault, needsAnswer } from "./server/fault-actions";
import type { FiringFault } from "./server/faults";
import {
  answeredByHand,
  Exchange,
  json,
  nothing,
  Router,
  writeAnswer,
  type Answer,
  type Outcome,
} from "./server/http";
import { Reply, type Operation } from "./server/operation";
import { loggable, loggablePath, type LoggedRequest } from "./server/requests";
import type { AppDependencies } from "./server/dependencies";

/** The message gateway shares the port; published test stacks serve theirs under this path. */
export const gatewayPrefix = "/msggtw";

/** Answers a request; the promise ends with it and never fails. */
export type App = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export function createApp(dependencies: AppDependencies): App {
  const { state } = dependencies;
  const admin = new Router();
  addAdminRoutes(admin, dependencies);
  const router = new Router();
  for (const operation of operations) {
    for (const version of ["/rest/v2", "/rest/v1"]) {
      router.on(operation.method, version + operation.path, (exchange, path) =>
        serve(state, operation, exchange, path),
      );
    }
  }
  const everyGatewayRoute = state.settings.assumptions.gateway === "full";
  for (const { mark, operation } of gatewayRoutes) {
    if (everyGatewayRoute || mark === "published") {
      router.on(operation.method, gatewayPrefix + operation.path, (exchange, path) =>
        serve(state, operation, exchange, path),
      );
    }
  }
  const notThere = ({ method, path }: Exchange) =>
    everyGatewayRoute || !path.startsWith(`${gatewayPrefix}/`)
      ? errorAnswer(404, `There is no ${method} ${path}.`)
      : unknownPage;
  const find = (routes: Router, exchange: Exchange) => async () => {
    try {
      return await (routes.find(exchange) ?? notThere)(exchange);
    } catch (error) {
      if (exchange.outgoing.destroyed) {
        return answeredByHand;
      }
      return answerTo(error, dependencies);
    }
  };
  return async (incoming, outgoing) => {
    const exchange = new Exchange(incoming, outgoing);
    try {
      const preflight = assertAllowed(exchange, dependencies.hostPolicy);
      if (preflight !== undefined) {
        return writeAnswer(exchange, preflight);
      }
      const isAdmin = exchange.path === "/" || exchange.path.startsWith("/emulator/");
      const answer = await (isAdmin
        ? find(admin, exchange)()
        : withFaultsAndLog(dependencies, exchange, find(router, exchange)));
      if (answer !== answeredByHand) {
        writeAnswer(exchange, answer);
      }
    } catch (error) {
      if (!outgoing.destroyed) {
        writeAnswer(exchange, answerTo(error, dependencies));
      }
    }
  };
}

function answerTo(error: unknown, { log }: AppDependencies): Answer {
  if (error instanceof ApiError) {
    return errorAnswer(error.status, error.message, error.headers, error.details);
  }
  log(`The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return errorAnswer(500, "The emulator failed; its own log says how.");
}

function errorAnswer(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  details: Readonly<Record<string, unknown>> = {},
): Answer {
  const answer = json({ ...details, message }, status);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The answer of a gateway that doesn't know a route. */
const unknownPage: Answer = {
  status: 404,
  headers: { "Content-Type": "text/html;charset=UTF-8" },
  body: "<!doctype html><title>404</title><h1>Not Found</h1>",
};

/** Logs the request and lets the faults act before and after its operation. */
async function withFaultsAndLog(
  { requests, faults, onRequest, kill, log }: AppDependencies,
  exchange: Exchange,
  operate: () => Promise<Outcome>,
): Promise<Outcome> {
  const { method } = exchange;
  const [path, query] = [loggablePath(exchange.path), loggable(exchange.query)];
  const entry: LoggedRequest = { time: Date.now(), method, path, query, status: 0 };
  requests.add(entry);
  await onRequest?.({ method, path, query });
  const firing = faults.firing(method, exchange.path);
  if (firing.length > 0) {
    entry.faults = firing.map(({ id }) => id);
  }
  const askedToDie = kill ?? (() => log("A kill was asked of an emulator that isn't a command."));
  const applyFaults = (phase: FiringFault["phase"], answer: Answer | undefined) =>
    applyAll(firing, phase, answer, exchange, askedToDie);

  let answer = await applyFaults("before", undefined);
  if (answer === undefined) {
    const whole = await operate();
    if (exchange.userId !== undefined) {
      entry.userId = exchange.userId;
    }
    answer = whole === answeredByHand ? whole : ((await applyFaults("after", whole)) ?? whole);
  }
  if (answer !== answeredByHand) {
    entry.status = answer.status;
  }
  return answer;
}

async function applyAll(
  firing: readonly FiringFault[],
  phase: FiringFault["phase"],
  answer: Answer | undefined,
  exchange: Exchange,
  kill: () => void,
): Promise<Answer | undefined | typeof answeredByHand> {
  let current = answer;
  for (const fault of firing) {
    const due = needsAnswer(fault.action) ? "after" : fault.phase;
    if (due !== phase) {
      continue;
    }
    const outcome = await applyFault(fault.action, current, exchange, kill);
    if (outcome === answeredByHand) {
      return answeredByHand;
    }
    if (outcome !== undefined && phase === "before") {
      return outcome;
    }
    current = outcome;
  }
  return current;
}

async function serve(
  state: State,
  operation: Operation,
  exchange: Exchange,
  path: Record<string, string>,
): Promise<Answer> {
  const caller = operation.needsCaller
    ? await authenticate(state, exchange.header("Authorization"))
    : undefined;
  exchange.userId = caller?.userId;
  const input = {
    path,
    query: operation.query && validated(operation.query, exchange.query, "The query"),
    body: operation.body && validated(operation.body, await bodyOf(exchange), "The body"),
    header: (name: string) => exchange.header(name),
  };
  const run = () => operation.run(state, input, caller);
  const answer = await (operation.reads || !operation.needsCaller ? run() : state.store.write(run));
  if (answer instanceof Reply) {
    return nothing(answer.status);
  }
  if (typeof answer === "string") {
    return plainText(answer, exchange.header("Accept"));
  }
  const version = Number.parseInt(exchange.header("Cardinal-SDK-Version") ?? "", 10);
  return json(version >= 2 ? withoutEmptyFields(answer) : answer);
}

/** Kept though they are empty: pages, and what a user may do. */
const alwaysWritten = new Set(["rows", "roles"]);

/**
 * Published (kraken-common, SharedWebConfig): to clients that send a version from 2.0.0 on, empty fields are not written. These
 * parse strictly and stop at fields that their models leave out; older ones, and those that send none, get every field.
 */
function withoutEmptyFields(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutEmptyFields);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => alwaysWritten.has(key) || !isEmpty(each))
      .map(([key, each]) => [key, withoutEmptyFields(each)]),
  );
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);

/**
 * A single text is answered bare, never quoted: the API's framework does so for every type that is asked for, and the
 * published clients rely on it.
 */
function plainText(text: string, accept = "*/*"): Answer {
  const wantsJson = accept.includes("json") && !/\*\/\*|text\//.test(accept);
  const type = wantsJson ? "application/json" : "text/plain;charset=UTF-8";
  return { status: 200, headers: { "Content-Type": type }, body: text };
}

async function bodyOf(exchange: Exchange): Promise<unknown> {
  const text = await exchange.body();
  if (text === "") {
    return undefined;
  }
  if (!(exchange.header("Content-Type") ?? "").includes("json")) {
    throw new ApiError(415, "A body has to be of the type application/json.");
  }
  try {
    return withoutNulls(JSON.parse(text));
  } catch {
    throw badRequest("The body is not valid JSON.");
  }
}

/** Treats null fields as absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (typeof value !== "object" || value === null) {
    return value ?? undefined;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}

function validated<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${z.core.toDotPath(issue.path)}`;
  throw badRequest(`${what} is not as expected${where}: ${issue?.message ?? "it is wrong"}.`);
}
