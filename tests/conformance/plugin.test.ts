import { readFileSync } from "node:fs";
import path from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { servePlugin, type PluginServer } from "../../provider/plugin/server";
import { judge, type Verdict } from "./judge";
import { subjectSchema, type Subject } from "./subject";

/** Every resource, and what becomes of it in a table that knows nothing of Cockpit. */
const resources: Record<string, unknown> = {
  services: {
    type: "cockpit:index:ExternalServices",
    inputs: {
      sender: { email: "hello@petra.example" },
      email: {
        type: "smtp",
        host: "smtp.petra.example",
        port: 587,
        user: "petra",
        password: "canary-smtp-password",
      },
    },
    update: { sender: { email: "care@petra.example" } },
    invalid: {
      "a text for a number": {
        email: { type: "smtp", host: "smtp.petra.example", port: "many", user: "p", password: "secret-1" },
      },
    },
  },
  petra: {
    type: "cockpit:index:Solution",
    partial: true,
    inputs: { name: "Petra", applicationId: "com.petra.app", properties: { tier: "production" } },
    update: { name: "Petra 2", properties: { tier: "test", since: { type: "date", value: "2026-01-31" } } },
    replace: { cluster: "europe-north-01" },
    invalid: {
      "a number for a name": { name: 7 },
      "a text for a yes or no": { deletionProtection: "perhaps" },
      "a property that there is not": { colour: "red" },
      "no name": { name: "" },
    },
    unprotect: { deletionProtection: false },
  },
  france: {
    type: "cockpit:index:Database",
    list: { solutionId: "${petra.id}" },
    partial: true,
    inputs: {
      name: "Petra France",
      solutionId: "${petra.id}",
      cluster: "europe-west-02",
      properties: { region: "IDF" },
    },
    update: { name: "Petra France 2", properties: { region: "PACA" } },
    replace: { cluster: "europe-north-01" },
    invalid: { "a text for a number": { shards: "three" }, "no solution": { solutionId: null } },
    unprotect: { deletionProtection: false },
  },
  clinic: {
    type: "cockpit:index:ParentOrganisation",
    list: { databaseId: "${france.id}" },
    partial: true,
    inputs: { name: "Clinique Petra", databaseId: "${france.id}", email: "care@petra.example" },
    update: { name: "Clinique Petra 2", email: "hello@petra.example" },
    invalid: { "no address": { email: "nonsense" }, "a list for a text": { name: ["a"] } },
  },
  backend: {
    type: "cockpit:index:AccessToken",
    list: { groupId: "${france.id}" },
    inputs: { groupId: "${france.id}", userId: "${clinic.userId}", name: "backend", expiresIn: "90d" },
    replace: { expiresIn: "30d" },
    invalid: { "a period that is none": { expiresIn: "soon" } },
    secrets: ["token"],
  },
  ada: {
    type: "cockpit:index:Administrator",
    list: { groupId: "${petra.id}" },
    inputs: { groupId: "${petra.id}", name: "Ada", email: "ada@petra.example" },
    update: { name: "Ada Lovelace" },
    invalid: { "no address": { email: 3 } },
  },
  indexes: {
    type: "cockpit:index:IndexUpdate",
    inputs: { databaseId: "${france.id}", triggers: { release: "1" } },
    invalid: { "no database": { databaseId: null } },
    forgets: true,
  },
  entrance: {
    type: "cockpit:index:TransferToken",
    inputs: { description: "entrance", expiresIn: "2h" },
    replace: { description: "another entrance" },
    invalid: { "a period that is none": { expiresIn: -1 } },
    forgets: true,
    secrets: ["token"],
  },
  registration: {
    type: "cockpit:index:AuthenticationProcess",
    list: { groupId: "${france.id}" },
    inputs: {
      name: "registration",
      groupId: "${france.id}",
      template: "patient-registration",
      parentOrganisationId: "${clinic.id}",
    },
    update: { name: "registration 2" },
    invalid: { "a template that there is not": { template: "nonsense" } },
  },
  entra: {
    type: "cockpit:index:ExternalJwt",
    list: { groupId: "${petra.id}" },
    inputs: {
      groupId: "${petra.id}",
      name: "entra",
      validation: { type: "oidc", issuer: "https://login.petra.example/v2.0", clientId: "petra" },
      selector: { type: "email", claim: "email" },
    },
    update: { selector: { type: "email", claim: "mail" } },
    invalid: { "a kind of validation that there is not": { validation: { type: "magic" } } },
  },
  exporter: {
    type: "cockpit:index:User",
    list: { databaseId: "${france.id}" },
    inputs: { databaseId: "${france.id}", userType: "user", login: "exporter", roles: ["BASIC_USER"] },
    update: { name: "Exporter" },
    invalid: { "nobody's kind": { userType: "robot" } },
  },
  auditor: {
    type: "cockpit:index:Role",
    list: { groupId: "${petra.id}" },
    inputs: { groupId: "${petra.id}", name: "AUDITOR", permissions: ["AccessLogManagement.Create"] },
    update: { inheritsUpTo: 1 },
    replace: { name: "REVIEWER" },
    invalid: { "a name in small letters": { name: "auditor" }, "a text for a list": { permissions: "all" } },
  },
  patients: {
    type: "cockpit:index:DefaultRoles",
    list: { groupId: "${petra.id}" },
    inputs: { groupId: "${petra.id}", userType: "patient", roles: ["${auditor.id}"] },
    invalid: { "nobody's kind": { userType: "robot" } },
    forgets: true,
  },
};

