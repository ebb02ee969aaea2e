import { createServer as createSecureServer } from "node:https";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { Cockpit } from ".";
import { type Bench, bench, failure, testPassword, selfSigned } from "../../tests/support/api-server";

const groupSent = { id: "g1" };

let b: Bench;
beforeEach(async () => {
  b = await bench();
  b.server.on("GET /group/g1", { json: groupSent });
});
afterEach(() => b.close());

test("connections are kept for calls that follow each other", async () => {
  const { groups } = b.connect();
  for (let calls = 0; calls < 5; calls++) {
    await groups.get("g1");
  }
  expect([b.server.requests.length, b.server.connections]).toEqual([6, expect.any(Number)]);
  expect(b.server.connections).toBeLessThanOrEqual(2);
});

test("calls at once use as many connections as they may, and no more", async () => {
  const { groups } = b.connect({}, { maxConnections: 3 });
  await Promise.all(Array.from({ length: 20 }, () => groups.get("g1")));
  expect(b.server.connections).toBe(3);
});

test("[F11] a connection that the server closed while it was idle does no harm", async () => {
  const { groups } = b.connect();
  b.server.on("GET /group/g1", { json: groupSent, headers: { connection: "close" } });
  for (let calls = 0; calls < 3; calls++) {
    await groups.get("g1");
  }
  expect(b.server.log).toHaveLength(3);
});

test("a closed connection sends nothing more, and closing again is fine", async () => {
  const cockpit = b.connect();
  await cockpit.groups.get("g1");
  await cockpit.close();
  await cockpit.close();
  expect(await failure(cockpit.groups.get("g1"))).toMatchObject({ code: "unreachable" });
  expect(b.server.log).toHaveLength(1);
  const unused = b.connect();
  await unused.close();
  expect((await failure(unused.groups.get("g1"))).message).toContain("was closed");
});

test("the directory of the url stays in front of the API's prefix", async () => {
  const { groups } = b.connect({ url: `${b.server.url}/behind/rest/v2/` });
  b.server
    .on("POST /behind/auth/login", { json: { token: "t" } })
    .on("GET /behind/group/g1", { json: groupSent });
  await groups.get("g1");
  expect(b.server.requests.map(({ path }) => path)).toEqual([
    "/behind/rest/v2/auth/login",
    "/behind/rest/v2/group/g1",
  ]);
});

test.each([301, 302, 303, 307, 308])("[F18] a redirect (%d) is not followed", async (status) => {
  const elsewhere = await b.another();
  b.server.on("GET /group/g1", {
    status,
    headers: { location: `${elsewhere.url}/rest/v2/group/g1?x=secret` },
  });
  const error = await failure(b.connect().groups.get("g1"));
  expect(error).toMatchObject({ code: "redirected", status });
  expect(error.message).toContain(`127.0.0.1:${elsewhere.port}`);
  expect(error.message).not.toContain("secret");
  expect(elsewhere.requests).toEqual([]);
  expect(b.server.log).toHaveLength(1);
});

test("[F10] a server that refuses connections is tried again, then named", async () => {
  await b.server.close();
  const error = await failure(b.connect({}, { tries: 4 }).groups.get("g1"));
  expect(error).toMatchObject({ code: "unreachable", operation: "log in as ada@example.com" });
  expect(error.message).toContain(b.server.url);
  expect(b.clock.slept).toHaveLength(3);
});

test("[F15] an answer larger than any real one is cut off, and not asked for again", async () => {
  b.server.on("GET /group/g1", { json: { ...groupSent, name: "x".repeat(17 * 1024 * 1024) } });
  expect(await failure(b.connect().groups.get("g1"))).toMatchObject({ code: "malformed-answer" });
  expect(b.server.log).toHaveLength(1);
});

test("answers in pieces, shapes and pages that no API sends are refused before anything is made of them", async () => {
  const page = (rows: string, next = "") => `{"rows":[${rows}]${next}}`;
  const answers: [string, RegExp][] = [
    [page("{},".repeat(60_000) + "{}"), /a list of more than 50000 entries/],
    ["[".repeat(200_000), /nested more than 100 levels deep/],
    [
      page(`{"id":"[{,\\"","tags":[${"[1,2,3,4],".repeat(40_000)}[]]},`.repeat(6) + "{}"),
      /more than 700000 values/,
    ],
  ];
  for (const [text, problem] of answers) {
    b.server.on("GET /group/g1/children", { text, headers: { "content-type": "application/json" } });
    const error = await failure(b.connect().groups.children("g1"));
    expect([error.code, error.message]).toEqual(["malformed-answer", expect.stringMatching(problem)]);
  }
  expect(b.server.log.filter((line) => line.includes("children"))).toHaveLength(answers.length);
});

