import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from ".";
import { gatewayWire } from "../tests/clients/gateway";
import { basic } from "../tests/clients/wire";

const folder = mkdtempSync(join(tmpdir(), "emulator-test-"));
const children: ChildProcess[] = [];
const argumentsOf = (options: string[]) => [
  "-r",
  join(__dirname, "../tests/clients/typescript.js"),
  join(__dirname, "command.ts"),
  ...options,
];

afterAll(() => {
  for (const child of children) {
    child.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command until it says "ready" or ends. */
const run = (...options: string[]) => runBy([process.execPath, ...argumentsOf(options)]);

async function runBy([program = "", ...args]: string[], env = process.env) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
  children.push(child);
  const ended = once(child, "close").then(([code]) => code as number | null);
  let [output, errors] = ["", ""];
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.endsWith("ready\n") || output.includes("started\n")) {
        resolve();
      }
    });
  });
  await Promise.race([ready, ended]);
  const url = /http:\/\/\S+:\d+/.exec(output)?.[0] ?? "";
  return { child, ended, url, output, errors: () => errors };
}

const authorization = basic("petra@petra-corp.example", "emulator-password");
const call = async (
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = { Authorization: authorization },
) => {
  const response = await fetch(`${url}/rest/v2${path}`, { method, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("the command", () => {
  test("says how to log in to each environment of a seed with several", async () => {
    const seed = join(process.cwd(), "examples/transfer/seed.json");
    const { output, child, ended } = await run(
      "--port",
      "0",
      "--data",
      join(folder, "several"),
      "--seed",
      seed,
    );
    expect(output).toContain(
      `export COCKPIT_ENVIRONMENTS='{"ic-petra-corp":{"id":"ic-petra-corp","username":"ada@petra.example","password":"emulator-password-1"},"ic-clinic-group":{"id":"ic-clinic-group","username":"bo@clinic.example","password":"emulator-password-2"}}'`,
    );
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("says how to log in, keeps every acknowledged write through kill -9, and goes on where it was", async () => {
    const data = join(folder, "killed");
    const first = await run("--port", "0", "--data", data);
    for (const line of [
      `pulumi config set cockpit:url ${first.url}`,
      "--secret cockpit:password",
      "export COCKPIT_USERNAME=",
      `pulumi config set cockpit:gatewayUrl ${first.url}/msggtw`,
      `export COCKPIT_GATEWAY_URL=${first.url}/msggtw`,
    ]) {
      expect(first.output).toContain(line);
    }

    const login = await fetch(`${first.url}/rest/v2/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "petra@petra-corp.example", password: "emulator-password" }),
    });
    const { token } = (await login.json()) as { token: string };
    await call(first.url, "POST", "/group/ic-app/application?name=App");
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let at = 0; ; at++) {
        const id = `ic-db-${String(at).padStart(5, "0")}`;
        await call(first.url, "POST", `/group/${id}/database?name=Db&superGroup=ic-app`);
        acknowledged.push(id);
        if (acknowledged.length === 200) {
          first.child.kill("SIGKILL");
        }
      }
    })();
    await expect(writing).rejects.toThrow();
    await first.ended;

    const second = await run("--port", "0", "--data", data);
    const { body } = await call(second.url, "GET", "/group/ic-app/children?limit=1000", {
      Authorization: `Bearer ${token}`,
    });
    const ids = (body.rows as { id: string }[]).map(({ id }) => id);
    expect(ids.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(ids.length - acknowledged.length).toBeLessThanOrEqual(1);

    const third = await run("--port", "0", "--data", data);
    expect(await third.ended).toBe(1);
    expect(third.errors()).toContain("in use by another emulator");
    await expect(startEmulator({ data })).rejects.toThrow(/in use by another emulator/);

    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  }, 30_000);

  test("can be told to die when a write is committed and not answered", async () => {
    const data = join(folder, "dying");
    const first = await run("--port", "0", "--data", data);
    await fetch(`${first.url}/emulator/v1/faults`, {
      method: "POST",
      body: JSON.stringify({ method: "POST", path: "**", phase: "after", action: { kill: true } }),
    });
    await expect(call(first.url, "POST", "/group/ic-app/application?name=App")).rejects.toThrow();
    await first.ended;
    const emulator = await startEmulator({ data });
    expect(emulator.groups().map(({ id }) => id)).toContain("ic-app");
    await emulator.close();
  }, 30_000);

  test("keeps the message gateway's side through kill -9 too: a code that was sent can be validated", async () => {
    const data = join(folder, "gateway-killed");
    const first = await run("--port", "0", "--data", data);
    const environment = "ic-petra-corp-3f2b7c1e-8d4a-4e6b-9a51-0c7d2e4f6a80";
    const wireTo = (url: string) =>
      gatewayWire({
        url,
        environmentId: environment,
        username: "petra@petra-corp.example",
        password: "emulator-password",
      });
    const { gateway, createProcess, start } = wireTo(first.url);
    await call(first.url, "POST", "/group/ic-db/database?name=Db");
    const { body: spec } = await gateway("POST", "/spec", { body: { demo: true } });
    const texts = { subject: "{{it.validationCode}}", body: "<p>Hi</p>" };
    const { body: process } = await createProcess("patient", "ic-db", texts);
    const { requestId } = await start(String(process.id), { email: "anais@example.com" });
    first.child.kill("SIGKILL");
    await first.ended;

    const second = await run("--port", "0", "--data", data);
    const again = wireTo(second.url);
    expect((await again.gateway("GET", "/spec")).body).toEqual(spec);
    expect((await again.gateway("GET", "/process?groupId=ic-db")).body).toEqual([process]);
    const outbox = (await (await fetch(`${second.url}/emulator/v1/outbox`)).json()) as { subject: string }[];
    expect(outbox).toMatchObject([{ to: "anais@example.com" }]);
    expect((await again.validate(requestId, outbox[0]?.subject ?? "")).status).toBe(200);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  }, 30_000);

  test("keeps all that it has acknowledged when the disk is full, and writes nothing after that", async () => {
    const data = join(folder, "full");
    // A limit of the shell for the size of files stands for a disk of that size.
    const limited = ["sh", "-c", 'ulimit -f 16; exec "$0" "$@"', process.execPath];
    const first = await runBy([...limited, ...argumentsOf(["--port", "0", "--data", data])]);
    const statuses: number[] = [];
    let last: Record<string, unknown> = {};
    for (let at = 0; statuses.filter((status) => status !== 200).length < 3; at++) {
      const { status, body } = await call(first.url, "POST", `/group/ic-app-${at}/application?name=App`);
      statuses.push(status);
      last = body;
    }
    const acknowledged = statuses.filter((status) => status === 200).length;
    expect(acknowledged).toBeGreaterThan(3);
    expect(statuses.slice(acknowledged)).toEqual([507, 507, 507]);
    expect(last.message).toMatch(
      /^The emulator can't write its data file .*journal: .*\. Everything acknowledged so far is kept, and nothing more is written\./,
    );
    expect((await call(first.url, "GET", "/group/ic-app-0")).status).toBe(200);
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    const again = await startEmulator({ data });
    expect(again.groups().filter(({ id }) => id?.startsWith("ic-app-"))).toHaveLength(acknowledged);
    await again.close();
  }, 30_000);

  test.each<[string, NodeJS.Signals]>([
    ["SIGTERM", "SIGTERM"],
    ["SIGKILL", "SIGKILL"],
  ])(
    "ends when the npm that started it gets %s, which reaches its shell at most",
    async (_name, signal) => {
      // As npx does it: npm waits for a shell, and the shell for the command.
      const npm = `
      const { spawn } = require("node:child_process");
      const shell = spawn("sh", ["-c", '"$0" "$@"; exit $?', ...process.argv.slice(1)], { stdio: "inherit" });
      process.on("SIGTERM", () => shell.kill("SIGTERM"));
      shell.on("exit", () => process.exit(1));`;
      const args = argumentsOf(["--port", "0", "--data", join(folder, `npx-${signal}`)]);
      const env = { ...process.env, npm_lifecycle_script: "'cockpit-emulator'" };
      const { child, url, ended } = await runBy(
        [process.execPath, "-e", npm, process.execPath, ...args],
        env,
      );
      expect((await fetch(url)).status).toBe(200);
      child.kill(signal);
      // The pipe of its output closes with the last process that has it.
      await ended;
      await expect(fetch(url)).rejects.toThrow();
    },
    30_000,
  );

  test("runs a command with an emulator of its own, passes its exit code on, and is gone then", async () => {
    const script = `
      const { COCKPIT_URL, COCKPIT_GATEWAY_URL, COCKPIT_USERNAME, COCKPIT_PASSWORD, COCKPIT_ENVIRONMENT } = process.env;
      const authorization = "Basic " + Buffer.from(COCKPIT_USERNAME + ":" + COCKPIT_PASSWORD).toString("base64");
      fetch(COCKPIT_URL + "/rest/v2/group", { headers: { authorization } }).then(({ status }) => {
        console.log(JSON.stringify({ status, COCKPIT_URL, COCKPIT_GATEWAY_URL, COCKPIT_ENVIRONMENT }));
        process.exit(7);
      });`;
    const command = argumentsOf(["exec", "--", process.execPath, "-e", script]);
    const env = { ...process.env, COCKPIT_URL: "http://127.0.0.1:1", COCKPIT_ENVIRONMENT: "ic-elsewhere" };
    const { output, ended } = await runBy([process.execPath, ...command], env);
    expect(await ended).toBe(7);
    const { COCKPIT_URL: url, ...rest } = JSON.parse(output) as Record<string, string>;
    expect(rest).toEqual({ status: 200, COCKPIT_GATEWAY_URL: `${url}/msggtw` });
    await expect(fetch(String(url))).rejects.toThrow();
  }, 30_000);

  test("ends a command that it runs, and what that has started, when it is killed itself", async () => {
    const script = `sh -c 'echo started; sleep 60' & echo $!; wait`;
    const { child, ended } = await runBy([
      process.execPath,
      ...argumentsOf(["exec", "--", "sh", "-c", script]),
    ]);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
  }, 30_000);

  test("explains itself and what won't do, in one sentence each", async () => {
    const help = await run("--help");
    expect([await help.ended, help.output.startsWith("cockpit-emulator")]).toEqual([0, true]);

    const running = await startEmulator();
    const badSeed = join(folder, "bad.json");
    writeFileSync(
      badSeed,
      JSON.stringify({ environments: [{ id: "not good", name: "x", administrators: [] }], clusers: [] }),
    );
    const attempts: [string[], RegExp][] = [
      [["--port", String(running.port)], /Port \d+ of 127\.0\.0\.1 is in use/],
      [["--port", "many"], /--port takes a number/],
      [["--prot", "1"], /--prot/],
      [["start"], /"start" is not understood/],
      [["exec"], /exec takes a command after --/],
      [["exec", "--", "no-such-command"], /^There is no command no-such-command\.\n$/],
      [["--host", "0.0.0.0"], /lets other machines in/],
      [["--seed", join(folder, "none.json")], /can't be read/],
      [["--seed", join(folder, "\u001b[2J\u202e.json")], /\/\\u\{1b\}\[2J\\u\{202e\}\.json.* can't be read/],
      [["--seed", badSeed], /environments\[0\]\.id: digits[\s\S]*administrators[\s\S]*clusers/],
    ];
    for (const [options, message] of attempts) {
      const failed = await run("--data", join(folder, "unused"), ...options);
      expect([await failed.ended, failed.errors()]).toEqual([1, expect.stringMatching(message)]);
      expect(failed.errors()).not.toContain("    at ");
    }
    await running.close();
  }, 30_000);
});

describe("a seed", () => {
  test("adds what a folder doesn't have yet and leaves the rest", async () => {
    const data = join(folder, "seeded");
    const place = (id: string) => ({
      id,
      name: id,
      administrators: [{ login: `${id}-admin`, password: "a-password" }],
    });
    const first = await startEmulator({ data, seed: { environments: [place("one")], clusters: ["here"] } });
    expect(first).toMatchObject({ environmentId: "one", username: "one-admin", password: "a-password" });
    await call(first.url, "PUT", "/group/one/name/Renamed", {
      Authorization: basic("one-admin", "a-password"),
    });
    await first.close();
    await first.close();

    const second = await startEmulator({ data });
    expect(second).toMatchObject({ environmentId: "one", username: "one-admin" });
    expect(second.groups()).toMatchObject([{ id: "one", name: "Renamed", servers: ["here"] }]);
    await second.close();

    const third = await startEmulator({ data, seed: { environments: [place("one"), place("two")] } });
    expect(third.groups()).toMatchObject([{ id: "one", name: "Renamed" }, { id: "two" }]);
    await third.close();
  });

  test("isn't needed, and nothing is left behind then", async () => {
    const emulator = await startEmulator();
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await emulator.close();
    await expect(fetch(emulator.url)).rejects.toThrow();
  });

  test("may hold external services, checked like those that are sent", async () => {
    const environment = {
      id: "one",
      name: "one",
      administrators: [{ login: "admin", password: "a-password" }],
    };
    const seeded = await startEmulator({
      seed: { environments: [{ ...environment, externalServices: { demo: true } }] },
    });
    expect((await gatewayWire(seeded).gateway("GET", "/spec")).body).toMatchObject({ demo: true });
    await seeded.close();
    const bad = { email: { type: "smtp", host: "h", user: "u", password: "" } } as const;
    const starting = startEmulator({ seed: { environments: [{ ...environment, externalServices: bad }] } });
    await expect(starting).rejects.toThrow(/externalServices\.email\.password/);
  });
});
