import { inspect } from "node:util";
import type * as errors from "./errors";
import { ApiError, isApiError } from "./errors";
import {
  type Bench,
  bench,
  failure,
  jwt,
  testPassword,
  type Script,
  type Seen,
} from "../../tests/support/api-server";

const canaryText = /canary/i;
const sampleToken = jwt({ sub: "canary", exp: 4_000_000_000 });

let b: Bench;
beforeEach(async () => {
  b = await bench();
  b.server.on("POST /auth/login", {
    json: { token: sampleToken, refreshToken: "refresh-canary-1", successful: true },
  });
});
afterEach(() => b.close());

/** Everything that a careless server could send back of a request. */
const echo = ({ headers, body, query }: Seen): string =>
  `your request: ${JSON.stringify({ headers, body, query })} ${testPassword} ${sampleToken} refresh-canary-1 op-canary-1`;

const shown = (error: ApiError) =>
  [inspect(error, { depth: 9, showHidden: true }), error.stack, JSON.stringify(error), error.message].join(
    "\n",
  );

describe.each<[string, (seen: Seen) => ReturnType<Extract<Script, (seen: Seen) => unknown>>]>([
  ["as an API message", (seen) => ({ status: 400, json: { message: echo(seen) } })],
  ["as a page", (seen) => ({ status: 500, text: echo(seen), headers: { "content-type": "text/html" } })],
  ["as a success that is none", (seen) => ({ text: echo(seen), headers: { "content-type": "text/plain" } })],
  [
    "in its content type",
    (seen) => ({ text: "x", headers: { "content-type": `a/${encodeURIComponent(echo(seen))}` } }),
  ],
  [
    "in a redirect",
    () => ({ status: 302, headers: { location: `https://${testPassword}.test/${sampleToken}` } }),
  ],
  ["as another group's id", (seen) => ({ json: { id: echo(seen) } })],
  ["with a second 401", (seen) => ({ status: 401, json: { message: echo(seen) } })],
  [
    "as another group's parent",
    ({ method }) => (method === "GET" ? { json: { id: "d1", superGroup: testPassword } } : { status: 500 }),
  ],
])("a server that echoes secrets %s", (_, reply) => {
  test("finds none of them in the error", async () => {
    b.server
      .on("GET /group/g1", reply)
      .on("POST /group/g1/transfer", reply)
      .on("POST /group/d1/database", reply)
      .on("GET /group/d1", reply);
    const { groups } = b.connect({ username: "ada" });
    const request = { kind: "database", id: "d1", name: "D", parentId: "g1" } as const;
    expect(shown(await failure(groups.transfer("g1", "op-canary-1")))).not.toMatch(canaryText);
    expect(shown(await failure(groups.get("g1")))).not.toMatch(canaryText);
    expect(shown(await failure(groups.create(request)))).not.toMatch(canaryText);
  });

  test("finds none of them in a failed login", async () => {
    b.server.on("POST /auth/login", reply);
    const { groups } = b.connect({ password: `${testPassword}|123456`, environment: "e1" });
    const text = shown(await failure(groups.get("g1")));
    expect(text).not.toMatch(canaryText);
    expect(text).not.toContain("123456");
  });
});

test("an operation token that comes in an unreadable answer is not shown", async () => {
  b.server.on("POST /group/g1/operationToken", {
    text: '"op-canary-2',
    headers: { "content-type": "text/plain" },
  });
  const call = b.connect().groups.createOperationToken("g1", { durationSeconds: 1, description: "d" });
  expect(shown(await failure(call))).not.toMatch(canaryText);
});

test("a server's text is one printable line of bounded length", async () => {
  b.server.on("GET /group/g1", { status: 400, json: { message: `\u001b[31m\r\n\u202e${"x".repeat(9999)}` } });
  const { serverMessage } = await failure(b.connect().groups.get("g1"));
  expect(serverMessage).toMatch(/^\[31m x{195,200}…$/);
});

test.each<[string, unknown, string]>([
  ["message", { message: "in words" }, "in words"],
  ["exceptionDetail", { message: null, exceptionDetail: "in detail" }, "in detail"],
  ["error", { error: "Bad Request", path: "/x" }, "Bad Request"],
  ["a bare text", "Unknown error", "Unknown error"],
  ["another shape", { message: { a: 1 } }, '{"message":{"a":1}}'],
  ["null", null, "null"],
])("a server's text is read from %s", async (_, json, text) => {
  b.server.on("GET /group/g1", { status: 400, json });
  expect(await failure(b.connect().groups.get("g1"))).toMatchObject({ serverMessage: text });
});

test("an error is recognised across copies of this module", () => {
  jest.isolateModules(() => {
    const copy = jest.requireActual<typeof errors>("./errors");
    const error = new copy.ApiError({ code: "server-error", operation: "try", problem: "no" });
    expect(error).not.toBeInstanceOf(ApiError);
    expect(isApiError(error)).toBe(true);
  });
  expect(isApiError(new Error("x"))).toBe(false);
  expect(isApiError("ERR_COCKPIT_API")).toBe(false);
});
