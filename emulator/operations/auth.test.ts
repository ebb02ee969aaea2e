import { createHmac, createPublicKey, verify } from "node:crypto";
import { startEmulator, type Emulator, type Seed } from "..";
import { basic, wire, type Json } from "../../tests/clients/wire";

const started: Emulator[] = [];
let ahead = 0;
const start = async (seed: Seed = {}) => {
  const emulator = await startEmulator({ seed, now: () => Date.now() + ahead });
  started.push(emulator);
  return { emulator, ...wire(emulator) };
};
beforeEach(() => {
  ahead = 0;
});
afterEach(() => Promise.all(started.splice(0).map((emulator) => emulator.close())));

const claimsOf = (token: unknown) => {
  const [, payload = ""] = String(token).split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Json;
};

describe("logging in", () => {
  test.each(["petra@petra-corp.example", "petra-administrator"])("takes the name %s", async (username) => {
    const { call, emulator } = await start();
    const { status, body } = await call("POST", "/auth/login", {
      as: false,
      body: { username, password: emulator.password },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.any(String) as string,
      refreshToken: expect.any(String) as string,
      successful: true,
    });
    expect(claimsOf(body.token)).toMatchObject({
      u: "petra-administrator",
      tac: 20,
      jwtD: 3600,
      exp: expect.any(Number) as number,
    });
  });

  test.each(["/", ":"])("takes a user id qualified by its group with %s, by Basic too", async (separator) => {
    const { call, emulator } = await start();
    const username = `${emulator.environmentId}${separator}petra-administrator`;
    expect(
      (await call("POST", "/auth/check", { as: false, body: { username, password: emulator.password } }))
        .status,
    ).toBe(204);
    expect(
      (await call("GET", "/user/current", { as: basic(username, emulator.password) })).body,
    ).toMatchObject({ id: "petra-administrator" });
  });

  test("with a Project ID means users of groups that have the same one, and no others", async () => {
    const { call, emulator } = await start();
    const { username, password } = emulator;
    await call("POST", "/group/ic-app/application?name=App&applicationId=com.example.app");
    for (const [id, projectId] of [
      ["ic-with", "&applicationId=com.example.app"],
      ["ic-without", ""],
    ]) {
      await call("POST", `/group/${id}/database?name=Db&superGroup=ic-app${projectId}`);
      const user = { id: "u", login: `user-of-${id}`, passwordHash: "a-long-password" };
      await call("POST", `/user/inGroup/${id}`, { body: user });
    }
    const statusOf = async (credentials: object, query: string) =>
      (await call("POST", `/auth/login${query}`, { as: false, body: credentials })).status;
    const userOf = (id: string) => ({ username: `user-of-${id}`, password: "a-long-password" });
    const wish = "?applicationId=com.example.app";
    expect(await statusOf(userOf("ic-with"), wish)).toBe(200);
    expect(await statusOf(userOf("ic-with"), "?applicationId=com.example.other")).toBe(401);
    expect(await statusOf(userOf("ic-without"), wish)).toBe(401);
    expect(await statusOf({ username, password }, wish)).toBe(401);
    expect(await statusOf(userOf("ic-without"), "")).toBe(200);
  });

  test("refuses wrong credentials with 401 and a message", async () => {
    const { call, emulator } = await start();
    for (const [username, password] of [
      [emulator.username, "wrong-password"],
      ["nobody@example.com", emulator.password],
    ]) {
      const answer = await call("POST", "/auth/login", { as: false, body: { username, password } });
      expect(answer).toMatchObject({ status: 401, body: { message: expect.any(String) as string } });
      expect(answer.headers.has("Icure-Minimum-Required-Auth-Level")).toBe(false);
    }
    expect((await call("GET", "/group", { as: false })).status).toBe(401);
    expect((await call("GET", "/group", { as: "Bearer nonsense" })).status).toBe(401);
  });

  test("refuses with 412 a password that fits and is too short, and a duration beyond the maximum", async () => {
    const { call } = await start({
      environments: [{ id: "e", name: "E", administrators: [{ login: "short", password: "abc" }] }],
    });
    const credentials = { username: "short", password: "abc" };
    expect((await call("POST", "/auth/login", { as: false, body: credentials })).status).toBe(412);
    expect(
      (await call("POST", "/auth/login?duration=99999999", { as: false, body: credentials })).status,
    ).toBe(400);
  });

  test("answers 429 after as many failures as the seed allows", async () => {
    const { call, emulator } = await start({ loginLimit: { attempts: 2, perSeconds: 60 } });
    const attempt = (password: string) =>
      call("POST", "/auth/login", { as: false, body: { username: emulator.username, password } });
    expect((await attempt("wrong")).status).toBe(401);
    expect((await attempt("wrong")).status).toBe(401);
    expect((await attempt(emulator.password)).status).toBe(429);
  });

  test("signs with the published key", async () => {
    const { call, logIn } = await start();
    const pem = (await call("GET", "/auth/publicKey/authJwt", { as: false })).text;
    const [head = "", payload = "", signature = ""] = (await logIn()).bearer
      .slice("Bearer ".length)
      .split(".");
    const fits = verify(
      "sha256",
      Buffer.from(`${head}.${payload}`),
      createPublicKey(pem),
      Buffer.from(signature, "base64url"),
    );
    expect(fits).toBe(true);
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({
      alg: "RS256",
      kid: expect.any(String) as string,
    });
  });
});

