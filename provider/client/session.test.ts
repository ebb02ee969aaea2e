import { type Bench, bench, failure, jwt, testPassword } from "../../tests/support/api-server";

const groupSent = { id: "g1" };

let b: Bench;
beforeEach(async () => {
  b = await bench();
  b.server.on("GET /group/g1", { json: groupSent });
});
afterEach(() => b.close());

const seconds = () => b.clock.time / 1000;
const tokenFor = (life: number) => jwt({ iat: seconds(), exp: seconds() + life, serial: Math.random() });
const paths = () => b.server.requests.map(({ path }) => path.replace("/rest/v2", ""));

test("logs in once for all calls, with the environment in the query and the credentials in the body", async () => {
  const { groups } = b.connect({ environment: "e 1" });
  await Promise.all(Array.from({ length: 8 }, () => groups.get("g1")));
  const logins = b.server.seen("POST /auth/login");
  expect(logins).toHaveLength(1);
  expect(logins[0]).toMatchObject({
    query: { groupId: "e 1" },
    body: { username: "ada@example.com", password: testPassword },
  });
  expect(logins[0]?.headers["authorization"]).toBeUndefined();
  expect(b.server.seen("GET /group/g1")[0]?.headers["authorization"]).toBe("Bearer token-1");
});

test("sends no environment when none is configured", async () => {
  await b.connect().groups.get("g1");
  expect(b.server.seen("POST /auth/login")[0]?.query).toEqual({});
});

test("[F21] renews the token before it ends, once for all calls, and keeps the refresh token", async () => {
  b.server
    .on("POST /auth/login", () => ({ json: { token: tokenFor(3600), refreshToken: "refresh-1" } }))
    .on("POST /auth/refresh", () => ({ json: { token: tokenFor(3600), successful: true } }));
  const { groups } = b.connect();
  await groups.get("g1");
  b.clock.time += 3539_000;
  await groups.get("g1");
  expect(paths()).not.toContain("/auth/refresh");
  b.clock.time += 2_000;
  await Promise.all(Array.from({ length: 8 }, () => groups.get("g1")));
  b.clock.time += 3541_000;
  await groups.get("g1");
  expect(b.server.seen("POST /auth/login")).toHaveLength(1);
  expect(b.server.seen("POST /auth/refresh").map(({ headers }) => headers["refresh-token"])).toEqual([
    "refresh-1",
    "refresh-1",
  ]);
});

test("a short-lived token is renewed at half of its life", async () => {
  b.server.on("POST /auth/login", () => ({ json: { token: tokenFor(20) } }));
  const { groups } = b.connect();
  await groups.get("g1");
  b.clock.time += 9_000;
  await groups.get("g1");
  expect(b.server.seen("POST /auth/login")).toHaveLength(1);
  b.clock.time += 2_000;
  await groups.get("g1");
  expect(b.server.seen("POST /auth/login")).toHaveLength(2);
});

test.each([{ status: 401 }, { status: 500 }, { hangUp: "unanswered" as const }, { text: "<html>" }])(
  "when renewing fails with %j, the password is used",
  async (reply) => {
    b.server
      .on("POST /auth/login", () => ({ json: { token: tokenFor(3600), refreshToken: "refresh-1" } }))
      .on("POST /auth/refresh", reply);
    const { groups } = b.connect();
    await groups.get("g1");
    b.clock.time += 3600_000;
    await groups.get("g1");
    expect(paths()).toEqual(["/auth/login", "/group/g1", "/auth/refresh", "/auth/login", "/group/g1"]);
  },
);

test.each([
  ["no readable life", () => "opaque"],
  ["broken parts", () => "a.b.c"],
  ["a life of the wrong type", () => jwt({ exp: "soon" })],
  ["an end in the past by this machine's clock", () => jwt({ exp: seconds() - 500 })],
])("a token with %s is used until it is refused", async (_, token) => {
  b.server.on("POST /auth/login", () => ({ json: { token: token(), refreshToken: "refresh-1" } }));
  const { groups } = b.connect();
  await groups.get("g1");
  b.clock.time += 10 * 86_400_000;
  await groups.get("g1");
  expect(b.server.seen("POST /auth/login")).toHaveLength(1);
});

test("a machine whose clock is wrong does not log in for every call", async () => {
  b.server.on("POST /auth/login", () => ({
    json: { token: jwt({ iat: seconds() - 90_000, exp: seconds() - 86_400 }) },
  }));
  const { groups } = b.connect();
  await groups.get("g1");
  await groups.get("g1");
  expect(b.server.seen("POST /auth/login")).toHaveLength(1);
});

