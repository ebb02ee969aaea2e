import { generateKeyPairSync } from "node:crypto";
import { Cockpit } from "../support/cockpit";
import { providerOf, until } from "../support/processes";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const groups = `
  const { ParentOrganisation, AccessToken } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  const france = new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
`;
const clinic = (more = "") =>
  `${groups}
  const clinic = new ParentOrganisation("clinic", {
    databaseId: france.id, name: "Clinique Petra", email: "clinique@petra.example", ${more}
  });
  exports.username = clinic.username;`;
const userPosts = { method: "POST", path: { regex: "/user/inGroup/[^/]+$" } };
const partyPosts = { method: "POST", path: { regex: "/hcparty/inGroup/[^/]+$" } };

interface Party {
  id: string;
  rev: string;
  name?: string;
  notes?: string;
  deletionDate?: number;
  publicKeysForOaepWithSha256?: string[];
}
interface User {
  id: string;
  rev: string;
  email?: string;
  login?: string;
  mobilePhone?: string;
  healthcarePartyId?: string;
  name?: string;
}

const databaseId = () => cockpit.liveGroup("France").id ?? "";
const party = (id: string | undefined) =>
  cockpit.asAdministrator("GET", `hcparty/inGroup/${databaseId()}/${id}`) as Promise<Party>;
const users = async () =>
  ((await cockpit.asAdministrator("GET", `user/inGroup/${databaseId()}`)) as { rows: User[] }).rows;
const writes = () =>
  cockpit.requestsSince().filter((request) => /^(POST|PUT|DELETE) \/(user|hcparty)/.test(request));

test("is a healthcare party and its user; name, e-mail, phone and key change in place", async () => {
  const project = await cockpit.project({ program: clinic() });
  await project.succeeds(project.up());
  const { id, outputs } = await project.resource("clinic");
  expect(await party(id)).toMatchObject({ name: "Clinique Petra" });
  const [user] = await users();
  expect(user).toMatchObject({
    email: "clinique@petra.example",
    healthcarePartyId: id,
    name: "Clinique Petra",
  });
  expect(outputs).toMatchObject({ userId: user?.id, username: `${databaseId()}/${user?.id}` });
  expect(writes()).toHaveLength(2);
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(writes()).toEqual([]);

  await cockpit.asAdministrator("PUT", `hcparty/inGroup/${databaseId()}`, {
    ...(await party(id)),
    notes: "by hand",
  });
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = publicKey.export({ format: "der", type: "spki" }).toString("hex");
  const token = `new AccessToken("backend", { groupId: france.id, userId: clinic.userId, expiresIn: "90d" });`;
  await project.write(clinic() + token);
  await project.succeeds(project.up());
  await project.write(
    clinic(`mobilePhone: "+32470123456", publicKey: "${key}"`)
      .replace("Clinique Petra", "Hôpital Petra")
      .replace("clinique@", "hopital@") + token,
  );
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.map(({ op, name }) => `${op} ${name}`)).toContain("update clinic");
  expect(preview.steps.filter(({ op }) => op !== "same").map(({ name }) => name)).toEqual(["clinic"]);
  expect(preview.output).toMatch(/~ name\s*: "Clinique Petra" => "Hôpital Petra"/);
  expect(preview.output).toMatch(/\+ mobilePhone\s*: "\+32470123456"/);
  await project.succeeds(project.up());
  expect(await party(id)).toMatchObject({
    name: "Hôpital Petra",
    notes: "by hand",
    publicKeysForOaepWithSha256: [key],
  });
  expect(await users()).toEqual([
    expect.objectContaining({ id: user?.id, email: "hopital@petra.example", mobilePhone: "+32470123456" }),
  ]);
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.write(groups);
  await project.succeeds(project.up());
  expect(await users()).toEqual([]);
  expect((await party(id)).deletionDate).toBeDefined();
});

test("refresh reports what was changed manually; a user that is gone is created again, and so is an organisation", async () => {
  const project = await cockpit.project({ program: clinic() });
  await project.succeeds(project.up());
  const { id } = await project.resource("clinic");
  const [user] = await users();
  await cockpit.asAdministrator("PUT", `hcparty/inGroup/${databaseId()}`, {
    ...(await party(id)),
    name: "Other",
  });
  await cockpit.asAdministrator("DELETE", `user/inGroup/${databaseId()}/${user?.id}?rev=${user?.rev}`);
  const refreshed = await project.succeeds(project.refresh());
  expect(refreshed.diagnostics).toMatch(/"Other" \(id .*\) has lost its user/);
  expect((await project.resource("clinic")).outputs).toMatchObject({ name: "Other", email: "", userId: "" });
  await project.succeeds(project.up());
  expect(await party(id)).toMatchObject({ name: "Clinique Petra" });
  const [second] = await users();
  expect(second).toMatchObject({ email: "clinique@petra.example", healthcarePartyId: id });
  expect(second?.id).not.toBe(user?.id);
  expect((await project.resource("clinic")).outputs.userId).toBe(second?.id);

  await cockpit.asAdministrator(
    "DELETE",
    `hcparty/inGroup/${databaseId()}/${id}?rev=${(await party(id)).rev}`,
  );
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  const recreated = (await project.resource("clinic")).id;
  expect(recreated).not.toBe(id);
  expect(await users()).toEqual([expect.objectContaining({ healthcarePartyId: recreated, id: second?.id })]);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await cockpit.asAdministrator(
    "DELETE",
    `hcparty/inGroup/${databaseId()}/${recreated}?rev=${(await party(recreated)).rev}`,
  );
  await project.succeeds(project.destroy());
});

