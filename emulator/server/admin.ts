import { z } from "zod";
import { badRequest } from "../errors";
import { clearOutbox, sentMessages } from "../gateway/outbox";
import { presentGroup } from "../operations/present";
import { faultSchema } from "./faults";
import { json, nothing, type Exchange, type Router } from "./http";
import type { Surroundings } from "./surroundings";

export const adminPrefix = "/emulator/v1";

/** The emulator's own routes: what a test watches and steers it by. */
export function addAdminRoutes(router: Router, { state, requests, faults, kill }: Surroundings): void {
  const on = (method: string, path: string, answer: (exchange: Exchange) => unknown) =>
    router.on(method, adminPrefix + path, async (exchange) => json(await answer(exchange)));
  const clear = (path: string, act: () => void) =>
    router.on("DELETE", adminPrefix + path, () => {
      act();
      return nothing(204);
    });
  on("GET", "/requests", () => requests.all());
  clear("/requests", () => requests.clear());
  on("GET", "/faults", () => faults.all());
  clear("/faults", () => faults.clear());
  router.on("POST", `${adminPrefix}/faults`, async (exchange) => {
    const fault = faultSchema.safeParse(parsed(await exchange.body()));
    if (!fault.success) throw badRequest(z.prettifyError(fault.error));
    if ("kill" in fault.data.action && kill === undefined)
      throw badRequest("Only an emulator that runs as a command can be killed.");
    return json(faults.add(fault.data), 201);
  });
  on("GET", "/groups", () => [...state.store.groups.entries()].map(({ value }) => presentGroup(value)));
  on("GET", "/outbox", () => sentMessages(state));
  clear("/outbox", () => clearOutbox(state));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
