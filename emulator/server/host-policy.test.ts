import { request } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator, type Seed } from "..";
import { basic, wire } from "../../tests/clients/wire";
import { RequestLog } from "./requests";

let emulator: Emulator;
let http: ReturnType<typeof wire>;

beforeAll(async () => {
  emulator = await startEmulator({
    allowedOrigins: ["https://app.example"],
    allowedHosts: ["cockpit.example"],
  });
  http = wire(emulator);
});
beforeEach(() => emulator.clearRequests());
afterAll(() => emulator.close());

const own: Seed = {
  environments: [
    {
      id: "ic-own",
      name: "Own",
      administrators: [{ login: "ada@example.com", password: "nobody-else-knows" }],
    },
  ],
};
const admin = "/emulator/v1/faults";
const login = "/rest/v2/auth/login";

/** As a browser that was led here by another name. */
function statusFor(host: string, path: string, on = emulator): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: on.host, port: on.port, path, headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("a web page", () => {
  const preflight = (origin: string, path: string) =>
    http.send("OPTIONS", path, {
      as: false,
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization",
      },
    });

  test.each([
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:5173",
    "http://app.localhost",
    "capacitor://localhost",
    "https://app.example",
  ])("of %s may use the API, the gateway and the emulator's own routes, with its login", async (origin) => {
    for (const path of [login, "/msggtw/x/challenge", admin]) {
      const { status, headers } = await preflight(origin, path);
      expect(status).toBe(204);
      expect(Object.fromEntries(headers)).toMatchObject({
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": expect.stringContaining("DELETE") as string,
        "access-control-allow-headers": "content-type,authorization",
        vary: "Origin",
      });
    }
    const headers = { Origin: origin };
    for (const answer of [
      await http.call("GET", `/group/${emulator.environmentId}`, { headers }),
      await http.call("GET", "/group/ic-none", { headers }),
      await http.send("GET", "/msggtw/x/challenge", { as: false, headers }),
    ]) {
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(origin);
      expect(answer.headers.get("Access-Control-Expose-Headers")).toMatch(
        /Icure-Minimum-Required-Auth-Level/,
      );
    }
    expect(emulator.requests().map(({ method }) => method)).not.toContain("OPTIONS");
  });

  test.each(["https://evil.example", "http://localhost.evil.example", "null", "https://app.example:444"])(
    "of %s may not, with credentials or without, and nothing happens",
    async (origin) => {
      const headers = { Origin: origin };
      const attempts = [
        await preflight(origin, login),
        await http.call("POST", "/group/ic-evil/application?name=Evil", { headers }),
        await http.send("POST", login, { as: false, headers, body: { username: "x", password: "y" } }),
        await http.send("POST", admin, {
          as: false,
          headers,
          body: JSON.stringify({ action: { drop: true } }),
        }),
        await http.send("GET", "/emulator/v1/outbox", { as: false, headers }),
      ];
      for (const { status, headers: answered, body } of attempts) {
        expect(status).toBe(403);
        expect(answered.get("Access-Control-Allow-Origin")).toBeNull();
        expect(body.message).toMatch(/may not use this emulator.*--allow-origin https?:/);
      }
      expect(emulator.groups().map(({ id }) => id)).not.toContain("ic-evil");
      expect(emulator.faults()).toEqual([]);
    },
  );

  test.each(["/rest/v2/group", admin, "/"])(
    "can't lead its own name to %s; addresses, names without a dot and those of an option can",
    async (path) => {
      const well = path === "/rest/v2/group" ? 401 : 200;
      for (const name of ["evil.example", `evil.example:${emulator.port}`, "127.0.0.1.evil.example"]) {
        expect([name, await statusFor(name, path)]).toEqual([name, 403]);
      }
      for (const name of [
        "localhost",
        `127.0.0.1:${emulator.port}`,
        "192.168.7.7",
        "[::1]:80",
        "cockpit",
        "Cockpit.Example:80",
      ]) {
        expect([name, await statusFor(name, path)]).toEqual([name, well]);
      }
    },
  );
});

describe("a tool that waits for it", () => {
  test.each(["GET", "HEAD"])("gets 200 to %s / without a trace in the log", async (method) => {
    const { status, headers, text } = await http.send(method, "/", { as: false });
    expect([status, headers.get("Content-Type")]).toEqual([200, "text/html;charset=UTF-8"]);
    expect(text.includes("It is ready")).toBe(method === "GET");
    expect(emulator.requests()).toEqual([]);
  });
});