test("[F36] lost answers make nothing twice; a user that fails is finished by the next run", async () => {
  const project = await cockpit.project({ program: clinic() });
  cockpit.emulator.addFault({ ...partyPosts, phase: "after", times: 1, action: { drop: true } });
  cockpit.emulator.addFault({ ...userPosts, action: { status: 400, body: { message: "not today" } } });
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/was created, but has no user yet:.*not today.*The next pulumi up goes on/);
  const { id } = await project.resource("clinic");

  cockpit.emulator.clearFaults();
  cockpit.emulator.addFault({ ...userPosts, phase: "after", times: 1, action: { cut: 20 } });
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/email\s*: "clinique@petra.example"/);
  cockpit.requestsSince();
  await project.succeeds(project.up());
  expect(writes().map((request) => request.replace(/ic-[\w-]+/, "ID"))).toEqual(["POST /user/inGroup/ID"]);
  expect((await project.resource("clinic")).id).toBe(id);
  expect(await users()).toHaveLength(1);
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("[F38] a provider that is killed after the POST leaves one organisation, which one command takes over", async () => {
  const project = await cockpit.project({ program: clinic() });
  cockpit.emulator.addFault({ ...partyPosts, phase: "after", action: { hang: true } });
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await until("the organisation is made", () =>
    cockpit.emulator.requests().some(({ method, path }) => method === "POST" && path.includes("/hcparty/")),
  );
  process.kill(providerOf(running.pid)?.pid ?? 0, "SIGKILL");
  await running.finished;

  cockpit.emulator.clearFaults();
  const stopped = await project.up();
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.output).toMatch(/the organisation "Clinique Petra" \(id [\w-]+\).*\[cockpit:already-exists/);
  const adopt = /COCKPIT_ADOPT=([\w-]+)/.exec(stopped.output)?.[1] ?? "";
  await project.succeeds(project.up([], { COCKPIT_ADOPT: adopt }));
  expect((await project.resource("clinic")).id).toBe(adopt);
  expect(await users()).toHaveLength(1);

  const other = await cockpit.project({
    stack: "other",
    program: `
      const { ParentOrganisation } = require("pulumi-cockpit");
      const declared = { databaseId: "${databaseId()}", name: "Clinique Petra", email: "clinique@petra.example" };
      new ParentOrganisation("clinic", declared);`,
  });
  const refused = await other.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(
    /email: "clinique@petra.example" already belongs to the user .*COCKPIT_ADOPT=/,
  );
  await other.succeeds(other.up([], { COCKPIT_ADOPT: adopt }));
  expect((await other.resource("clinic")).id).toBe(adopt);
  expect(await users()).toHaveLength(1);
});

test("bad input is refused with its property, before anything is created", async () => {
  const project = await cockpit.project({ program: groups });
  await project.succeeds(project.up());
  const bad = async (text: string): Promise<string> => {
    await project.write(`${groups} new ParentOrganisation("clinic", { ${text} });`);
    const { exitCode, output } = await project.preview();
    expect(exitCode).not.toBe(0);
    return output;
  };
  const output = await bad(
    `databaseId: france.id, name: " ", email: "clinique.petra.example", mobilePhone: "0470/12.34.56"`,
  );
  expect(output).toMatch(/must not be empty/);
  expect(output).toMatch(/is not a valid e-mail address/);
  expect(output).toMatch(/is not a valid phone number/);
  const pasted = "-----BEGIN PRIVATE KEY-----MIIcanary";
  const key = await bad(`databaseId: france.id, email: "a@petra.example", publicKey: "${pasted}"`);
  expect(key).toMatch(/publicKey: is a private key/);
  expect(key).not.toMatch(/MIIcanary/);

  await project.write(
    `${groups} new ParentOrganisation("c", { databaseId: petra.id, email: "a@petra.example" });`,
  );
  const misplaced = await project.up();
  expect(misplaced.output).toMatch(/databaseId: the solution "Petra" .*\[cockpit:wrong-kind\]/);
  await project.write(
    `${clinic()} new ParentOrganisation("twin", { databaseId: france.id, email: "clinique@petra.example" }, { dependsOn: clinic });`,
  );
  const twin = await project.preview();
  expect(twin.output).toMatch(/email.*another resource of this program gives it to somebody/s);
  expect(await users()).toEqual([]);
});
