import { Cockpit } from "../support/cockpit";
import type { Project } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const generic = "6ba7b816-9dad-11d1-80b4-00c04fd430c8";
const base = `
  const { AuthenticationProcess, ExternalServices, ParentOrganisation } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  const france = new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
`;
const demo = `const services = new ExternalServices("services", { demo: true });\n`;
const clinic = `const clinic = new ParentOrganisation("clinic", { databaseId: france.id, name: "Clinic", email: "clinic@petra.example" });\n`;
const process = (args: string, name = "code") =>
  `new AuthenticationProcess("${name}", { groupId: france.id, ${args} }, { dependsOn: typeof services === "undefined" ? [] : [services] });\n`;
const login = process('template: "login"');

interface LiveProcess {
  id: string;
  subject?: string;
  message?: string;
  [field: string]: unknown;
}
const processes = async () => {
  const groupId = cockpit.liveGroup("France").id ?? "";
  return (await cockpit.gatewayAsAdministrator("GET", `process?groupId=${groupId}`)) as LiveProcess[];
};
const theProcess = async (): Promise<LiveProcess> => {
  const [one, ...more] = await processes();
  expect(more).toEqual([]);
  return one as LiveProcess;
};
const writes = () =>
  cockpit
    .requestsSince()
    .filter((request) => request.includes("/msggtw/") && !request.startsWith("GET "))
    .map((request) => request.replace(/\/msggtw\/[^/]+/, "").replace(/[\w-]{30,}/g, "ID"));

async function createdProject(program: string): Promise<Project> {
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  return project;
}

test("a whole life: texts and name change in place, drift is seen, deletion warns", async () => {
  const project = await createdProject(
    base +
      demo +
      clinic +
      process('template: "patient-registration", parentOrganisationId: clinic.id, shareWithParent: true'),
  );
  const live = await theProcess();
  expect(live).toMatchObject({
    workflow: "patient-registration",
    language: "en",
    name: "code",
    subject: "Your confirmation code: {{it.validationCode}}",
    parentOrganisationId: (await project.resource("clinic")).id,
    shareWithParent: true,
  });
  expect((await project.resource("code")).id).toBe(live.id);
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.preview(["--expect-no-changes"]));

  const changed =
    base +
    demo +
    clinic +
    process(
      'name: "Codes", template: "patient-registration", parentOrganisationId: clinic.id, email: { subject: "{{it.validationCode}}!" }',
    );
  await project.write(changed);
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.filter(({ op }) => op !== "same")).toEqual([
    expect.objectContaining({ op: "update", name: "code" }),
  ]);
  expect(preview.output).toMatch(/~ subject: "Your confirmation code: .*" => "\{\{it\.validationCode\}\}!"/);
  cockpit.requestsSince();
  await project.succeeds(project.up());
  expect(writes()).toEqual(["PUT /process/ID"]);
  expect(await theProcess()).toMatchObject({ id: live.id, name: "Codes", subject: "{{it.validationCode}}!" });

  const now = await theProcess();
  await cockpit.gatewayAsAdministrator("PUT", `process/${live.id}`, {
    ...now,
    subject: "By hand {{it.validationCode}}",
  });
  await project.succeeds(project.refresh());
  expect((await project.succeeds(project.preview())).output).toMatch(/~ subject: "By hand/);
  await project.succeeds(project.up());
  expect(await theProcess()).toMatchObject({ subject: "{{it.validationCode}}!" });

  await cockpit.gatewayAsAdministrator("DELETE", `process/${live.id}`);
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  expect((await theProcess()).id).not.toBe(live.id);

  await project.write(base + demo + clinic);
  const gone = await project.succeeds(project.up());
  expect(gone.diagnostics).toMatch(/the process "Codes" .* is deleted\. Apps that still use this id/);
  expect(await processes()).toEqual([]);
});

test("a language changes in place, another workflow is another process; the old one goes first", async () => {
  const project = await createdProject(base + demo + login);
  const { id } = await theProcess();
  await project.write(base + demo + process('template: "login", language: "fr"'));
  const inPlace = await project.succeeds(project.preview());
  expect(inPlace.output).toMatch(/~ language\s*: "en" => "fr"/);
  expect(inPlace.output).not.toMatch(/replace|another id/);
  cockpit.requestsSince();
  await project.succeeds(project.up());
  expect(writes()).toEqual(["PUT /process/ID"]);
  expect(await theProcess()).toMatchObject({ id, language: "fr" });
  await cockpit.gatewayAsAdministrator("PUT", `process/${id}`, { ...(await theProcess()), language: "nl" });
  await project.succeeds(project.refresh());
  expect((await project.succeeds(project.preview())).output).toMatch(/~ language\s*: "nl" => "fr"/);

  await project.write(
    base +
      demo +
      process('template: "generic", email: { subject: "{{ service }}", body: "<p>{{date}}</p>" }'),
  );
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.find(({ name }) => name === "code")?.op).toMatch(/replace/);
  expect(preview.diagnostics).toMatch(
    /changing template makes another process with another id.*EMAIL_AUTHENTICATION_PROCESS_ID/,
  );
  cockpit.requestsSince();
  await project.succeeds(project.up());
  expect(writes().map((request) => request.split(" ")[0])).toEqual(["DELETE", "POST"]);
  expect((await theProcess()).id).not.toBe(id);
  expect(await theProcess()).toMatchObject({ subject: "{{ service }}" });

  await project.write(
    base + demo + process('managed: false, processId: "by-hand"').replace("groupId: france.id, ", ""),
  );
  await project.succeeds(project.up());
  expect(await processes()).toEqual([]);
  expect((await project.resource("code")).id).toBe("by-hand");
  cockpit.requestsSince();
  await project.succeeds(project.refresh());
  expect(cockpit.requestsSince().filter((request) => request.includes("/process"))).toEqual([]);
  await project.succeeds(project.destroy());
});