test("all pages of a list count together: very many huge ones end in an error", async () => {
  let pages = 0;
  b.server.on("GET /group/g1/children", () => ({
    json: {
      rows: [{ ...groupSent, id: `g-${++pages}`, name: "x".repeat(5_000_000) }],
      nextKeyPair: { startKey: null, startKeyDocId: `g-${pages}` },
    },
  }));
  const error = await failure(b.connect().groups.children("g1"));
  expect([error.code, error.message]).toEqual([
    "malformed-answer",
    expect.stringMatching(/characters in all/),
  ]);
  expect(pages).toBe(5);
});

test("brackets and quotes in texts are not values", async () => {
  const name = '[{,:"\\'.repeat(200_000);
  b.server.on("GET /group/g1", { json: { ...groupSent, name } });
  expect(await b.connect().groups.get("g1")).toMatchObject({ name });
});

test("[F19] a certificate that nobody signed is refused at once", async () => {
  const server = await b.another(createSecureServer(selfSigned()));
  const error = await failure(b.connect({ url: `https://localhost:${server.port}` }).groups.get("g1"));
  expect(error.code).toBe("insecure-connection");
  expect(error.message).toMatch(/localhost.*SELF_SIGNED.*NODE_EXTRA_CA_CERTS/);
  expect([server.connections, server.requests.length, b.clock.slept.length]).toEqual([1, 0, 0]);
});

test("[F19] https where there is none is refused at once", async () => {
  const error = await failure(b.connect({ url: `https://127.0.0.1:${b.server.port}` }).groups.get("g1"));
  expect(error.code).toBe("insecure-connection");
  expect(b.clock.slept).toEqual([]);
});

describe("a proxy", () => {
  const variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];
  const before = variables.map((name) => [name, process.env[name]] as const);
  let proxy: Server;
  let asked: string[];
  let answer: string;

  beforeEach(async () => {
    asked = [];
    answer = "HTTP/1.1 200 Connection Established\r\n\r\n";
    proxy = createServer((client) => {
      client.on("error", () => undefined);
      client.once("data", (head) => {
        asked.push(head.toString());
        client.write(answer);
        if (!answer.includes(" 200 ")) {
          return void client.end();
        }
        const server = connect(b.server.port, "127.0.0.1");
        server.on("error", () => client.destroy());
        client.on("close", () => server.destroy());
        client.pipe(server).pipe(client);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    for (const name of variables) {
      delete process.env[name];
    }
    process.env["http_proxy"] = `http://ann:proxy-canary@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    await b.close();
    await new Promise((resolve) => proxy.close(resolve));
    b = await bench();
  });

  const url = "http://cockpit.test";

  test("[F20] is used when a variable names it", async () => {
    expect(await b.connect({ url }).groups.get("g1")).toMatchObject(groupSent);
    expect(asked[0]).toMatch(/^CONNECT cockpit\.test:80 /);
    expect(asked[0]).not.toContain(testPassword);
    expect(b.server.log).toHaveLength(1);
  });

  test("[F20] is not used for this machine", async () => {
    await b.connect().groups.get("g1");
    expect(asked).toEqual([]);
  });

  test("[F20] is not used for hosts that no_proxy names", async () => {
    process.env["no_proxy"] = "cockpit.invalid";
    const error = await failure(b.connect({ url: "http://cockpit.invalid" }).groups.get("g1"));
    expect(error.code).toBe("unreachable");
    expect(asked).toEqual([]);
  });

  test.each([
    [407, 1],
    [403, 1],
    [502, 3],
  ])("[F20] that answers %d is asked %d time(s)", async (status, times) => {
    answer = `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`;
    const error = await failure(b.connect({ url }).groups.get("g1"));
    expect(error.code).toBe("unreachable");
    expect(error.message).toContain(`the proxy refused to connect to cockpit.test (${status})`);
    expect(error.message).not.toContain("canary");
    expect(asked).toHaveLength(times);
  });

  test("[F20] that is not a url is named by its variable, not by its value", async () => {
    process.env["http_proxy"] = "ann:proxy-canary@";
    const error = await failure(b.connect({ url }).groups.get("g1"));
    expect(error.code).toBe("invalid-setting");
    expect(error.message).toContain("http_proxy");
    expect(error.message).not.toContain("canary");
  });
});

test("nothing is sent before the first call", async () => {
  const cockpit = new Cockpit({ url: `${b.server.url}/rest/v2`, username: "ada", password: testPassword });
  expect(cockpit).toMatchObject({ url: b.server.url, username: "ada" });
  await cockpit.close();
  expect(b.server.connections).toBe(0);
});
