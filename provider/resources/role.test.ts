import { startEmulator, type Emulator } from "../../emulator";
import { wire } from "../../tests/clients/wire";
import { newContext, type ProcessContext } from "../../tests/support/model-engine/context";
import type { Resource } from "../framework/resource";
import { unknownValue, type Properties } from "../framework/values";
import { getPermissions, getRoles } from "../functions";
import type { Context } from "../runtime/context";
import { DefaultRoles, Role } from "./index";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
let opened: ProcessContext[];
let warnings: string[];

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  [opened, warnings] = [[], []];
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
});
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  await emulator.close();
});

/** Another run, in a process of its own. */
function run(variables: Record<string, string> = {}): Context {
  const one = newContext(emulator, { variables, warn: (message) => warnings.push(message) });
  opened.push(one);
  return one.context;
}

const named = (name: string) => ({ project: "petra", stack: "test", name });
const permissions = ["TopicManagement.Create"];
const auditor = { groupId: "ic-app", name: "AUDITOR", permissions };

async function failuresOf(kind: Resource<Context>, news: Properties, olds?: Properties, context = run()) {
  const { failures } = await kind.check(context, named("one"), olds, news);
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}
const make = (news: Properties, context = run(), name = "one") => Role.create(context, named(name), news);
const live = async (id = "ic-app:AUDITOR") => (await call("GET", `/role/${id}`)).body;

test("a preview refuses names against Cockpit's rules, builtin roles, and permissions that don't exist with the nearest one", async () => {
  expect(await failuresOf(Role, { ...auditor, name: "auditor" })).toMatch(
    /^name: must have 3 to 40 characters/,
  );
  expect(await failuresOf(Role, { ...auditor, name: "BASIC_USER" })).toMatch(
    /^name: BASIC_USER is a builtin role/,
  );
  expect(await failuresOf(Role, { ...auditor, permissions: ["TopicManagement.Creat", "Cats"] })).toBe(
    'permissions: there is no permission "TopicManagement.Creat"; did you mean "TopicManagement.Create"?; there is no permission "Cats"',
  );
  expect(await failuresOf(Role, { ...auditor, permissions: [...permissions, ...permissions] })).toMatch(
    /twice/,
  );
  expect(await failuresOf(Role, { ...auditor, description: "x".repeat(301) })).toMatch(/longer than 300/);
  expect(await failuresOf(Role, { ...auditor, inheritsUpTo: -1 })).toMatch(/^inheritsUpTo: must not be less/);
  // Of a group that is yet to be created, too.
  expect(await failuresOf(Role, { ...auditor, groupId: unknownValue, permissions: ["Cats"] })).toMatch(
    /"Cats"/,
  );
  expect(await failuresOf(Role, { ...auditor, permissions: unknownValue })).toBe("");
});

test("a preview asks for permissions once, and not at all where nothing of it changes or the server doesn't tell", async () => {
  const context = run();
  emulator.clearRequests();
  await failuresOf(Role, auditor, auditor, context);
  const asked = () => emulator.requests().filter(({ path }) => path.endsWith("/permissions")).length;
  expect(asked()).toBe(0);
  await failuresOf(Role, { ...auditor, name: "ONE" }, undefined, context);
  await failuresOf(Role, { ...auditor, name: "TWO" }, undefined, context);
  expect(asked()).toBe(1);
  emulator.addFault({ path: "/rest/v2/aa/icure/permissions", action: { status: 403 } });
  expect(await failuresOf(Role, { ...auditor, permissions: ["Cats"] })).toBe("");
});

test("two resources of one name in one group are refused in the preview", async () => {
  const context = run();
  await Role.check(context, named("one"), undefined, auditor);
  const { failures } = await Role.check(context, named("two"), undefined, auditor);
  expect(failures).toMatchObject([{ property: "name" }]);
});

