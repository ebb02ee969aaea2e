import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, SignJWT, type KeyLike } from "jose";
import { startEmulator, type Emulator } from "../../emulator";
import { wire } from "../../tests/clients/wire";
import { newContext, type ProcessContext } from "../../tests/support/model-engine/context";
import type { Properties } from "../framework/values";
import type { Context } from "../runtime/context";
import { ExternalJwt } from "./index";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
let opened: ProcessContext[];
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  [opened, closing] = [[], []];
  await call("POST", "/group/ic-app/application?name=App&applicationId=com.petra.app");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app&applicationId=com.petra.app");
  const ada = { id: "u1", email: "ada@petra.example", login: "ada", mobilePhone: "+32475123456" };
  await call("POST", "/user/inGroup/ic-db", { body: ada });
});
afterEach(async () => {
  await Promise.all([...opened.map(({ close }) => close()), ...closing.map((close) => close())]);
  await emulator.close();
});

function run(variables: Record<string, string> = {}): Context {
  const one = newContext(emulator, { variables });
  opened.push(one);
  return one.context;
}

const named = (name: string) => ({ project: "petra", stack: "test", name });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (key = rsa.publicKey) => key.export({ format: "pem", type: "spki" }).toString();
const declared = {
  groupId: "ic-app",
  name: "entra",
  validation: { type: "public-key", key: pem() },
  selector: { type: "email", claim: "email" },
};

const make = (news: Properties = declared, context = run()) =>
  ExternalJwt.create(context, named("one"), news);
async function failuresOf(news: Properties, context = run()) {
  const { failures } = await ExternalJwt.check(context, named("one"), undefined, { ...declared, ...news });
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}

/** A token as an issuer signs it. */
function token(
  claims: Record<string, unknown>,
  {
    key = rsa.privateKey,
    alg = "RS256",
    life = "5m",
    kid = "k1",
  }: { key?: KeyLike; alg?: string; life?: string; kid?: string } = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).setIssuedAt().setExpirationTime(life).sign(key);
}

/** Who a login by the token is. */
async function login(signed: string, query = "groupId=ic-db"): Promise<unknown> {
  const response = await fetch(`${emulator.url}/rest/v2/auth/login/external/entra?${query}`, {
    method: "POST",
    headers: { token: signed },
  });
  if (response.status !== 200) {
    return response.status;
  }
  const { token: jwt } = (await response.json()) as { token: string };
  const current = await fetch(`${emulator.url}/rest/v2/user/current`, {
    headers: { authorization: `Bearer ${jwt}` },
  });
  return ((await current.json()) as { id: string }).id;
}

test("a user of a database logs in by a token that a solution's key signed, and by none that is wrong", async () => {
  await make();
  const ada = { email: "ada@petra.example" };
  expect(await login(await token(ada))).toBe("u1");
  expect(await login(await token(ada), "applicationId=com.petra.app")).toBe("u1");
  expect(await login(await token(ada), "applicationId=com.petra.other")).toBe(401);
  expect(await login(await token(ada, { alg: "PS256" }))).toBe("u1");
  expect(await login(await token({ email: "eve@petra.example" }))).toBe(401);
  expect(await login(await token(ada, { key: other.privateKey, alg: "ES256" }))).toBe(401);
  expect(await login(await token(ada, { life: "-1h" }))).toBe(401);
  expect(await login(`${await token(ada)}x`)).toBe(401);
  expect(await login("no token")).toBe(401);
  const [, payload = ""] = (await token(ada)).split(".");
  const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  expect(await login(`${none}.${payload}.`)).toBe(401);
});

test.each([
  ["id", "u1"],
  ["login", "ada"],
  ["mobilePhone", "+32475123456"],
  ["identifier", "a1"],
])("a token's claim tells a user by the %s", async (type, value) => {
  await call("PUT", "/user/u1/inGroup/ic-db/identifiers", { body: { assigner: "entra", value: "a1" } });
  await make({
    ...declared,
    selector: { type, claim: "who", ...(type === "identifier" && { assigner: "entra" }) },
  });
  expect(await login(await token({ who: value }))).toBe("u1");
  expect(await login(await token({ who: `${value}0` }))).toBe(401);
});

