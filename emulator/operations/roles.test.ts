import { startEmulator, type Emulator } from "..";
import { wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];

async function start(options: Parameters<typeof startEmulator>[0] = {}): Promise<void> {
  emulator = await startEmulator(options);
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
}
beforeEach(() => start());
afterEach(() => emulator.close());

const permissions = ["TopicManagement.Create"];
const role = (name: string, body: Json = { permissions }, groupId = "ic-app", query = "") =>
  call("POST", `/role/${name}/inGroup/${groupId}/withDescription${query}`, { body });
const customIn = async (groupId: string) =>
  ((await call("GET", `/role/inGroup/${groupId}`)).body as unknown as Json[])
    .map(({ id }) => String(id))
    .filter((id) => id.includes(":"));

test("a role is created, found where it is inherited, changed and purged by its revision", async () => {
  const created = await role("AUDITOR", { permissions, description: "Reads" });
  expect(created.body).toMatchObject({
    id: "ic-app:AUDITOR",
    name: "AUDITOR",
    description: "Reads",
    permissions,
  });
  expect(created.body).not.toHaveProperty("inheritableUpTo");
  expect(await customIn("ic-db")).toEqual(["ic-app:AUDITOR"]);
  expect(await customIn(emulator.environmentId)).toEqual([]);

  const path = "/role/ic-app:AUDITOR";
  expect((await call("PUT", `${path}/inheritsUpTo/0`)).body).toMatchObject({ inheritableUpTo: 0 });
  expect(await customIn("ic-db")).toEqual([]);
  expect((await call("DELETE", `${path}/inheritsUpTo`)).body).not.toHaveProperty("inheritableUpTo");
  expect(await customIn("ic-db")).toEqual(["ic-app:AUDITOR"]);
  const changed = await call("PUT", path, { body: ["UserManagement.Search"] as unknown as Json });
  expect(changed.body).toMatchObject({ permissions: ["UserManagement.Search"], description: "Reads" });

  expect((await call("DELETE", `${path}?rev=${String(created.body.rev)}`)).status).toBe(409);
  expect((await call("DELETE", `${path}?rev=${String(changed.body.rev)}`)).status).toBe(200);
  expect((await call("GET", path)).status).toBe(404);
});

test.each([
  ["a name in small letters", "auditor", { permissions }, 400],
  ["a name of two letters", "AB", { permissions }, 400],
  ["a name that is too long", "A".repeat(41), { permissions }, 400],
  ["a description that is too long", "AUDITOR", { permissions, description: "x".repeat(301) }, 400],
  ["an unknown permission", "AUDITOR", { permissions: ["Cats.Pet"] }, 400],
  ["the name of a builtin one", "BASIC_USER", { permissions }, 409],
  ["a name that is taken", "TAKEN", { permissions }, 409],
])("%s is refused", async (_what, name, body, status) => {
  await role("TAKEN");
  expect((await role(name, body)).status).toBe(status);
});

test("a builtin role can't be changed, and one that a group may not use is given to nobody in it", async () => {
  expect((await call("PUT", "/role/BASIC_USER", { body: permissions as unknown as Json })).status).toBe(403);
  await role("INNER", { permissions }, "ic-db");
  const wanted = { body: { ids: ["ic-db:INNER"] } };
  expect((await call("POST", "/group/ic-app/defaultRoles?userType=USER", wanted)).status).toBe(400);
  expect((await call("POST", "/group/ic-db/defaultRoles?userType=USER", wanted)).status).toBe(200);
  await call("POST", "/user/inGroup/ic-app", { body: { id: "u1", login: "one" } });
  expect((await call("POST", "/user/u1/inGroup/ic-app/roles/set", wanted)).status).toBe(400);
});

test.each([
  ["dangling", 200],
  ["refused", 409],
] as const)("a role in use is purged, or not: %s", async (purgedRoles, status) => {
  await emulator.close();
  await start({ seed: { assumptions: { purgedRoles } } });
  const { body } = await role("AUDITOR");
  await call("POST", "/group/ic-db/defaultRoles?userType=USER", { body: { ids: ["ic-app:AUDITOR"] } });
  expect((await call("DELETE", `/role/ic-app:AUDITOR?rev=${String(body.rev)}`)).status).toBe(status);
});
