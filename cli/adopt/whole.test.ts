import { startEmulator, type Emulator } from "../../emulator";
import * as resources from "../../provider/resources";
import { readExisting, type Existing, type Found } from "../../provider/resources/import/existing";
import { existingKinds, type ExistingKind } from "../../provider/resources/import/kinds";
import type { Context } from "../../provider/runtime/context";
import { createContext } from "../../provider/runtime/create-context";
import { wire } from "../../tests/clients/wire";
import { planOf, Reference, Typed, type Planned } from "./plan";

/** An environment with something of each kind, and what adopt makes of it. */
let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
});
afterEach(() => emulator.close());

function contextOf(variables: Record<string, string> = {}): Context {
  const all: Record<string, string> = {
    COCKPIT_URL: emulator.url,
    COCKPIT_GATEWAY_URL: emulator.gatewayUrl,
    COCKPIT_USERNAME: emulator.username,
    COCKPIT_PASSWORD: emulator.password,
    ...variables,
  };
  return createContext({
    configuration: () => undefined,
    variables: (name) => all[name],
    warn: () => undefined,
    inform: () => undefined,
  });
}

const stack = { project: "care", stack: "prod" };

async function make(method: string, path: string, body?: unknown): Promise<void> {
  const { status } = await call(method, path, { body });
  expect([path, status]).toEqual([path, 200]);
}

async function fillEnvironment(): Promise<void> {
  await make("POST", "/group/ic-petra/application?name=Petra");
  await make("POST", "/group/ic-france/database?name=France&superGroup=ic-petra");
  await make("PUT", "/group/ic-petra/externalJwtConfig/entra", {
    validationMethod: { type: "Oidc", issuerLocation: "https://login.petra.example" },
    fieldSelector: { type: "Email", fieldName: "email" },
    authenticationClass: "EXTERNAL_AUTHENTICATION",
  });
  await make("POST", "/role/AUDITOR/inGroup/ic-petra/withDescription?inheritsUpTo=2", {
    permissions: ["TopicManagement.Create"],
    description: "Reads",
  });
  await make("POST", "/group/ic-france/defaultRoles?userType=USER", {
    ids: ["BASIC_USER", "ic-petra:AUDITOR"],
  });
  for (const [id, more] of [
    ["clinic", { name: "Clinic" }],
    ["ada", { firstName: "Ada", lastName: "Petrova", parentId: "clinic" }],
  ] as const) {
    await make("POST", "/hcparty/inGroup/ic-france", { id, ...more });
    await make("POST", "/user/inGroup/ic-france", {
      id: `u-${id}`,
      name: id,
      email: `${id}@petra.example`,
      healthcarePartyId: id,
    });
  }
  await make("POST", "/user/inGroup/ic-france", { id: "u-exporter", name: "exporter", login: "exporter" });
  await make("POST", "/user/u-ada/inGroup/ic-france/roles/set", { ids: ["ic-petra:AUDITOR"] });
  await make("POST", "/user/inGroup/ic-france/token/u-exporter/app?tokenValidity=7776000");
  await make("POST", "/user/admin/inGroup/ic-petra", {
    id: "u-eve",
    name: "Eve",
    email: "eve@petra.example",
  });
}

async function read(kinds?: readonly ExistingKind[], solutions: readonly string[] = []): Promise<Found> {
  return readExisting(contextOf(), { kinds, solutions }, stack);
}

const byKind = (existing: readonly Existing[]) =>
  existing.map(({ type, id }) => `${type} ${id.replace(emulator.environmentId, "environment")}`).sort();

/** What a program sends once it runs: ids in place of references. */
function sent(value: unknown): unknown {
  if (value instanceof Reference) {
    return value.output === "id" ? value.to.existing.id : value.to.existing.state[value.output];
  }
  if (value instanceof Typed) {
    return sent(value.properties);
  }
  if (Array.isArray(value)) {
    return value.map(sent);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, sent(part)]))
    : value;
}

test("each kind is adopted by a program and a state between which there is no difference, nor in the next refresh", async () => {
  await fillEnvironment();
  const { existing, notRead } = await read(existingKinds);
  expect(notRead).toEqual([]);
  const found = new Set(existing.map(({ type }) => type));
  // The gateway's two have tests of their own, on the engine.
  expect(existingKinds.filter((kind) => !found.has(kind))).toEqual([
    "ExternalServices",
    "AuthenticationProcess",
  ]);

  const differences = async ({ type, name, existing: { id, state }, inputs }: Planned) => {
    const context = contextOf();
    const resource = { ...stack, name };
    const declared = sent(inputs) as Record<string, unknown>;
    const olds = resources[type].inputsOf(state);
    const checked = await resources[type].check(context, resource, olds, declared);
    const { updates, replaces } = await resources[type].diff(context, id, state, checked.inputs, resource);
    const refreshed = await resources[type].read(context, id, state, resource);
    const drift = await resources[type].diff(context, id, refreshed ?? {}, checked.inputs, resource);
    return {
      id,
      failures: checked.failures,
      changes: [updates, replaces, drift.updates, drift.replaces].flat(),
    };
  };
  for (const planned of planOf(existing).resources.filter(({ name }) => name !== "petra-petrova")) {
    expect(await differences(planned)).toEqual({ id: planned.existing.id, failures: [], changes: [] });
  }
});

test("unasked, what a team has set up is read, and people and tokens are named", async () => {
  await fillEnvironment();
  const { existing, notRead } = await read();
  expect(byKind(existing)).toEqual([
    expect.stringMatching(/^Administrator environment\//),
    "Administrator ic-petra/u-eve",
    "Database ic-france",
    "DefaultRoles ic-france/user",
    "ExternalJwt ic-petra/entra",
    "ParentOrganisation clinic",
    "Role ic-petra:AUDITOR",
    "Solution ic-petra",
  ]);
  expect(notRead).toEqual([
    expect.stringMatching(/^User: .* --kind User$/),
    expect.stringMatching(/^AccessToken, .* --kind AccessToken$/),
  ]);
  expect(byKind((await read(undefined, ["Petra"])).existing)).not.toContainEqual(
    expect.stringContaining("environment"),
  );
});

test("a kind that the account may not read is named, but is an error where it was asked for", async () => {
  await fillEnvironment();
  emulator.addFault({ method: "GET", path: "/rest/v2/role/inGroup/**", action: { status: 403 } });
  const { existing, notRead } = await read();
  expect(existing.map(({ type }) => type)).not.toContain("Role");
  expect(notRead).toContainEqual(expect.stringMatching(/^Role: .*403/));
  await expect(read(["Role"])).rejects.toMatchObject({ code: "forbidden", status: 403 });
  emulator.addFault({ method: "GET", path: "/rest/v2/group/*/children", action: { status: 403 } });
  await expect(read()).rejects.toMatchObject({ code: "forbidden", status: 403 });
});

test("where there are many groups, what takes a request for each of them waits until it is asked for", async () => {
  await make("POST", "/group/ic-petra/application?name=Petra");
  for (let number = 0; number < 49; number++) {
    await make("POST", `/group/ic-${number}/database?name=${number}&superGroup=ic-petra`);
  }
  emulator.clearRequests();
  const { existing, notRead } = await read();
  expect(existing).toHaveLength(50);
  expect(notRead[0]).toMatch(/^Role, .* of 51 environments, solutions and databases, .* --kind Role,/);
  expect(emulator.requests().filter(({ path }) => !path.includes("/auth/")).length).toBeLessThan(8);
  const one = await read(undefined, ["ic-petra"]);
  expect(one.notRead[0]).toMatch(/^User:/);
});