test.each([
  [401, "unauthorized", /user name or the password is wrong.*COCKPIT_PASSWORD/],
  [403, "unauthorized", /may not log in/],
  [406, "unauthorized", /two-factor code is wrong/],
  [412, "unauthorized", /shorter than the policy/],
  [417, "unauthorized", /no code was given/],
  [429, "rate-limited", /too many login attempts/],
  [410, "rejected", /COCKPIT_URL/],
])("a login refused with %d says what to do", async (status, code, text) => {
  b.server.on("POST /auth/login", { status });
  const error = await failure(b.connect().groups.get("g1"));
  expect(error).toMatchObject({ code, status, operation: "log in as ada@example.com" });
  expect(error.message).toMatch(text);
  expect(error.message).toContain(`ada@example.com at ${b.server.url}`);
  expect(error.message).not.toContain(testPassword);
  expect(b.server.requests).toHaveLength(1);
});

test.each([
  [`"${testPassword}"`, "quotes"],
  [`'${testPassword}'`, "quotes"],
  [` ${testPassword}`, "blanks"],
])(
  "a refused password with something around it is told as that, not as a wrong one (%#)",
  async (password, what) => {
    b.server.on("POST /auth/login", { status: 401 });
    const error = await failure(b.connect({ password }).groups.get("g1"));
    expect(error.message).toMatch(
      `the password was sent with the ${what} around it. Set cockpit:password or COCKPIT_PASSWORD`,
    );
    expect(error.message).not.toMatch(/wrong/);
    expect(error.message).not.toContain(testPassword);
  },
);

test("[F22] a refused password is not tried by every other call, but again after a while", async () => {
  b.server.on("POST /auth/login", { status: 401 }, { json: { token: "token-2" } });
  const { groups } = b.connect();
  await failure(groups.get("g1"));
  expect(await failure(groups.get("g1"))).toMatchObject({ code: "unauthorized" });
  expect(b.server.requests).toHaveLength(1);
  b.clock.time += 31_000;
  await groups.get("g1");
});

test("a login is repeated when the server is down, and when it says when to come back", async () => {
  b.server.on(
    "POST /auth/login",
    { status: 502 },
    { status: 429, headers: { "retry-after": "3" } },
    { json: { token: "token-1" } },
  );
  await b.connect({}, { retryBaseMs: 0 }).groups.get("g1");
  expect(b.clock.slept).toEqual([0, 3000]);
});

test.each([
  ["without a token", { json: { successful: true } }],
  ["that did not succeed", { json: { token: "token-canary", successful: false } }],
  ["with a token that is not a header", { json: { token: "token-canary\r\nX: y" } }],
  ["that is a page", { text: "<html>token-canary</html>", headers: { "content-type": "text/html" } }],
  ["that is of another shape", { json: { token: { value: "token-canary" } } }],
])("a login answer %s is an error that does not show it", async (_, reply) => {
  b.server.on("POST /auth/login", reply);
  const error = await failure(b.connect().groups.get("g1"));
  expect(error.code).toBe("malformed-answer");
  expect(JSON.stringify([error.message, error.serverMessage])).not.toContain("canary");
});

describe("a refused environment", () => {
  const matches = [
    { groupId: "ic-one", groupName: "One", userId: "u1", groupsHierarchy: [] },
    { groupId: "ic-two", userId: "u2" },
    { groupName: "leads nowhere" },
  ];
  const onlyWithoutEnvironment = () =>
    b.server
      .on("POST /auth/login", ({ query }) =>
        "groupId" in query ? { status: 401 } : { json: { token: "token-1" } },
      )
      .on("GET /user/matches", { json: matches });

  test("that the account does not have: the error names those it has", async () => {
    onlyWithoutEnvironment();
    const error = await failure(b.connect({ environment: "ic-wrong" }).groups.get("g1"));
    expect(error).toMatchObject({ code: "unauthorized", status: 401 });
    expect(error.message).toContain('no environment "ic-wrong"');
    expect(error.message).toContain("One (ic-one), ic-two");
    expect(error.message).toContain("COCKPIT_ENVIRONMENT");
    expect(paths()).toEqual(["/auth/login", "/auth/login", "/user/matches"]);
  });

  test("that the account has: the password is another one's", async () => {
    onlyWithoutEnvironment();
    const error = await failure(b.connect({ environment: "ic-one" }).groups.get("g1"));
    expect(error.message).toMatch(/not the one for environment "ic-one".*each environment has its own/);
  });

  test("with a password that is wrong everywhere: the error says so", async () => {
    b.server.on("POST /auth/login", { status: 401 });
    const error = await failure(b.connect({ environment: "ic-one" }).groups.get("g1"));
    expect(error.message).toMatch(/user name or the password is wrong/);
    expect(paths()).toEqual(["/auth/login", "/auth/login"]);
  });

  test("with a list that can't be read: the error still names the environment", async () => {
    onlyWithoutEnvironment().on("GET /user/matches", { status: 500 });
    const error = await failure(b.connect({ environment: "ic-wrong" }).groups.get("g1"));
    expect(error.message).toContain('no environment "ic-wrong"');
  });
});
