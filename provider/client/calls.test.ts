import { type Bench, bench, failure, jwt, type Reply, type Script } from "../../tests/support/api-server";

const groupSent = { id: "g1", rev: "1-a", name: "Petra" };
const lostAnswer: Reply = { hangUp: "unanswered" };
const cutAnswer: Reply = { hangUp: "mid-body", json: groupSent };
const busyAnswer: Reply = { status: 503, json: { message: "busy" } };

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());

describe("reads", () => {
  test.each<[string, Reply]>([
    ["a lost connection", lostAnswer],
    ["a cut answer", cutAnswer],
    ["cut JSON", { json: undefined, text: '{"id":', headers: { "content-type": "application/json" } }],
    ["500", { status: 500 }],
    ["502", { status: 502, text: "<html>bad gateway</html>", headers: { "content-type": "text/html" } }],
    ["503", busyAnswer],
    ["429", { status: 429 }],
    ["408", { status: 408 }],
  ])("are repeated after %s", async (_, reply) => {
    b.server.on("GET /group/g1", reply, reply, { json: groupSent });
    expect(await b.connect().groups.get("g1")).toEqual({ ...groupSent, servers: [], properties: [] });
    expect(b.server.log).toHaveLength(3);
  });

  test.each<[number, string]>([
    [400, "rejected"],
    [402, "quota-exceeded"],
    [403, "forbidden"],
    [409, "conflict"],
    [418, "rejected"],
    [501, "server-error"],
  ])("are not repeated after %d", async (status, code) => {
    b.server.on("GET /group/g1", { status, json: { message: "no" } });
    const error = await failure(b.connect().groups.get("g1"));
    expect(error).toMatchObject({ code, status, operation: "read group g1", serverMessage: "no" });
    expect(b.server.log).toHaveLength(1);
  });

  test("[F8] wait longer each time, by chance, and end after the last try", async () => {
    b.server.on("GET /group/g1", busyAnswer);
    const error = await failure(b.connect({}, { tries: 5, retryBaseMs: 100 }).groups.get("g1"));
    expect(error).toMatchObject({ code: "server-error", status: 503, serverMessage: "busy" });
    expect(b.clock.slept).toEqual([50, 100, 200, 400]);
    expect(b.server.log).toHaveLength(5);
  });

  test("wait no longer than fifteen seconds of their own accord", async () => {
    b.server.on("GET /group/g1", busyAnswer);
    b.clock.chance = 0.999;
    await failure(b.connect({}, { tries: 12 }).groups.get("g1"));
    expect(b.clock.slept).toHaveLength(11);
    expect(Math.max(...b.clock.slept)).toBeLessThan(15_000);
  });

  test("stop when the next attempt would not be in time", async () => {
    b.server.on("GET /group/g1", busyAnswer);
    await failure(b.connect({}, { tries: 50, deadlineMs: 2000, retryBaseMs: 1000 }).groups.get("g1"));
    expect(b.server.log.length).toBeLessThan(5);
  });

  test.each<[string, string, number]>([
    ["seconds", "7", 7000],
    ["a date", "Thu, 01 Jan 2026 12:00:07 GMT", 7000],
  ])("[F6] wait as long as Retry-After says in %s", async (_, value, asked) => {
    const headers = { "retry-after": value, date: "Thu, 01 Jan 2026 12:00:00 GMT" };
    b.server.on("GET /group/g1", { status: 429, headers }, { json: groupSent });
    await b.connect({}, { retryBaseMs: 100 }).groups.get("g1");
    expect(b.clock.slept).toEqual([asked + 50]);
  });

  test.each(["0", "-1", "soon"])("[F7] don't hurry when Retry-After is %j", async (value) => {
    b.server.on("GET /group/g1", { status: 429, headers: { "retry-after": value } }, { json: groupSent });
    await b.connect({}, { retryBaseMs: 100 }).groups.get("g1");
    expect(b.clock.slept).toEqual([50]);
  });

  test("fail at once when the server asks for longer than the operation may take", async () => {
    b.server.on("GET /group/g1", { status: 429, headers: { "retry-after": "86400" } });
    const error = await failure(b.connect().groups.get("g1"));
    expect(error).toMatchObject({ code: "rate-limited", status: 429 });
    expect(error.message).toContain("86400 s");
    expect([b.server.log.length, b.clock.slept]).toEqual([1, []]);
  });

  test("[F12] are repeated after an answer that did not come in time", async () => {
    b.server.on("GET /group/g1", { silent: true }, { json: groupSent });
    await b.connect({}, { answerMs: 40 }).groups.get("g1");
    expect(b.server.log).toHaveLength(2);
  });

  test("[F12] end with the operation's deadline", async () => {
    b.server.on("GET /group/g1", () => {
      b.clock.expire();
      return { silent: true };
    });
    expect(await failure(b.connect().groups.get("g1"))).toMatchObject({ code: "timeout" });
    expect(b.server.log).toHaveLength(1);
  });
});