describe("tokens", () => {
  test("expire, and a refresh gives a new one only", async () => {
    const { call, emulator } = await start({ tokens: { clockSkewSeconds: 3600 } });
    const { body } = await call("POST", "/auth/login?duration=1", {
      as: false,
      body: { username: emulator.username, password: emulator.password },
    });
    expect(claimsOf(body.token)).toMatchObject({ jwtD: 1 });
    const refreshed = await call("POST", "/auth/refresh", {
      as: false,
      headers: { "Refresh-Token": `Bearer ${String(body.refreshToken)}` },
    });
    expect(Object.keys(refreshed.body).sort()).toEqual(["successful", "token"]);
    expect((await call("GET", "/group", { as: `Bearer ${String(refreshed.body.token)}` })).status).toBe(200);
  });

  test("that have expired are refused", async () => {
    const { call, logIn } = await start({
      tokens: { clockSkewSeconds: 0, jwtSeconds: 1, refreshSeconds: 1 },
    });
    const { bearer, refresh } = await logIn();
    ahead = 5000;
    expect(await call("GET", "/group", { as: bearer })).toMatchObject({
      status: 401,
      body: { message: "The token has expired." },
    });
    expect(
      (await call("POST", "/auth/refresh", { as: false, headers: { "Refresh-Token": refresh } })).status,
    ).toBe(401);
  });

  test("that were given back refresh no more, and a refresh token opens nothing", async () => {
    const { call, logIn } = await start();
    const { refresh } = await logIn();
    const headers = { "Refresh-Token": refresh };
    expect((await call("GET", "/group", { as: `Bearer ${refresh}` })).status).toBe(401);
    expect((await call("POST", "/auth/invalidate", { as: false, headers })).status).toBe(200);
    expect((await call("POST", "/auth/refresh", { as: false, headers })).status).toBe(401);
    expect((await call("POST", "/auth/refresh", { as: false })).status).toBe(401);
  });

  test("switch to a group where the same person has a user, and to no other", async () => {
    const administrators = (password: string) => [
      { login: "petra@example.com", email: "petra@example.com", password },
    ];
    const { call, logIn } = await start({
      environments: [
        { id: "one", name: "One", administrators: administrators("password-one") },
        { id: "two", name: "Two", administrators: administrators("password-two") },
        { id: "three", name: "Three", administrators: [{ login: "other", password: "password-three" }] },
      ],
    });
    const { bearer, refresh } = await logIn("petra@example.com", "password-one");
    expect((await call("GET", "/user/matches", { as: bearer })).body).toMatchObject([
      { groupId: "one", groupName: "One", groupsHierarchy: [{ id: "one" }] },
      { groupId: "two" },
    ]);
    const switched = await call("POST", "/auth/switch/two", {
      as: false,
      headers: { "Refresh-Token": refresh },
    });
    expect(
      (await call("GET", "/user/current", { as: `Bearer ${String(switched.body.token)}` })).body,
    ).toMatchObject({ groupId: "two" });
    expect(
      (await call("POST", "/auth/switch/three", { as: false, headers: { "Refresh-Token": refresh } })).status,
    ).toBe(403);
    const inTwo = await logIn("petra@example.com", "password-two", "?groupId=two");
    expect((await call("GET", "/user/current", { as: inTwo.bearer })).body).toMatchObject({ groupId: "two" });
  });
});