test("permissions and inheritance change in place, in any order no change; another description replaces under the same id", async () => {
  const { id, state } = await make({ ...auditor, description: "Reads", inheritsUpTo: 1 });
  expect(id).toBe("ic-app:AUDITOR");
  const both = ["UserManagement.Search", ...permissions];
  await Role.update(run(), id, state, { ...auditor, description: "Reads", permissions: both }, named("one"));
  expect(await live()).toMatchObject({ permissions: both, description: "Reads" });
  expect(await live()).not.toHaveProperty("inheritableUpTo");

  const read = await Role.read(run(), id, { ...state, permissions: [...both].reverse() }, named("one"));
  expect(read).toMatchObject({ permissions: [...both].reverse() });
  expect(read).not.toHaveProperty("inheritsUpTo");
  const diff = (news: Properties) =>
    Role.diff(
      run(),
      id,
      { ...read },
      { ...auditor, permissions: both, description: "Reads", ...news },
      named("one"),
    );
  expect(await diff({})).toEqual({ updates: [], replaces: [] });
  expect(await diff({ inheritsUpTo: 0 })).toEqual({ updates: ["inheritsUpTo"], replaces: [] });
  expect(await diff({ description: "Looks" })).toEqual({ updates: [], replaces: ["description"] });
  expect(Role.deleteBeforeReplace).toBe(true);
});

test("a role that is there is taken over when told so, and only as it is declared", async () => {
  await make({ ...auditor, description: "Reads" });
  await expect(make(auditor)).rejects.toMatchObject({
    code: "already-exists",
    toType: { adopt: "ic-app:AUDITOR" },
  });
  const adopting = () => run({ COCKPIT_ADOPT: "ic-app:AUDITOR" });
  await expect(make({ ...auditor, inheritsUpTo: 0 }, adopting())).rejects.toMatchObject({
    code: "adoption-mismatch",
    what: expect.stringMatching(/description.*inheritsUpTo/) as unknown,
  });
  expect(await make({ ...auditor, description: "Reads" }, adopting())).toMatchObject({
    id: "ic-app:AUDITOR",
  });
});

test("a role of which the answer was lost is created once, and deleted manually it is gone", async () => {
  emulator.addFault({
    method: "POST",
    path: "/rest/v2/role/*",
    phase: "after",
    times: 1,
    action: { drop: true },
  });
  const { id, state } = await make(auditor);
  expect(await live()).toMatchObject({ name: "AUDITOR" });
  await call("DELETE", `/role/${id}?rev=${String((await live()).rev)}`);
  expect(await Role.read(run(), id, state, named("one"))).toBeUndefined();
  await expect(Role.update(run(), id, state, auditor, named("one"))).rejects.toMatchObject({
    code: "deleted-outside",
  });
  await Role.delete(run(), id, state, named("one"));
});

test("a role in use is not deleted, whoever has it; one that only gets another description is", async () => {
  const { id, state } = await make(auditor);
  await call("POST", "/user/inGroup/ic-db", { body: { id: "u1", login: "one", name: "Ada" } });
  const give = (ids: string[]) => call("POST", "/user/u1/inGroup/ic-db/roles/set", { body: { ids } });
  const setDefaults = (ids: string[]) =>
    call("POST", "/group/ic-db/defaultRoles?userType=USER", { body: { ids } });
  await give([id]);
  await setDefaults([id]);
  const destroy = () => Role.delete(run(), id, state, named("one"));
  await expect(destroy()).rejects.toMatchObject({
    code: "role-in-use",
    what: expect.stringMatching(/ic-app:AUDITOR.*"Db".*"Ada"/) as unknown,
  });

  const replacing = run();
  await Role.check(replacing, named("one"), auditor, { ...auditor, description: "New" });
  await Role.check(replacing, named("one"), undefined, { ...auditor, description: "New" });
  await Role.delete(replacing, id, state, named("one"));
  await make({ ...auditor, description: "New" });
  expect(
    (
      await call("POST", "/user/filter/inGroup/ic-db?includeMetadataFromGlobalUser=true", {
        body: { filter: { $type: "AllUsersFilter" } },
      })
    ).body,
  ).toMatchObject({
    rows: [{ systemMetadata: { roles: [id] } }],
  });

  await give(["BASIC_USER"]);
  await setDefaults(["BASIC_USER"]);
  await destroy();
  expect((await call("GET", `/role/${id}`)).status).toBe(404);
});