describe("repeatable writes", () => {
  test.each<[string, Reply]>([
    ["a lost answer", lostAnswer],
    ["502", { status: 502 }],
    ["429", { status: 429 }],
  ])("are repeated after %s", async (_, reply) => {
    b.server.on("PUT /group/g1/name/Paula", reply, { json: { ...groupSent, name: "Paula" } });
    expect(await b.connect().groups.rename("g1", "Paula")).toMatchObject({ name: "Paula" });
    expect(b.server.log).toEqual(["PUT /group/g1/name/Paula", "PUT /group/g1/name/Paula"]);
  });

  test("[F4] a lost answer to a deletion, followed by 404, is a success", async () => {
    b.server.on("DELETE /group/g1", lostAnswer, { status: 404 });
    expect(await b.connect().groups.delete("g1")).toBe("absent");
  });
});

describe("writes that must happen once", () => {
  const options = { durationSeconds: 600, description: "move" };

  test.each<[string, Reply, string]>([
    ["a lost connection", lostAnswer, "unknown-outcome"],
    ["a cut answer", { hangUp: "mid-body", json: "secret-token-canary" }, "unknown-outcome"],
    ["500", { status: 500 }, "unknown-outcome"],
    ["503 with Retry-After", { status: 503, headers: { "retry-after": "1" } }, "server-error"],
    ["a page", { text: "<html>", headers: { "content-type": "text/html" } }, "unknown-outcome"],
  ])("are not repeated after %s", async (_, reply, code) => {
    b.server.on("POST /group/g1/operationToken", reply).on("POST /group/g1/transfer", reply);
    const { groups } = b.connect();
    expect(await failure(groups.createOperationToken("g1", options))).toMatchObject({ code });
    expect(await failure(groups.transfer("g1", "op-token"))).toMatchObject({ code });
    expect(b.server.log).toHaveLength(2);
  });

  test("are repeated after 429 and after a 401, which say that nothing happened", async () => {
    b.server.on("POST /group/g1/operationToken", { status: 429 }, { status: 401 }, { json: "op-token" });
    expect(await b.connect().groups.createOperationToken("g1", options)).toBe("op-token");
    expect(b.server.seen("POST /group/g1/operationToken")).toHaveLength(3);
    expect(b.server.seen("POST /group/g1/operationToken")[0]).toMatchObject({
      query: { operation: "TRANSFER_GROUP", duration: "600", description: "move" },
    });
  });
});