let emulator: Emulator;
let server: PluginServer;
let verdicts: Verdict[];

beforeAll(async () => {
  let release: (() => void) | undefined;
  let gate: Promise<void> | undefined;
  let reached: () => void = () => undefined;
  let held = Promise.resolve();
  emulator = await startEmulator({
    onRequest: async ({ method }) => {
      if (method !== "GET" && gate) {
        reached();
        await gate;
      }
    },
  });
  server = await servePlugin(() => undefined);
  const isWriting = ({ method, path }: { method: string; path: string }): boolean =>
    method !== "GET" && !path.includes("/auth/") && !/\/(filter|list|by)/.test(path);
  const hooks: Subject["hooks"] = {
    writes: () => emulator.requests().filter(isWriting).length,
    stall: () => void emulator.addFault({ action: { hang: true } }),
    hold: () => {
      gate = new Promise((resolve) => (release = resolve));
      held = new Promise((resolve) => (reached = resolve));
    },
    held: () => held,
    release: () => {
      gate = undefined;
      release?.();
    },
    // A group gets its properties, and an organisation its user, only after it was created.
    breakCreation: () => {
      for (const [method, path] of [
        ["PUT", "/rest/v2/group/**"],
        ["POST", "/rest/v2/user/inGroup/*"],
      ] as const) {
        emulator.addFault({ method, path, action: { status: 400, body: { message: "out of order" } } });
      }
    },
    mend: () => emulator.clearFaults(),
  };
  verdicts = await judge({
    address: `127.0.0.1:${server.port}`,
    configuration: {
      url: emulator.url,
      gatewayUrl: emulator.gatewayUrl,
      username: emulator.username,
      password: emulator.password,
    },
    secretConfiguration: ["password"],
    resources: subjectSchema.shape.resources.parse(resources),
    hooks,
  });
}, 120_000);

afterAll(async () => {
  await server.close();
  await emulator.close();
});

const those = (outcome: Verdict["outcome"], ...names: string[]) =>
  verdicts
    .filter((verdict) => verdict.outcome === outcome && names.includes(verdict.subject))
    .map(({ row, detail }) => `${row}: ${detail}`);

test("every resource of the schema is among them", () => {
  const { resources: all } = JSON.parse(readFileSync(path.join(__dirname, "../../schema.json"), "utf8")) as {
    resources: Record<string, { isComponent?: boolean }>;
  };
  const types = Object.values(resources).map((one) => (one as { type: string }).type);
  const wanted = Object.entries(all).flatMap(([type, { isComponent }]) => (isComponent ? [] : [type]));
  expect(types.sort()).toEqual(wanted.sort());
});

test.each(["provider", ...Object.keys(resources)])("%s does what the table asks", (name) => {
  expect(those("violated", name)).toEqual([]);
  expect(those("held", name).length).toBeGreaterThan(7);
});