test("a gateway that keeps the language of a process says the way to another one, which works to the letter", async () => {
  await cockpit.dispose();
  cockpit = await Cockpit.start({ seed: { assumptions: { processLanguage: "fixed" } } });
  const project = await createdProject(base + demo + login);
  const { id } = await theProcess();
  const french = base + demo + process('template: "login", language: "fr"');
  await project.write(french);
  expectRefusal(
    await project.up(),
    /language: .* The language of a process can't be changed.* it was to go from "en" to "fr"/,
    /give the options of "code" replaceOnChanges: \["language"\] .* deletes the process .* another id/,
  );
  expect(await theProcess()).toMatchObject({ id, language: "en" });
  await project.write(french.replace("{ dependsOn:", '{ replaceOnChanges: ["language"], dependsOn:'));
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.find(({ name }) => name === "code")?.op).toMatch(/replace/);
  await project.succeeds(project.up());
  expect(await theProcess()).toMatchObject({ language: "fr" });
  expect((await theProcess()).id).not.toBe(id);
});

test("several of one template and language, by e-mail and by SMS, and before their channel can send", async () => {
  const mail = `const services = new ExternalServices("services", { sender: { email: "a@petra.example" }, email: { type: "sendgrid", apiKey: "SG.4kVq0Y2tTlC9" } });\n`;
  const patients = 'template: "patient-registration", parentOrganisationId: clinic.id';
  const reminder = (text: string) =>
    `template: "generic", email: { subject: "${text}", body: "<p>{{ date }}</p>" }`;
  const several =
    clinic +
    process(`${patients}, email: {}`, "patient-email") +
    process(`${patients}, sms: {}`, "patient-sms") +
    process(reminder("Confirmed"), "confirmation") +
    process(reminder("Cancelled"), "cancellation");
  const project = await createdProject(base + several);
  const ids = (await processes()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  const names = ["patient-email", "patient-sms", "confirmation", "cancellation"];
  const inState = await Promise.all(names.map(async (name) => (await project.resource(name)).id));
  expect(inState.sort()).toEqual(ids.sort());

  await project.write(base + mail + several);
  const quiet = await project.succeeds(project.up());
  expect(quiet.diagnostics).not.toMatch(/the process/);
  await project.write(base + mail + several + process('template: "login", sms: {}', "login-sms"));
  const silent = await project.succeeds(project.up());
  expect(silent.diagnostics).toMatch(
    /the process "login-sms" is there, and sends no SMS yet: .* have no provider of SMS/,
  );
  await project.write(
    base + demo + several + process('template: "login", name: "Login", sms: {}', "login-sms"),
  );
  expect((await project.succeeds(project.up())).diagnostics).toMatch(
    /"Login" is there, and sends no SMS: the environment has Cockpit's demo set-up/,
  );
  expect((await processes()).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  await project.succeeds(project.refresh(["--expect-no-changes"]));
});

test("what can't work is refused before anything is sent, by the property's name", async () => {
  const mail = `const services = new ExternalServices("services", { sender: { email: "a@petra.example" }, email: { type: "sendgrid", apiKey: "SG.4kVq0Y2tTlC9" } });\n`;
  const project = await cockpit.project({ program: base + mail });

  const parent = (id: string) => process(`template: "patient-registration", parentOrganisationId: ${id}`);
  const elsewhere = `const belgium = new Database("belgium", { name: "Belgium", solutionId: petra.id, deletionProtection: false });
    const clinic = new ParentOrganisation("clinic", { databaseId: belgium.id, name: "Clinic", email: "clinic@petra.example" });\n`;
  await project.write(base + mail + elsewhere + parent("clinic.id"));
  expectRefusal(await project.up(), /parentOrganisationId: .*\[cockpit:organisation-not-found\]/);

  await project.write(
    base + mail + process('template: "organisation-registration"').replace("france.id", "petra.id"),
  );
  expectRefusal(await project.up(), /groupId: the solution "Petra" .*\[cockpit:wrong-kind\]/);
  await project.write(base + mail + login.replace("france.id", '"ic-nowhere"'));
  expectRefusal(await project.up(), /groupId: .*"ic-nowhere".*\[cockpit:parent-not-found\]/);
  cockpit.requestsSince();
  await project.write(base + mail + login);
  await project.succeeds(project.up());
  expect(await processes()).toHaveLength(1);
});

test("one that is there already, word for word, is taken over only when it is named; another one is left alone", async () => {
  const project = await createdProject(base + demo);
  const group = cockpit.liveGroup("France").id ?? "";
  const { id } = (await cockpit.gatewayAsAdministrator(
    "POST",
    `process/template/${generic}/${group}?language=en`,
    {
      name: "by hand",
      subject: "Hello",
      body: "<p>Hello</p>",
    },
  )) as LiveProcess;
  const declared = (name: string, text: string) =>
    base +
    demo +
    process(`template: "generic", name: "${name}", email: { subject: "${text}", body: "<p>${text}</p>" }`);
  await project.write(declared("by hand", "Hello"));
  expectRefusal(
    await project.up(),
    /the process "by hand" .*\[cockpit:already-exists\]/,
    `COCKPIT_ADOPT=${id}`,
  );
  expect(await theProcess()).toMatchObject({ id, subject: "Hello" });
  await project.write(declared("code", "Mine"));
  expectRefusal(
    await project.up([], { COCKPIT_ADOPT: id }),
    /COCKPIT_ADOPT names the process "by hand" .* declared with the name "code".*\[cockpit:adoption-mismatch\]/,
  );
  await project.write(declared("by hand", "Mine"));
  await project.succeeds(project.up([], { COCKPIT_ADOPT: id }));
  expect(await theProcess()).toMatchObject({ id, subject: "Mine" });
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.write(
    declared("by hand", "Mine") +
      process('template: "generic", email: { subject: "Mine", body: "<p>Mine</p>" }', "more"),
  );
  await project.succeeds(project.up());
  expect(await processes()).toHaveLength(2);
});

test("an answer that is lost in flight makes nothing twice", async () => {
  cockpit.emulator.addFault({
    method: "POST",
    path: "**/process/template/**",
    phase: "after",
    times: 1,
    action: { drop: true },
  });
  const project = await createdProject(base + demo + login);
  expect((await project.resource("code")).id).toBe((await theProcess()).id);
  expect(writes().filter((request) => request.startsWith("POST /process"))).toHaveLength(1);
});

test("[F36] a gateway that is in trouble half-way is told, and a second up finishes", async () => {
  const project = await cockpit.project({ program: base + demo + login });
  cockpit.emulator.addFault({ method: "POST", path: "**/process/template/**", action: { status: 401 } });
  expectRefusal(await project.up(), /administrators of the environment itself/);
  cockpit.emulator.clearFaults();
  await project.succeeds(project.up());
  expect(await processes()).toHaveLength(1);
});

describe("a gateway that knows only what is published", () => {
  beforeEach(async () => {
    await cockpit.dispose();
    cockpit = await Cockpit.start({ seed: { assumptions: { gateway: "published-only" } } });
  });

  test("takes a template's UUID, is believed about the rest, and says what it can't do", async () => {
    const hello = process(
      `template: "${generic}", email: { subject: "Hello", body: "<p>{{it.firstName}}</p>" }`,
    );
    const project = await cockpit.project({ program: base + login });
    expectRefusal(await project.up(), /template: this gateway does not list its templates.*UUID/);
    await project.write(base + hello);
    await project.succeeds(project.up());
    const { id } = await project.resource("code");
    const refreshed = await project.succeeds(project.refresh());
    expect(refreshed.diagnostics).toMatch(
      /does not return its processes, so they are assumed to be as they were created/,
    );
    expect((await project.resource("code")).id).toBe(id);
    await project.succeeds(project.preview(["--expect-no-changes"]));

    await project.write(base + hello.replace("Hello", "Hi"));
    expectRefusal(await project.up(), /doesn't know .*managed: false/);
    await project.write(
      base + process(`managed: false, processId: "${id}"`).replace("groupId: france.id, ", ""),
    );
    await project.succeeds(project.up());
    expect((await project.resource("code")).id).toBe(id);
    await project.succeeds(project.destroy());
  });

  test("can't find a process whose answer was lost, and the error says what to do", async () => {
    cockpit.emulator.addFault({
      method: "POST",
      path: "**/process/template/**",
      phase: "after",
      action: { drop: true },
    });
    const hello = process(`template: "${generic}", email: { subject: "Hello", body: "<p>Hello</p>" }`);
    const project = await cockpit.project({ program: base + hello });
    expectRefusal(
      await project.up(),
      /lists no processes.*can't be found again\. Look in Cockpit whether group .* has it.*managed: false/,
    );
    expect(writes()).toEqual([expect.stringMatching(/^POST \/process\/template/)]);
  });
});
