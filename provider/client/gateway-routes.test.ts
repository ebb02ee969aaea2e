import { type Bench, bench, failure, type Reply } from "../../tests/support/api-server";
import type { Gateway } from ".";
import { gatewayRoutes, unknownRoute } from "./gateway-wire";

const json = (value: unknown, status = 404): Reply => ({ status, json: value });
const page: Reply = { status: 404, text: "<html>Not Found</html>", headers: { "content-type": "text/html" } };
const unknownRouteReplies: [string, Reply][] = [
  ["no body", { status: 404 }],
  ["a page", page],
  ["a JSON without message", json({ timestamp: "2026", status: 404, error: "Not Found", path: "/e1/spec" })],
  ["an empty message", json({ message: "" })],
  ["a message that is not text", json({ message: { a: 1 } })],
  ["a list", json(["no"])],
  ["a bare text", json("Unknown error")],
  [
    "Express's or Nest's words",
    json({ statusCode: 404, message: "Cannot GET /e1/spec", error: "Not Found" }),
  ],
  ["Fastify's words", json({ message: "Route GET:/e1/spec not found", error: "Not Found", statusCode: 404 })],
  ["Spring's words", json({ message: "No static resource e1/spec." })],
  ["a proxy's words", json({ message: "Not Found" })],
  ["405", { status: 405 }],
  ["405 with a message", json({ message: "no such method" }, 405)],
  ["501", { status: 501 }],
];
const create = (gateway: Gateway) =>
  gateway.createProcess("e1", {
    templateId: "t1",
    groupId: "g1",
    language: "en",
    email: { subject: "s", body: "b" },
  });
/** What a 404 in the gateway's own words means to who calls; of the other routes it is an error. */
const absences: Readonly<Record<string, unknown>> = {
  "GET /e1/spec": undefined,
  "DELETE /e1/spec": "absent",
  "GET /e1/process/p1": undefined,
  "DELETE /e1/process/p1": "absent",
};
const assumedRoutes: [string, string, (gateway: Gateway) => Promise<unknown>][] = [
  ["GET /e1/spec", "GET /{specId}/spec", (gateway) => gateway.spec("e1")],
  ["POST /e1/spec", "POST /{specId}/spec", (gateway) => gateway.createSpec("e1", { label: "x", demo: true })],
  [
    "PUT /e1/spec",
    "PUT /{specId}/spec",
    (gateway) => gateway.updateSpec("e1", "1-a", { label: "x", demo: true }),
  ],
  ["DELETE /e1/spec", "DELETE /{specId}/spec", (gateway) => gateway.deleteSpec("e1")],
  ["GET /e1/process/template", "GET /{specId}/process/template", (gateway) => gateway.templates("e1")],
  ["GET /e1/process", "GET /{specId}/process", (gateway) => gateway.processes("e1", "d1")],
  ["GET /e1/process/p1", "GET /{specId}/process/{processId}", (gateway) => gateway.process("e1", "p1")],
  [
    "PUT /e1/process/p1",
    "PUT /{specId}/process/{processId}",
    (gateway) => gateway.updateProcess("e1", "p1", {}),
  ],
  [
    "DELETE /e1/process/p1",
    "DELETE /{specId}/process/{processId}",
    (gateway) => gateway.deleteProcess("e1", "p1"),
  ],
];

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());

test.each(unknownRouteReplies)(
  "a gateway that answers an assumed route with %s doesn't know it",
  async (_, reply) => {
    const { server, gateway } = await b.gateway();
    server.on("GET /e1/spec", reply);
    const error = await failure(gateway.spec("e1"));
    expect(error).toMatchObject({ code: "unsupported", status: reply.status });
    expect(server.log).toHaveLength(1);
  },
);

describe.each(assumedRoutes)("%s", (route, pattern, call) => {
  test("unknown, the error says what to do", async () => {
    const { server, gateway } = await b.gateway();
    server.on(route, page);
    const error = await failure(call(gateway));
    expect(error.code).toBe("unsupported");
    expect(error.message).toContain(`\`${pattern}\` (404)`);
    expect(error.message).toContain("managed: false");
    expect(error.message).toContain("cockpit:gatewayUrl or COCKPIT_GATEWAY_URL");
  });

  test("known, a 404 in the gateway's words is an absence, or an error where something must be there", async () => {
    const { server, gateway } = await b.gateway();
    server.on(route, json({ message: "there is none" }));
    if (route in absences) {
      expect(await call(gateway)).toBe(absences[route]);
    } else {
      expect(await failure(call(gateway))).toMatchObject({
        code: "not-found",
        serverMessage: "there is none",
      });
    }
  });
});

test("every route is marked, and only what clients call is published", () => {
  const marked = Object.entries(gatewayRoutes).map(([name, { mark }]) => [name, mark]);
  expect(marked.filter(([, mark]) => mark === "published").map(([name]) => name)).toEqual(["createProcess"]);
});

test("a published route's 404 may be an absence without words", () => {
  const answer = { status: 404, headers: {}, text: "" };
  expect(unknownRoute(gatewayRoutes.createProcess, answer)).toBeUndefined();
});

test("a published route that is unknown is a wrong address", async () => {
  const { server, gateway } = await b.gateway();
  server.on("POST /e1/process/template/t1/g1", { status: 405 });
  const error = await failure(create(gateway));
  expect(error.code).toBe("unsupported");
  expect(error.message).toContain("published clients call it");
});

test.each(["", "not a url", "ftp://x", "https://user@host"])("%j is not a gateway", (gatewayUrl) => {
  expect(() => b.connect({ gatewayUrl })).toThrow(/Set cockpit:gatewayUrl or COCKPIT_GATEWAY_URL/);
});

test("the login of a Cockpit on this machine never goes to the default gateway", async () => {
  const error = await failure(b.connect().gateway.spec("e1"));
  expect(error).toMatchObject({ code: "invalid-setting" });
  expect(error.message).toContain("Set cockpit:gatewayUrl or COCKPIT_GATEWAY_URL");
  expect(b.server.requests).toEqual([]);
});

test.each(["https://cockpit.example", "https://not-icure.cloud", "https://api.icure.cloud.example"])(
  "nor does that of %s, which is none of iCure's own",
  async (url) => {
    const error = await failure(b.connect({ url }).gateway.spec("e1"));
    expect(error).toMatchObject({ code: "invalid-setting" });
    expect(error.message).toContain("Set cockpit:gatewayUrl or COCKPIT_GATEWAY_URL");
    const named = await failure(b.connect({ url, key: "target" }).gateway.spec("e1"));
    expect(named.message).toContain("Set cockpit:environments.target.gatewayUrl (or COCKPIT_ENVIRONMENTS)");
  },
);

test("a gateway may lie below a directory", async () => {
  const server = await b.another();
  server.on("GET /msggtw/e1/spec", { json: {} });
  await b.connect({ gatewayUrl: `${server.url}/msggtw/` }).gateway.spec("e1");
  expect(server.log).toEqual(["GET /msggtw/e1/spec"]);
});

test("an id can't leave its place", async () => {
  const { server, gateway } = await b.gateway();
  expect(await failure(gateway.process("e1", "../spec"))).toMatchObject({ code: "invalid-setting" });
  expect(await failure(gateway.spec(""))).toMatchObject({ code: "invalid-setting" });
  expect(server.requests).toEqual([]);
});