describe("other machines", () => {
  test.each(["0.0.0.0", "::", ""])(
    "are not let in with the published password by the host %j",
    async (host) => {
      await expect(startEmulator({ host })).rejects.toThrow(
        /lets other machines in, and petra@petra-corp\.example has the password that everybody knows.*Give a seed/,
      );
    },
  );

  test("get in with a password of one's own; the emulator's own routes want it too, and it says so", async () => {
    const lines: string[] = [];
    const open = await startEmulator({ host: "0.0.0.0", seed: own, log: (line) => lines.push(line) });
    try {
      expect(lines).toEqual([expect.stringMatching(/listens on all addresses: other machines get in/)]);
      expect(open.url).toBe(`http://127.0.0.1:${open.port}`);
      expect(await statusFor("localhost", admin, open)).toBe(200);
      const elsewhere = Object.values(networkInterfaces())
        .flat()
        .find((one) => one !== undefined && !one.internal && one.family === "IPv4");
      if (elsewhere === undefined) {
        return console.warn("not tried from elsewhere: this machine has no other address");
      }
      const outside = wire({ ...open, url: `http://${elsewhere.address}:${open.port}` });
      expect((await outside.send("GET", admin, { as: false })).status).toBe(401);
      expect((await outside.send("GET", admin)).status).toBe(200);
      expect((await outside.call("GET", "/group")).status).toBe(200);
    } finally {
      await open.close();
    }
  });
});

describe("what is kept of requests", () => {
  test("has no secret, wherever it stood", async () => {
    const { bearer } = await http.logIn();
    const token = bearer.slice("Bearer ".length);
    await http.call("GET", `/group/${token}?password=hush&jwt=hush&validationCode=hush&name=${token}`);
    const seen = JSON.stringify(emulator.requests());
    expect(seen).toMatch(/\/group\/\*\*\*\*\*/);
    expect(seen).not.toContain("hush");
    expect(seen).not.toContain(token);
  });

  test("is bounded by number and by bytes, the oldest go first", () => {
    const entry = (path: string) => ({ time: 0, method: "GET", path, query: {}, status: 200 });
    const log = new RequestLog({ requests: 10, bytes: 10_000 });
    for (let at = 1; at <= 25; at++) {
      log.add(entry(String(at)));
    }
    expect(log.all().length).toBeLessThanOrEqual(10);
    expect(log.all().at(-1)?.path).toBe("25");
    for (let at = 0; at < 10; at++) {
      log.add(entry("x".repeat(2000)));
    }
    expect(log.all().length).toBeLessThanOrEqual(2);
  });

  test("is nothing of a body beyond 16 MiB, which is refused while the connection goes on", async () => {
    const body = JSON.stringify({ id: "big", name: "x".repeat(17 * 1024 * 1024) });
    const { status, body: answer } = await http.call("POST", "/user", { body });
    expect([status, answer.message]).toEqual([413, "A body may have 16777216 bytes at most."]);
    expect((await http.call("GET", "/group")).status).toBe(200);
  });
});

describe("a folder that is taken up with another seed", () => {
  test("tells the password that works", async () => {
    const data = mkdtempSync(join(tmpdir(), "emulator-seeds-"));
    const seedWith = (password: string): Seed => ({
      environments: [{ id: "one", name: "One", administrators: [{ login: "ada", password }] }],
    });
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    try {
      await (await startEmulator({ data, seed: seedWith("first-password"), log })).close();
      for (const seed of [seedWith("second-password"), undefined]) {
        const again = await startEmulator({ data, log, ...(seed && { seed }) });
        expect(again.password).toBe("first-password");
        expect((await wire(again).call("GET", "/group")).status).toBe(200);
        await again.close();
      }
      expect(lines).toEqual(["ada in one keeps the password that the data folder has, not the seed's."]);
      const changing = await startEmulator({ data, log });
      const { call } = wire(changing);
      const { body: user } = await call("GET", "/user/current");
      const changed = await call("PUT", "/user", { body: { ...user, passwordHash: "third-password" } });
      expect(changed.status).toBe(200);
      await changing.close();
      const last = await startEmulator({ data, log });
      expect(lines.at(-1)).toBe(
        "The password of ada in one was changed since, so the one that is told here does not work.",
      );
      expect((await wire(last).call("GET", "/group", { as: basic("ada", "third-password") })).status).toBe(
        200,
      );
      await last.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
