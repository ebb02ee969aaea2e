import { Hono } from "hono";
import { z } from "zod";
import { clearOutbox, sentMessages } from "../gateway/outbox";
import { presentGroup } from "../operations/present";
import type { Environment, Surroundings } from "./app";
import { faultSchema } from "./faults";

/** The emulator's own routes: what a test watches and steers it by. No login: whoever reaches the port may. */
export function adminRoutes({ state, requests, faults, kill }: Surroundings): Hono<Environment> {
  const routes = new Hono<Environment>();
  routes.get("/requests", (context) => context.json(requests.all()));
  routes.delete("/requests", (context) => {
    requests.clear();
    return context.body(null, 204);
  });
  routes.get("/faults", (context) => context.json(faults.all()));
  routes.post("/faults", async (context) => {
    const given: unknown = await context.req.json().catch(() => undefined);
    const fault = faultSchema.safeParse(given);
    if (!fault.success) return context.json({ message: z.prettifyError(fault.error) }, 400);
    if ("kill" in fault.data.action && kill === undefined)
      return context.json({ message: "Only an emulator that runs as a command can be killed." }, 400);
    return context.json(faults.add(fault.data), 201);
  });
  routes.delete("/faults", (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  routes.get("/groups", (context) =>
    context.json([...state.store.groups.getRange()].map(({ value }) => presentGroup(value))),
  );
  routes.get("/outbox", (context) => context.json(sentMessages(state)));
  routes.delete("/outbox", (context) => {
    clearOutbox(state);
    return context.body(null, 204);
  });
  return routes;
}
