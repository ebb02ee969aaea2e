import { startEmulator, type Emulator, type Fault } from "..";
import { wire } from "../../tests/clients/wire";

let emulator: Emulator;
let http: ReturnType<typeof wire>;

beforeAll(async () => {
  emulator = await startEmulator();
  http = wire(emulator);
});
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

let createNode = 0;
const create = (id = `ic-app-${++createNode}`) => http.call("POST", `/group/${id}/application?name=App`);
const exists = (id: string) => emulator.groups().some((group) => group.id === id);
const posts = { method: "POST", path: "/rest/*/group/*/application" };

describe("a fault", () => {
  test("before the operation keeps it from happening, after it hides that it happened", async () => {
    emulator.addFault({ ...posts, times: 1, action: { drop: true } });
    await expect(create("ic-before")).rejects.toThrow();
    expect(exists("ic-before")).toBe(false);
    emulator.addFault({ ...posts, times: 1, phase: "after", action: { drop: true } });
    await expect(create("ic-after")).rejects.toThrow();
    expect(exists("ic-after")).toBe(true);
    expect(emulator.faults()).toMatchObject([
      { matches: 2, hits: 1 },
      { matches: 1, hits: 1 },
    ]);
  });

  test.each<[string, Partial<Fault>, number[]]>([
    ["the second only", { nth: 2 }, [200, 503, 200, 200]],
    ["all but the first", { after: 1 }, [200, 503, 503, 503]],
    ["two after the first", { after: 1, times: 2 }, [200, 503, 503, 200]],
    ["none of another method", { method: "PUT" }, [200, 200, 200, 200]],
    ["none of another path", { path: "/rest/v2/group" }, [200, 200, 200, 200]],
    ["those of an expression", { path: { regex: "group/ic-app-\\d+/app" } }, [503, 503, 503, 503]],
  ])("meets %s", async (_which, rule, statuses) => {
    emulator.addFault({ ...posts, ...rule, action: { status: 503 } });
    const seen: number[] = [];
    while (seen.length < statuses.length) {
      seen.push((await create()).status);
    }
    expect(seen).toEqual(statuses);
  });

  test("answers what it is told", async () => {
    emulator.addFault({
      times: 1,
      action: { status: 429, headers: { "Retry-After": "1" }, body: { message: "slow down" } },
    });
    const busy = await http.call("GET", "/group");
    expect([busy.status, busy.headers.get("Retry-After"), busy.body]).toEqual([
      429,
      "1",
      { message: "slow down" },
    ]);
    emulator.addFault({ times: 1, action: { redirect: "http://127.0.0.1:1/elsewhere" } });
    const moved = await http.call("GET", "/group");
    expect([moved.status, moved.headers.get("Location")]).toEqual([307, "http://127.0.0.1:1/elsewhere"]);
    for (const malformed of ["html", "json", "empty"] as const) {
      emulator.addFault({ times: 1, action: { malformed } });
      const answer = await http.call("GET", "/group");
      expect(answer.status).toBe(200);
      expect(() => JSON.parse(answer.text) as unknown).toThrow();
    }
    emulator.addFault({ times: 1, action: { swapId: "ic-other" } });
    expect((await http.call("GET", `/group/${emulator.environmentId}`)).body).toMatchObject({
      id: "ic-other",
      name: "Petra Corp",
    });
    emulator.addFault({ times: 1, phase: "after", action: { malformed: "html" } });
    emulator.addFault({ times: 1, action: { swapId: "ic-other" } });
    expect((await http.call("GET", "/group")).text).toContain("<html>");
  });

  test("spoils the way of the answer, not the answer", async () => {
    const whole = (await http.call("GET", "/group")).text;
    emulator.addFault({ times: 1, action: { cut: 10 } });
    await expect(http.call("GET", "/group")).rejects.toThrow();
    emulator.addFault({ times: 1, action: { drip: 50, everyMs: 1 } });
    expect((await http.call("GET", "/group")).text).toBe(whole);
    const start = Date.now();
    emulator.addFault({ times: 1, action: { delayMs: 60 } });
    expect((await http.call("GET", "/group")).text).toBe(whole);
    expect(Date.now() - start).toBeGreaterThanOrEqual(55);
  });

  test("can hang until the client gives up, and doesn't keep the emulator from closing", async () => {
    const own = await startEmulator();
    own.addFault({ action: { hang: true } });
    await expect(fetch(`${own.url}/rest/v2/group`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    const hanging = expect(fetch(`${own.url}/rest/v2/group`)).rejects.toThrow();
    while (own.requests().length < 2) {
      await new Promise(setImmediate);
    }
    await own.close();
    await hanging;
  });

  test("is checked when it is added, and a kill is for the command only", () => {
    expect(() => emulator.addFault({ action: { status: 9 } })).toThrow(/not valid/);
    expect(() => emulator.addFault({ path: { regex: "(" }, action: { drop: true } })).toThrow(
      /regular expression/,
    );
    expect(() => emulator.addFault({ action: { kill: true } })).toThrow(/command/);
  });
});

describe("the emulator's own routes", () => {
  test("take faults and tell their hits", async () => {
    const added = await http.send("POST", "/emulator/v1/faults", {
      as: false,
      body: { id: "mine", action: { status: 500 } },
    });
    expect(added).toMatchObject({ status: 201, body: { id: "mine", hits: 0 } });
    expect((await http.call("GET", "/group")).status).toBe(500);
    expect((await http.send("GET", "/emulator/v1/faults")).body).toMatchObject([{ id: "mine", hits: 1 }]);
    expect((await http.send("POST", "/emulator/v1/faults", { body: { action: {} } })).status).toBe(400);
    expect(
      (await http.send("POST", "/emulator/v1/faults", { body: { action: { kill: true } } })).status,
    ).toBe(400);
    await http.send("DELETE", "/emulator/v1/faults");
    expect((await http.call("GET", "/group")).status).toBe(200);
  });

  test("log requests without anything secret, and list every group", async () => {
    const { bearer, refresh } = await http.logIn();
    emulator.addFault({ id: "seen", nth: 2, path: "/rest/v2/group/*/name/*", action: { status: 500 } });
    const names = ["/group/ic-nope/name/a%20b", "/group/ic-nope/name/%F0%9F%90%95"];
    for (const path of names) {
      await http.call("PUT", `${path}?ts=1&token=planted-token`, {
        as: bearer,
        headers: { password: "planted-password" },
      });
    }
    const { text, body } = await http.send("GET", "/emulator/v1/requests");
    expect(body).toMatchObject([
      { method: "POST", path: "/rest/v2/auth/login", status: 200, time: expect.any(Number) as number },
      {
        method: "PUT",
        path: "/rest/v2/group/ic-nope/name/a%20b",
        query: { ts: "1" },
        status: 404,
        userId: "petra-administrator",
      },
      { path: "/rest/v2/group/ic-nope/name/%F0%9F%90%95", status: 500, faults: ["seen"] },
    ]);
    for (const secret of [emulator.password, bearer.slice(7), refresh, "planted"]) {
      expect(text).not.toContain(secret);
    }
    expect((await http.send("DELETE", "/emulator/v1/requests")).status).toBe(204);
    expect((await http.send("GET", "/emulator/v1/requests")).body).toEqual([]);
    expect((await http.send("GET", "/emulator/v1/groups")).text).toContain(emulator.environmentId);
  });
});

test("tells an embedding program of each request on arrival", async () => {
  const seen: string[] = [];
  const own = await startEmulator({ onRequest: ({ method, path }) => void seen.push(`${method} ${path}`) });
  await wire(own).call("GET", "/group");
  await own.close();
  expect(seen).toEqual(["GET /rest/v2/group"]);
});
