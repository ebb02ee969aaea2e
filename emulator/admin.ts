import { z } from "zod";
import { badRequest, forbidden } from "./contract/errors";
import { clearOutbox, sentMessages } from "./gateway/outbox";
import { presentGroup } from "./operations/present";
import type { State } from "./state/state";
import { authenticate } from "./server/authentication";
import { isLoopbackAddress } from "./server/doors";
import { faultSchema } from "./server/faults";
import { json, nothing, type Answer, type Exchange, type Router } from "./server/http";
import type { Surroundings } from "./server/surroundings";

export const adminPrefix = "/emulator/v1";

/** The emulator's own routes: what a test watches and steers it by. Whoever is on this machine needs no login. */
export function addAdminRoutes(router: Router, { state, requests, faults, kill }: Surroundings): void {
  const route = (method: string, path: string, answer: (exchange: Exchange) => Answer | Promise<Answer>) =>
    router.on(method, adminPrefix + path, async (exchange) => {
      await requireAdministratorFromElsewhere(state, exchange);
      return answer(exchange);
    });
  const on = (method: string, path: string, answer: () => unknown) =>
    route(method, path, () => json(answer()));
  const clear = (path: string, act: () => void) =>
    route("DELETE", path, () => {
      act();
      return nothing(204);
    });
  router.on("GET", "/", () => page);
  on("GET", "/requests", () => requests.all());
  clear("/requests", () => requests.clear());
  on("GET", "/faults", () => faults.all());
  clear("/faults", () => faults.clear());
  route("POST", "/faults", async (exchange) => {
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

async function requireAdministratorFromElsewhere(state: State, exchange: Exchange): Promise<void> {
  if (isLoopbackAddress(exchange.incoming.socket.remoteAddress ?? "")) return;
  const { isAdmin } = await authenticate(state, exchange.header("Authorization"));
  if (!isAdmin) throw forbidden("From another machine these routes are an administrator's only.");
}

/** What a person sees who opens the address, and a tool that waits for the emulator. */
const page: Answer = {
  status: 200,
  headers: { "Content-Type": "text/html;charset=UTF-8" },
  body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Cockpit emulator</title>
<h1>Cockpit emulator</h1>
<p>It is ready. The API is at <code>/rest/v2</code>, the message gateway at <code>/msggtw</code>.</p>
<ul>
<li><a href="/emulator/v1/groups">environments, solutions and databases</a></li>
<li><a href="/emulator/v1/requests">requests</a></li>
<li><a href="/emulator/v1/faults">faults</a></li>
<li><a href="/emulator/v1/outbox">messages that were sent</a></li>
</ul>
</html>
`,
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
