import { type Bench, bench, failure, type Reply, type ScriptedServer } from "../testing";
import type { CaptchaResponse, Gateway } from ".";

const START = "POST /e1/process/p1/r1";
const VALIDATE = "GET /e1/process/validate/r1-123456";
const LOST: Reply = { hangUp: "unanswered" };

let b: Bench;
let server: ScriptedServer;
let gateway: Gateway;
beforeEach(async () => {
  b = await bench();
  ({ server, gateway } = await b.gateway());
});
afterEach(async () => {
  expect(b.server.requests).toEqual([]);
  expect(server.requests.filter(({ headers }) => headers["authorization"])).toEqual([]);
  await b.close();
});

test("a challenge is read, and asked for again after a lost answer", async () => {
  const challenge = { id: "c1", salts: ["a", "b"], difficultyFactor: 50_000 };
  server.on("GET /e1/challenge", LOST, { json: challenge });
  expect(await gateway.challenge("e1")).toEqual(challenge);
});

test.each<[CaptchaResponse, object]>([
  [{ type: "kerberus", id: "c1", nonces: ["1"] }, { "kerberus-response": { id: "c1", nonces: ["1"] } }],
  [{ type: "friendlyCaptcha", response: "f" }, { "friendly-captcha-response": "f" }],
  [{ type: "recaptcha", response: "g" }, { "g-recaptcha-response": "g" }],
])("a process is started as published clients do it: %j", async (captcha, sent) => {
  server.on(START, { text: "sent", headers: { "content-type": "text/plain" } });
  const started = gateway.startProcess("e1", "p1", "r1", {
    firstName: "Ada",
    email: "ada@example.com",
    deployment: "https://api.example",
    captcha,
  });
  expect(await started).toBe("sent");
  expect(server.seen(START)[0]?.body).toEqual({
    firstName: "Ada",
    lastName: "",
    email: "ada@example.com",
    mobilePhone: "",
    deployment: "https://api.example",
    ...sent,
  });
});

const start = () =>
  gateway.startProcess("e1", "p1", "r1", {
    mobilePhone: "+32",
    captcha: { type: "recaptcha", response: "g" },
  });

test("a process is not started twice", async () => {
  server.on(START, LOST);
  expect(await failure(start())).toMatchObject({ kind: "unknown-outcome" });
  expect(server.log).toEqual([START]);
});

test("a page is no start", async () => {
  server.on(START, { text: "<html>", headers: { "content-type": "text/html" } });
  expect(await failure(start())).toMatchObject({ kind: "unknown-outcome" });
});

test("a code is validated, whatever the answer says", async () => {
  server.on(VALIDATE, { text: "" });
  expect(await gateway.validate("e1", "r1", "123456")).toBeUndefined();
});

test.each<[string, Reply, string]>([
  ["401", { status: 401, json: { message: "wrong 123456" } }, "unauthorized"],
  ["404", { status: 404, json: { message: "wrong 123456" } }, "not-found"],
  ["429", { status: 429, json: { message: "too many" } }, "rate-limited"],
  ["503", { status: 503 }, "server"],
  ["a lost connection", LOST, "unreachable"],
])("after %s a code is not sent again, nor shown", async (_, reply, kind) => {
  server.on(VALIDATE, reply);
  const error = await failure(gateway.validate("e1", "r1", "123456"));
  expect(error.kind).toBe(kind);
  expect(error.message).not.toContain("123456");
  expect(server.log).toEqual([VALIDATE]);
});
