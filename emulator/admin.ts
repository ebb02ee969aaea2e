import { z } from "zod";
import { badRequest, forbidden, notFound } from "./contract/errors";
import { clearOutbox, sentMessages } from "./gateway/outbox";
import { presentGroup } from "./operations/present";
import { addPage } from "./page/files";
import { watch } from "./page/watch";
import type { State } from "./state/state";
import { authenticate } from "./server/authentication";
import { isLoopbackAddress } from "./server/host-policy";
import { faultSchema } from "./server/faults";
import { answeredByHand, json, nothing, type Exchange, type Outcome, type Router } from "./server/http";
import type { AppDependencies } from "./server/dependencies";

const adminPrefix = "/emulator/v1";

/** The emulator's own routes, by which tests observe and control it. Requests from this machine need no login. */
export function addAdminRoutes(router: Router, dependencies: AppDependencies): void {
  const { state, requests, faults, kill } = dependencies;
  const route = (
    method: string,
    path: string,
    answer: (exchange: Exchange, parameters: Record<string, string>) => Outcome | Promise<Outcome>,
  ) =>
    router.on(method, adminPrefix + path, async (exchange, parameters) => {
      await requireAdministratorFromElsewhere(state, exchange);
      return answer(exchange, parameters);
    });
  const on = (method: string, path: string, answer: () => unknown) =>
    route(method, path, () => json(answer()));
  const clear = (path: string, act: () => void) =>
    route("DELETE", path, () => {
      act();
      return nothing(204);
    });
  addPage(router);
  route("GET", "/watch", ({ method, outgoing }) => {
    if (method === "HEAD") {
      return nothing(200);
    }
    watch(dependencies, outgoing);
    return answeredByHand;
  });
  on("GET", "/requests", () => requests.all());
  clear("/requests", () => requests.clear());
  on("GET", "/faults", () => faults.all());
  clear("/faults", () => faults.clear());
  route("POST", "/faults", async (exchange) => {
    const fault = faultSchema.safeParse(parsed(await exchange.body()));
    if (!fault.success) {
      throw badRequest(z.prettifyError(fault.error));
    }
    if ("kill" in fault.data.action && kill === undefined) {
      throw badRequest("Only an emulator that runs as a command can be killed.");
    }
    return json(faults.add(fault.data), 201);
  });
  route("DELETE", "/faults/:id", (_exchange, { id = "" }) => {
    if (!faults.remove(id)) {
      throw notFound(`There is no fault ${id}.`);
    }
    return nothing(204);
  });
  on("GET", "/groups", () =>
    [...state.store.groups.entries()].map(({ value }) => presentGroup(state, value)),
  );
  on("GET", "/outbox", () => sentMessages(state));
  clear("/outbox", () => clearOutbox(state));
}

async function requireAdministratorFromElsewhere(state: State, exchange: Exchange): Promise<void> {
  if (isLoopbackAddress(exchange.incoming.socket.remoteAddress ?? "")) {
    return;
  }
  const { isAdmin } = await authenticate(state, exchange.header("Authorization"));
  if (!isAdmin) {
    throw forbidden("From another machine these routes are an administrator's only.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