describe("logins during a call", () => {
  const byToken =
    (...accepted: string[]): Script =>
    ({ headers }) =>
      accepted.some((token) => headers["authorization"] === `Bearer ${token}`)
        ? { json: groupSent }
        : { status: 401, json: { message: "expired" } };

  test("[F21] eight calls that meet a 401 together make one login, and each is replayed once", async () => {
    b.server.on("GET /group/g1", byToken("token-2"));
    const { groups } = b.connect();
    await Promise.all(Array.from({ length: 8 }, () => groups.get("g1")));
    expect(b.server.seen("POST /auth/login")).toHaveLength(2);
    expect(b.server.log).toHaveLength(16);
  });

  test("[F21] a write is replayed too", async () => {
    b.server.on("POST /group/s1/application", { status: 401 }, { json: { id: "s1" } });
    const request = { kind: "solution", id: "s1", name: "S", parentId: "e1" } as const;
    expect(await b.connect().groups.create(request)).toMatchObject({ id: "s1" });
    expect(b.server.log).toHaveLength(2);
  });

  test("[F21] a second 401 is an error", async () => {
    b.server.on("GET /group/g1", { status: 401, json: { message: "no" } });
    const error = await failure(b.connect().groups.get("g1"));
    expect(error).toMatchObject({ code: "unauthorized", status: 401, serverMessage: "no" });
    expect(b.server.log).toHaveLength(2);
    expect(b.server.seen("POST /auth/login")).toHaveLength(2);
  });

  const tooWeak: Reply = { status: 401, headers: { "icure-minimum-required-auth-level": "20" } };

  test("a sensitive operation gets a fresh login with the password, never a renewed one", async () => {
    let logins = 0;
    b.server
      .on("POST /auth/login", () => ({ json: { token: `token-${++logins}`, refreshToken: "r-canary" } }))
      .on("DELETE /group/hard/g1", tooWeak, { json: [{ type: "group", id: "g1", server: "c" }] });
    expect(await b.connect().groups.hardDelete("g1")).toBe("deleted");
    expect(b.server.requests.map(({ path }) => path.replace("/rest/v2", ""))).toEqual([
      "/auth/login",
      "/group/hard/g1",
      "/auth/login",
      "/group/hard/g1",
    ]);
    expect(b.server.seen("DELETE /group/hard/g1")[1]?.headers["authorization"]).toBe("Bearer token-2");
  });

  test("a login that is renewed meanwhile is not fresh enough for a sensitive operation", async () => {
    const token = () => jwt({ iat: b.clock.time / 1000, exp: b.clock.time / 1000 + 3600, at: Math.random() });
    const { groups } = b.connect();
    let meanwhile: Promise<unknown> | undefined;
    b.server
      .on("POST /auth/login", () => ({ json: { token: token(), refreshToken: "r1" } }))
      .on("POST /auth/refresh", () => ({ json: { token: token() } }))
      .on("GET /group/g1", { json: groupSent })
      .on(
        "DELETE /group/hard/g1",
        () => {
          b.clock.time += 3_600_000;
          meanwhile = groups.get("g1");
          return tooWeak;
        },
        { json: [] },
      );
    expect(await groups.hardDelete("g1")).toBe("deleted");
    await meanwhile;
    expect(b.server.seen("POST /auth/refresh")).toHaveLength(1);
    expect(b.server.seen("POST /auth/login")).toHaveLength(2);
  });

  test("several sensitive operations at once share the fresh login", async () => {
    b.server.on("DELETE /group/hard/g1", ({ headers }) =>
      headers["authorization"] === "Bearer token-1" ? tooWeak : { json: [] },
    );
    const { groups } = b.connect();
    await Promise.all(Array.from({ length: 8 }, () => groups.hardDelete("g1")));
    expect(b.server.seen("POST /auth/login")).toHaveLength(2);
  });

  test("a sensitive operation that stays refused says what kind of password is needed", async () => {
    b.server.on("DELETE /group/hard/g1", tooWeak);
    const error = await failure(b.connect().groups.hardDelete("g1"));
    expect(error).toMatchObject({ code: "unauthorized", status: 401 });
    expect(error.message).toMatch(/level 20.*authentication token.*two-factor/);
    expect(b.server.log).toHaveLength(2);
  });

  test("a login that can't be renewed never looks like an absent group", async () => {
    b.server.on("POST /auth/login", { status: 404, json: {} }).on("GET /group/g1", { json: groupSent });
    expect(await failure(b.connect().groups.get("g1"))).toMatchObject({ code: "rejected", status: 404 });
  });
});