test("default roles of a kind of user are set, told what they were, and set back", async () => {
  await call("POST", "/group/ic-app/defaultRoles?userType=HCP", { body: { ids: ["BASIC_USER"] } });
  const declared = {
    groupId: "ic-app",
    userType: "healthcare-party",
    roles: ["TOPIC_MANAGER", "BASIC_USER"],
  };
  const { id, state } = await DefaultRoles.create(run(), named("one"), declared);
  expect(warnings.join()).toMatch(/had been set to BASIC_USER and are now BASIC_USER, TOPIC_MANAGER/);
  expect(state).toMatchObject({ previousRoles: ["BASIC_USER"] });
  const defaults = async () => (await call("GET", "/group/ic-db/defaultRoles")).body;
  expect(await defaults()).toMatchObject({
    HCP: [{ source: "INHERITED", roles: ["TOPIC_MANAGER", "BASIC_USER"] }],
  });
  expect(await DefaultRoles.read(run(), id, state, named("one"))).toEqual(state);
  expect(await DefaultRoles.import(run(), id, named("one"))).toMatchObject({ roles: declared.roles });
  expect(await DefaultRoles.list?.find(run(), { groupId: "ic-app" })).toEqual([
    { id: "ic-app/healthcare-party", name: "healthcare-party" },
  ]);

  await DefaultRoles.delete(run(), id, state, named("one"));
  expect(await defaults()).toMatchObject({ HCP: [{ roles: ["BASIC_USER"] }] });
  // Changed manually meanwhile, they are left alone.
  await DefaultRoles.delete(run(), id, state, named("one"));
  expect(warnings.at(-1)).toMatch(/were changed outside of this program since/);
});

test("a preview refuses roles that a group may not use: of another group, misspelt, no id", async () => {
  await make({ ...auditor, groupId: "ic-db", name: "INNER" });
  const declared = { groupId: "ic-app", userType: "user" };
  const refused = (roles: string[]) => failuresOf(DefaultRoles, { ...declared, roles });
  expect(await refused(["ic-db:INNER"])).toMatch(
    /roles: the group ic-app may not use the role "ic-db:INNER": it is of the group ic-db and not inherited from there/,
  );
  expect(await refused(["BASIC_USR"])).toMatch(/there is no role "BASIC_USR"; did you mean "BASIC_USER"\?/);
  expect(await refused(["no role"])).toMatch(/is not the id of a role/);
  expect(await refused(["BASIC_USER"])).toBe("");
  expect(await failuresOf(DefaultRoles, { ...declared, groupId: "ic-db", roles: ["ic-db:INNER"] })).toBe("");
});

test("roles are imported, listed and looked up", async () => {
  await make({ ...auditor, description: "Reads" });
  expect(await Role.import(run(), "ic-app:AUDITOR", named("one"))).toMatchObject({
    ...auditor,
    description: "Reads",
    deletionProtection: true,
  });
  expect(await Role.import(run(), "ic-app:NONE", named("one"))).toBeUndefined();
  await expect(Role.import(run(), "BASIC_USER", named("one"))).rejects.toMatchObject({
    code: "invalid-value",
  });
  expect(await Role.list?.find(run(), { groupId: "ic-app" })).toEqual([
    { id: "ic-app:AUDITOR", name: "AUDITOR" },
  ]);
  expect(await Role.list?.find(run(), { groupId: "ic-db" })).toEqual([]);
  const { roles } = (await getRoles.call(run(), { groupId: "ic-db" })) as { roles: Properties[] };
  expect(roles).toContainEqual({
    id: "ic-app:AUDITOR",
    name: "AUDITOR",
    permissions,
    description: "Reads",
    isBuiltin: false,
  });
  expect(roles).toContainEqual(expect.objectContaining({ id: "BASIC_USER", isBuiltin: true }));
  const { permissions: all } = (await getPermissions.call(run(), {})) as { permissions: string[] };
  expect(all).toContain("TopicManagement.Create");
});