describe("elevated operations", () => {
  const elevationHeader = "Icure-Minimum-Required-Auth-Level";

  test("need a login by password, not by a long-lived token", async () => {
    const { call, emulator, logIn } = await start();
    await call("POST", "/group/ic-app/application?name=App");
    const token = (await call("POST", "/user/token/petra-administrator/ci?tokenValidity=-1")).text;
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    const weak = await logIn(emulator.username, token);
    for (const as of [weak.bearer, basic(emulator.username, token)]) {
      const refused = await call("DELETE", "/group/hard/ic-app", { as });
      expect(refused.status).toBe(401);
      expect(refused.headers.get(elevationHeader)).toBe("20");
      expect(
        (
          await call("PUT", "/user/petra-administrator/password", {
            as,
            body: { newPassword: "another-password" },
          })
        ).status,
      ).toBe(401);
      expect(
        (await call("POST", "/user/petra-administrator/roles/set", { as, body: { ids: [] } })).status,
      ).toBe(401);
      for (const seconds of [60, 0, -5]) {
        const path = `/user/token/petra-administrator/now?tokenValidity=${seconds}`;
        expect([seconds, (await call("POST", path, { as })).status]).toEqual([seconds, 401]);
      }
      expect((await call("PUT", "/group/ic-app/name/Renamed", { as })).status).toBe(200);
    }
    const ended = (await call("POST", "/user/token/petra-administrator/now?tokenValidity=0")).text;
    expect((await call("GET", "/user/current", { as: basic(emulator.username, ended) })).status).toBe(401);
    expect((await call("DELETE", "/group/hard/ic-app", { as: (await logIn()).bearer })).status).toBe(200);
  });

  test("need a fresh login, and a refresh doesn't make it fresh", async () => {
    const { call, logIn } = await start();
    await call("POST", "/group/ic-app/application?name=App");
    const { bearer, refresh } = await logIn();
    ahead = 301_000;
    const refreshed = await call("POST", "/auth/refresh", {
      as: false,
      headers: { "Refresh-Token": refresh },
    });
    for (const as of [bearer, `Bearer ${String(refreshed.body.token)}`]) {
      const refused = await call("DELETE", "/group/hard/ic-app", { as });
      expect([refused.status, refused.headers.get(elevationHeader)]).toEqual([401, "20"]);
      expect((await call("GET", "/group/ic-app", { as })).status).toBe(200);
    }
    expect((await call("DELETE", "/group/hard/ic-app", { as: (await logIn()).bearer })).status).toBe(200);
  });
});

describe("the second factor", () => {
  const oneTimePassword = (at: number) => {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const mac = createHmac("sha1", "12345678901234567890").update(counter).digest();
    const offset = (mac.at(-1) ?? 0) & 15;
    return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  };
  const enrolment = (otp: string) => ({ secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", otpLength: 6, otp });

  test("is asked for with 417, refused with 406 and taken after a pipe", async () => {
    const { call, emulator } = await start();
    const code = () => oneTimePassword(Date.now());
    const wrong = () => String((Number(code()) + 500_000) % 1_000_000).padStart(6, "0");
    expect((await call("POST", "/user/petra-administrator/2fa", { body: enrolment(wrong()) })).status).toBe(
      400,
    );
    expect((await call("POST", "/user/petra-administrator/2fa", { body: enrolment(code()) })).status).toBe(
      200,
    );
    const attempt = async (password: string) =>
      (await call("POST", "/auth/login", { as: false, body: { username: emulator.username, password } }))
        .status;
    expect(await attempt(emulator.password)).toBe(417);
    expect(await attempt(`${emulator.password}|${wrong()}`)).toBe(406);
    expect(await attempt(`${emulator.password}|${code()}`)).toBe(200);
    const as = basic(emulator.username, `${emulator.password}|${code()}`);
    expect((await call("GET", "/user/current", { as })).body).toMatchObject({
      systemMetadata: { uses2fa: true },
    });
    expect((await call("DELETE", "/user/petra-administrator/2fa", { as })).status).toBe(200);
    expect(await attempt(emulator.password)).toBe(200);
  });
});
