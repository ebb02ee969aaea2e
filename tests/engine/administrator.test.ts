import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

interface User {
  id: string;
  rev: string;
  name?: string;
  email?: string;
  login?: string;
  mobilePhone?: string;
  systemMetadata: { isAdmin: boolean };
}

const solution = `
  const { Administrator } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
`;
const ada = (more = "", groupId = "petra.id") =>
  `${solution}
  const ada = new Administrator("ada", { groupId: ${groupId}, name: "Ada", email: "ada@petra.example", ${more} });`;
const adminPosts = { method: "POST", path: { regex: "/user/admin/inGroup/" } };

const environmentId = () => cockpit.emulator.environmentId;
const users = async (groupId = cockpit.liveGroup("Petra").id) =>
  (
    (await cockpit.asAdministrator("GET", `user/inGroup/${groupId}?includeMetadataFromGlobalUser=true`)) as {
      rows: User[];
    }
  ).rows;
const adoptionIn = (output: string) => /COCKPIT_ADOPT=([\w/-]+)/.exec(output)?.[1] ?? "";

test("administers a solution; name, e-mail and phone change in place, and what is changed manually is drift", async () => {
  const project = await cockpit.project({ program: ada() });
  await project.succeeds(project.up());
  const [made] = await users();
  expect(made).toMatchObject({ name: "Ada", email: "ada@petra.example", systemMetadata: { isAdmin: true } });
  expect((await project.resource("ada")).id).toBe(`${cockpit.liveGroup("Petra").id}/${made?.id}`);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.write(
    ada(`mobilePhone: "+32470123456"`).replace('"Ada"', '"Ada P."').replace("ada@", "a.p@"),
  );
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`)).toEqual([
    "update ada",
  ]);
  expect(preview.output).toMatch(/~ email\s*: "ada@petra.example" => "a.p@petra.example"/);
  await project.succeeds(project.up());
  const [changed] = await users();
  expect(changed).toMatchObject({
    id: made?.id,
    name: "Ada P.",
    email: "a.p@petra.example",
    login: "a.p@petra.example",
    mobilePhone: "+32470123456",
    systemMetadata: { isAdmin: true },
  });
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  const powerless = { ...changed, systemMetadata: { isAdmin: false, roles: [], inheritsRoles: true } };
  cockpit.emulator.addFault({
    method: "POST",
    path: "/rest/v2/user/filter/inGroup/*",
    action: { status: 200, body: { rows: [powerless] } },
  });
  expect((await project.succeeds(project.refresh())).diagnostics).toMatch(
    /the user "Ada P\." .* is declared as an administrator but has lost its rights/,
  );
  cockpit.emulator.clearFaults();

  await cockpit.asAdministrator("PUT", `user/inGroup/${cockpit.liveGroup("Petra").id}`, {
    ...changed,
    name: "Other",
  });
  await project.succeeds(project.refresh());
  expect((await project.resource("ada")).outputs.name).toBe("Other");
  await project.succeeds(project.up());
  const [mended] = await users();
  expect(mended?.name).toBe("Ada P.");

  await cockpit.asAdministrator(
    "DELETE",
    `user/inGroup/${cockpit.liveGroup("Petra").id}/${mended?.id}?rev=${mended?.rev}`,
  );
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  const [recreated] = await users();
  expect(recreated?.id).not.toBe(made?.id);
  await project.write(solution);
  await project.succeeds(project.up());
  expect(await users()).toEqual([]);
});

test("a lost answer makes no second one; one that is there already is taken over when told so, and only as declared", async () => {
  const project = await cockpit.project({ program: ada() });
  cockpit.emulator.addFault({ ...adminPosts, phase: "after", times: 1, action: { drop: true } });
  await project.succeeds(project.up());
  expect(await users()).toHaveLength(1);
  expect(cockpit.requestsSince().filter((request) => request.startsWith("POST /user/admin"))).toHaveLength(1);

  const groupId = `"${cockpit.liveGroup("Petra").id}"`;
  const declared = ada("", groupId).replace(/const petra.*/, "");
  const other = await cockpit.project({ stack: "other", program: declared });
  const stopped = await other.up();
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.output).toMatch(/email: "ada@petra.example" already belongs to the administrator "Ada"/);
  const env = { COCKPIT_ADOPT: adoptionIn(stopped.output) };
  await other.write(declared.replace('"Ada"', '"Eve"'));
  expect((await other.up([], env)).output).toMatch(/name: "Ada", declared is "Eve".*Nothing was changed/);
  await other.write(declared);
  await other.succeeds(other.up([], env));
  expect((await other.resource("ada")).id).toBe(env.COCKPIT_ADOPT);
  expect(await users()).toHaveLength(1);

  await other.write(
    `${declared} new Administrator("eve", { groupId: ${groupId}, email: "eve@petra.example" });`,
  );
  await other.succeeds(other.up());
  await other.write(
    `${declared} new Administrator("eve", { groupId: ${groupId}, email: "ada@petra.example" });`,
  );
  expect((await other.up()).output).toMatch(/email.*another resource of this program gives it to somebody/s);
});

test("neither the account of the run nor the last administrator of an environment is deleted", async () => {
  const [own] = await users(environmentId());
  const account = `new Administrator("petra", {
    groupId: "${environmentId()}", name: "${own?.name}", email: "${own?.email}"
  });`;
  const prologue = `const { Administrator } = require("pulumi-cockpit");`;
  const project = await cockpit.project({ program: prologue + account });
  await project.succeeds(project.up([], { COCKPIT_ADOPT: `${environmentId()}/${own?.id}` }));
  const kept = await project.destroy();
  expect(kept.exitCode).not.toBe(0);
  expect(kept.output).toMatch(/is the account that this run is logged in as, so it is not deleted/);
  expect(await users(environmentId())).toHaveLength(1);

  const second = `new Administrator("second", { groupId: "${environmentId()}", email: "second@petra.example" });`;
  await project.write(prologue + account + second);
  await project.succeeds(project.up());
  await project.write(prologue + account);
  await project.succeeds(project.up());
  expect(await users(environmentId())).toHaveLength(1);
});

test("bad input is refused with its property", async () => {
  const project = await cockpit.project({
    program: `${solution} new Administrator("ada", { groupId: petra.id, email: "ada at petra", mobilePhone: "none" });`,
  });
  const { exitCode, output } = await project.preview();
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/is not a valid e-mail address/);
  expect(output).toMatch(/is not a valid phone number/);
  await project.write(ada("", `"ic-nowhere"`));
  expect((await project.up()).output).toMatch(
    /groupId: there is no environment or solution or database "ic-nowhere" in the environment/,
  );
});