test("keys of an OpenID Connect issuer are found, and only its own tokens for this client count", async () => {
  const server = createServer((request, response) => {
    const isDiscovery = request.url === "/.well-known/openid-configuration";
    void (isDiscovery ? Promise.resolve({ jwks_uri: `${issuer()}/keys` }) : keys()).then((body) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)),
    );
  });
  const issuer = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = async () => ({ keys: [{ ...(await exportJWK(other.publicKey)), kid: "k1" }] });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));

  await make({ ...declared, validation: { type: "oidc", issuer: issuer(), clientId: "petra" } });
  const claims = { email: "ada@petra.example", iss: issuer(), aud: "petra" };
  const signing = { key: other.privateKey, alg: "ES256" };
  expect(await login(await token(claims, signing))).toBe("u1");
  expect(await login(await token({ ...claims, aud: "other" }, signing))).toBe(401);
  expect(await login(await token({ ...claims, iss: "https://other.example" }, signing))).toBe(401);
  expect(await login(await token(claims, { ...signing, kid: "k2" }))).toBe(401);
});

test("a preview refuses an issuer without https, a key that is none, a private one without showing it, and a twin", async () => {
  const oidc = (issuer: string) => failuresOf({ validation: { type: "oidc", issuer } });
  expect(await oidc("http://login.petra.example")).toMatch(/validation.issuer: must begin with https:\/\//);
  expect(await oidc("login.petra.example")).toMatch(/is not a url/);
  expect(await oidc("https://login.petra.example")).toBe("");
  const key = (text: string) => failuresOf({ validation: { type: "public-key", key: text } });
  expect(await key("no key")).toMatch(/validation.key: is not a public key/);
  const secret = rsa.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const refused = await key(secret);
  expect(refused).toMatch(/^: validation.key: is a private key/);
  expect(refused).not.toContain(secret.slice(100, 140));
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  expect(await key(pem(weak))).toMatch(/at least 2048 bits/);
  expect(await failuresOf({ validation: { type: "saml" } })).toMatch(/type is one of public-key, oidc/);
  expect(await failuresOf({ selector: { type: "identifier", claim: "sub" } })).toMatch(
    /selector.assigner: is required/,
  );
  const context = run();
  await failuresOf({}, context);
  const { failures } = await ExternalJwt.check(context, named("two"), undefined, declared);
  expect(failures).toMatchObject([{ property: "name" }]);
});

test("it changes in place, is drift when it is changed manually, and is gone when it is removed", async () => {
  const { id, state } = await make();
  expect(id).toBe("ic-app/entra");
  expect(await ExternalJwt.read(run(), id, state, named("one"))).toEqual(state);
  const base64 = rsa.publicKey.export({ format: "der", type: "spki" }).toString("base64");
  const sameKey = { ...state, validation: { type: "public-key", key: base64 } };
  expect(await ExternalJwt.diff(run(), id, state, sameKey, named("one"))).toEqual({
    updates: [],
    replaces: [],
  });

  const changed = { ...declared, selector: { type: "login", claim: "sub" }, authenticationClass: "PASSWORD" };
  await ExternalJwt.update(run(), id, state, changed, named("one"));
  expect(await login(await token({ sub: "ada" }))).toBe("u1");
  expect(await ExternalJwt.read(run(), id, state, named("one"))).toMatchObject(changed);
  expect(await ExternalJwt.import(run(), id, named("one"))).toMatchObject(changed);
  expect(await ExternalJwt.list?.find(run(), { groupId: "ic-app" })).toEqual([{ id, name: "entra" }]);

  await ExternalJwt.delete(run(), id, state, named("one"));
  expect(await login(await token({ sub: "ada" }))).toBe(401);
  expect(await ExternalJwt.read(run(), id, state, named("one"))).toBeUndefined();
  expect(await ExternalJwt.import(run(), id, named("one"))).toBeUndefined();
});

test("one that is there is taken over when told so, and only as it is declared; a lost answer makes no trouble", async () => {
  const put = {
    method: "PUT",
    path: "/rest/v2/group/ic-app/externalJwtConfig/entra",
    phase: "after" as const,
  };
  emulator.addFault({ ...put, times: 1, action: { drop: true } });
  await make();
  await expect(make()).rejects.toMatchObject({
    code: "already-exists",
    toType: { adopt: "ic-app/entra" },
  });
  const adopting = () => run({ COCKPIT_ADOPT: "ic-app/entra" });
  await expect(
    make({ ...declared, selector: { type: "id", claim: "sub" } }, adopting()),
  ).rejects.toMatchObject({
    code: "adoption-mismatch",
    what: expect.stringContaining("selector") as unknown,
  });
  expect(await make(declared, adopting())).toMatchObject({ id: "ic-app/entra" });
});
