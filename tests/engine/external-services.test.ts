import { Cockpit } from "../support/cockpit";
import { confirmationOf } from "../support/confirmation";
import { providerOf, until } from "../support/processes";
import type { Project, Run } from "../support/project";
import { expectNoSecret, expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const canary = "canary-4kVq0Y2tTlC9";
const prologue = `const { ExternalServices } = require("pulumi-cockpit");\n`;
const services = (args: string, options = "{}") =>
  `${prologue}const services = new ExternalServices("services", { ${args} }, ${options});\n`;
const smtp = (password: string, more = "") =>
  `sender: { email: "hello@petra.example" }, email: { type: "smtp", host: "smtp.petra.example", user: "petra", password: "${password}" }, ${more}`;

const spec = () => cockpit.gatewayAsAdministrator("GET", "spec") as Promise<Record<string, unknown>>;
const gatewayRequests = () => cockpit.requestsSince().filter((request) => request.includes("/msggtw/"));
const writes = () => gatewayRequests().filter((request) => !request.startsWith("GET "));

async function expectNothingLeaks(project: Project, ...runs: Run[]): Promise<void> {
  const log = JSON.stringify(cockpit.emulator.requests());
  for (const text of [...runs.map(({ output }) => output), await project.stateText(), log]) {
    expectNoSecret(text, canary, `${canary}-2`, `${canary}-captcha`, `${canary}-sms`);
  }
}

test("a whole life: previewed without a write, created once, unchanged, refreshed, deleted", async () => {
  const program = `${services(
    smtp(
      canary,
      `captcha: { type: "friendlyCaptcha", siteKey: "FCMPETRA", secretKey: "${canary}-captcha" },
       sms: { type: "twilio", from: "+3225550100", sid: "AC1", token: "${canary}-sms" }`,
    ),
  )}
    exports.specId = services.specId;
    exports.site = services.friendlyCaptchaSiteKey;
    exports.kerberus = services.kerberusSiteKey;`;
  const project = await cockpit.project({ program });
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/apiKey|password\s*: \[secret\]/);
  expect(writes()).toEqual([]);

  const up = await project.succeeds(project.up());
  const id = cockpit.emulator.environmentId;
  expect(await spec()).toMatchObject({
    label: "pulumi:petra/test/services",
    sender: { email: "hello@petra.example" },
    email: { type: "smtp", host: "smtp.petra.example", user: "petra" },
    sms: { type: "twilio", from: "+3225550100", sid: "AC1" },
    captcha: { type: "friendlyCaptcha", siteKey: "FCMPETRA" },
    demo: false,
  });
  expect(writes()).toEqual([expect.stringMatching(/^POST .*\/spec$/)]);
  const { id: stateId, outputs } = await project.resource("services");
  expect(stateId).toBe(id);
  expect(outputs).toMatchObject({
    specId: id,
    kerberusSiteKey: id,
    friendlyCaptchaSiteKey: "FCMPETRA",
    managed: true,
  });

  await project.succeeds(project.preview(["--expect-no-changes"]));
  const refresh = await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(writes()).toEqual([]);
  await expectNothingLeaks(project, preview, up, refresh);

  await project.succeeds(project.destroy());
  await expect(spec()).rejects.toThrow(/404/);
});

test("rotating a key is one visible update that shows no value", async () => {
  const project = await cockpit.project({ program: services(smtp(canary)) });
  await project.succeeds(project.up());
  await project.write(services(smtp(`${canary}-2`)));
  const preview = await project.succeeds(project.preview());
  expect(preview.steps).toEqual([expect.objectContaining({ op: "update", name: "services" })]);
  expect(preview.output).toMatch(/~ password: \[secret\] => \[secret\]/);
  writes();
  const up = await project.succeeds(project.up(["--diff"]));
  expect(writes()).toEqual([expect.stringMatching(/^PUT .*\/spec$/)]);
  const unchanged = await project.succeeds(project.preview(["--expect-no-changes"]));
  await expectNothingLeaks(project, preview, up, unchanged);
});

test("providers, sender, captcha and the demo set-up change in place", async () => {
  const project = await cockpit.project({ program: services("demo: true") });
  await project.succeeds(project.up());
  expect(await spec()).toMatchObject({ demo: true });
  const { outputs } = await project.resource("services");
  expect(outputs).toMatchObject({ kerberusSiteKey: cockpit.emulator.environmentId });
  expect(outputs).not.toHaveProperty("friendlyCaptchaSiteKey");
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  await project.write(
    services(`sender: { email: "a@petra.example" }, email: { type: "sendgrid", apiKey: "${canary}" },
      captcha: { type: "recaptcha", siteKey: "6LPETRA", secretKey: "${canary}-captcha" }`),
  );
  const changed = await project.succeeds(project.up(["--diff"]));
  expect(changed.steps).toEqual([expect.objectContaining({ op: "update" })]);
  expect(await spec()).toMatchObject({
    demo: false,
    email: { type: "sendgrid" },
    captcha: { type: "recaptcha" },
  });
  expect((await project.resource("services")).outputs).toMatchObject({ recaptchaSiteKey: "6LPETRA" });

  await project.write(services(`sms: { type: "ringring", apiKey: "${canary}-sms" }`));
  const swapped = await project.succeeds(project.up(["--diff"]));
  expect(await spec()).toMatchObject({ captcha: { type: "kerberus" }, sms: { type: "ringring" } });
  expect(await spec()).not.toHaveProperty("email");
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await expectNothingLeaks(project, changed, swapped);
});

test("refresh finds what was changed manually, keeps the keys, and the next up puts it right", async () => {
  const project = await cockpit.project({ program: services(smtp(canary)) });
  await project.succeeds(project.up());
  const live = await spec();
  await cockpit.gatewayAsAdministrator("PUT", "spec", {
    ...live,
    captchaSiteKeys: undefined,
    sender: { email: "other@petra.example", phone: "+3225550100" },
    email: { type: "smtp", host: "other.example", port: 25, user: "petra", password: "by-hand" },
  });
  const refresh = await project.succeeds(project.refresh());
  expect((await project.resource("services")).outputs).toMatchObject({
    sender: { email: "other@petra.example" },
  });
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/~ host: "other.example" => "smtp.petra.example"/);
  expect(preview.output).not.toMatch(/password|port|phone/);
  const up = await project.succeeds(project.up());
  expect(await spec()).toMatchObject({ email: { host: "smtp.petra.example" } });
  await expectNothingLeaks(project, refresh, preview, up);

  await cockpit.gatewayAsAdministrator("PUT", "spec", {
    rev: (await spec()).rev,
    label: "pulumi:petra/test/services",
    sender: { email: "hello@petra.example" },
    email: { type: "sendgrid", apiKey: "by-hand" },
    captcha: { type: "kerberus" },
  });
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  expect(await spec()).toMatchObject({ email: { type: "smtp" } });
  await expectNothingLeaks(project);
});

test("what was deleted manually is created again, and deleting it again is quiet", async () => {
  const project = await cockpit.project({ program: services("demo: true") });
  await project.succeeds(project.up());
  await cockpit.gatewayAsAdministrator("DELETE", "spec");
  const refresh = await project.succeeds(project.refresh());
  expect(refresh.output).toMatch(/deleted/);
  await project.succeeds(project.up());
  expect(await spec()).toMatchObject({ demo: true });
  await cockpit.gatewayAsAdministrator("DELETE", "spec");
  await project.succeeds(project.destroy());
});

describe("external services that somebody else has set", () => {
  beforeEach(() =>
    cockpit.gatewayAsAdministrator("POST", "spec", {
      label: "by the operations team",
      sender: { email: "ops@petra.example" },
      email: { type: "sendgrid", apiKey: canary },
      captcha: { type: "kerberus" },
    }),
  );

  test("are never overwritten, until COCKPIT_ADOPT names them, and by a demo set-up not even then", async () => {
    const project = await cockpit.project({ program: services(smtp(canary)) });
    const refused = await project.up();
    const id = cockpit.emulator.environmentId;
    expectRefusal(
      refused,
      /labelled "by the operations team", sender ops@petra\.example\).*\[cockpit:services-exist\]/,
      `COCKPIT_ADOPT=${id}`,
    );
    await expectNothingLeaks(project, refused);
    await project.write(services("demo: true"));
    expectRefusal(
      await project.up([], { COCKPIT_ADOPT: id }),
      /sendgrid\).*\[cockpit:providers-would-be-lost\]/,
    );
    expect(await spec()).toMatchObject({ label: "by the operations team" });

    await project.write(services(smtp(canary)));
    await project.succeeds(project.up([], { COCKPIT_ADOPT: id }));
    expect(await spec()).toMatchObject({ label: "pulumi:petra/test/services", email: { type: "smtp" } });
    await project.succeeds(project.preview(["--expect-no-changes"]));
  });

  test("are recorded without a call by managed: false, and come under management when it goes", async () => {
    cockpit.requestsSince();
    const project = await cockpit.project({
      program: services('managed: false, siteKeys: { friendlyCaptcha: "FCMHAND" }'),
    });
    await project.succeeds(project.up());
    await project.succeeds(project.refresh());
    expect((await project.resource("services")).outputs).toMatchObject({
      specId: cockpit.emulator.environmentId,
      kerberusSiteKey: cockpit.emulator.environmentId,
      friendlyCaptchaSiteKey: "FCMHAND",
    });
    expect(gatewayRequests()).toEqual([]);

    await project.write(services(smtp(canary)));
    expectRefusal(await project.up(), /\[cockpit:services-exist\]/);
    await project.succeeds(project.up([], { COCKPIT_ADOPT: cockpit.emulator.environmentId }));
    expect(await spec()).toMatchObject({ email: { type: "smtp" } });
    await project.write(services("managed: false"));
    await project.succeeds(project.up());
    await project.succeeds(project.destroy());
    expect(await spec()).toMatchObject({ email: { type: "smtp" } });
  });
});

test("[F35] what another stack took over is neither changed nor deleted by the one that made it", async () => {
  const id = cockpit.emulator.environmentId;
  const first = await cockpit.project({ program: services("demo: true") });
  await first.succeeds(first.up());
  const second = await cockpit.project({ program: services(smtp(canary)), name: "other" });
  expectRefusal(await second.up(), /managed by the Pulumi resource "petra\/test\/services"/);
  await second.succeeds(second.up([], { COCKPIT_ADOPT: id }));

  expect((await first.succeeds(first.refresh())).diagnostics).toMatch(/were taken over/);
  expectRefusal(await first.up(), /\[cockpit:services-taken-over\]/);
  const gone = await first.succeeds(first.destroy());
  expect(gone.diagnostics).toMatch(/\[cockpit:removed-from-state\]/);
  expect(await spec()).toMatchObject({ label: "pulumi:other/test/services" });
  await second.succeeds(second.preview(["--expect-no-changes"]));
});

test("they stay as long as solutions need them; those that go in the same run do not count", async () => {
  const program = `${services("demo: true")}
    new Solution("petra", { name: "Petra", deletionProtection: false });`;
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  await project.write(`new Solution("petra", { name: "Petra", deletionProtection: false });`);
  const id = cockpit.emulator.environmentId;
  expectRefusal(
    await project.up([], { COCKPIT_CONFIRM_DELETE: id }),
    /because users of "Petra".*\[cockpit:services-in-use\]/,
  );
  const refused = await project.up();
  expectRefusal(
    refused,
    /because users of "Petra".*\[cockpit:services-in-use\]/,
    `COCKPIT_CONFIRM_DELETE=${id}@`,
  );
  expect(await spec()).toMatchObject({ demo: true });
  const deleted = await project.succeeds(project.up([], confirmationOf(refused)));
  expect(deleted.diagnostics).toMatch(/are deleted although users of "Petra" register/);
  await expect(spec()).rejects.toThrow(/404/);

  await project.write(program);
  await project.succeeds(project.up());
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
  await expect(spec()).rejects.toThrow(/404/);
});

test.each([
  ["dropped", { drop: true as const }],
  ["cut", { cut: 20 }],
  ["a page of a proxy", { status: 502, body: "<html>bad gateway</html>" }],
])("an answer that is lost in flight (%s) makes nothing twice", async (_how, action) => {
  cockpit.emulator.addFault({ method: "POST", path: "**/spec", phase: "after", times: 1, action });
  const project = await cockpit.project({ program: services(smtp(canary)) });
  const up = await project.succeeds(project.up());
  expect(writes()).toHaveLength(1);
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await expectNothingLeaks(project, up);
});

test("a run that was killed is met by its label, and one command goes on", async () => {
  cockpit.emulator.addFault({ method: "POST", path: "**/spec", phase: "after", action: { hang: true } });
  const project = await cockpit.project({ program: services(smtp(canary)) });
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await until("the spec is made", () => cockpit.emulator.faults()[0]?.hits === 1);
  process.kill(providerOf(running.pid)?.pid ?? 0, "SIGKILL");
  const killed = await running.finished;
  cockpit.emulator.clearFaults();

  const met = await project.up();
  expectRefusal(
    met,
    /An earlier, interrupted run of this very resource created them.*\[cockpit:services-exist\]/,
  );
  await project.succeeds(project.up([], { COCKPIT_ADOPT: cockpit.emulator.environmentId }));
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expectNoSecret(killed.output, canary);
  await expectNothingLeaks(project, met);
});

describe("a gateway in trouble", () => {
  test.each([
    ["401", "GET", { status: 401 }, /administrators of the environment itself: check cockpit:username/],
    ["405", "POST", { status: 405 }, /doesn't know .*managed: false.*cockpit:gatewayUrl/],
    ["429", "GET", { status: 429, headers: { "retry-after": "600" } }, /Run the same command again later/],
    ["HTML", "GET", { malformed: "html", status: 200 }, /cockpit:gatewayUrl or COCKPIT_GATEWAY_URL/],
    [
      "400 that repeats the key",
      "POST",
      { status: 400, body: { message: `bad ${canary}` } },
      /400 Bad Request: bad \*\*\*/,
    ],
  ])("that answers %s is told, and a second up finishes", async (_what, method, action, words) => {
    const project = await cockpit.project({ program: services(smtp(canary)) });
    cockpit.emulator.addFault({ method, path: "**/spec", action });
    const refused = await project.up();
    cockpit.emulator.clearFaults();
    expectRefusal(refused, words);
    await project.succeeds(project.up());
    expect(await spec()).toMatchObject({ label: "pulumi:petra/test/services" });
    await expectNothingLeaks(project, refused);
  });

  test("that is not there is told by its setting", async () => {
    const project = await cockpit.project({
      program: services("demo: true"),
      env: { COCKPIT_GATEWAY_URL: "http://127.0.0.1:9" },
    });
    expectRefusal(await project.up(), /cockpit:gatewayUrl or COCKPIT_GATEWAY_URL/);
    await project.succeeds(project.up([], { COCKPIT_GATEWAY_URL: cockpit.emulator.gatewayUrl }));
  });
});

test.each([
  ["a key in place of a provider", `email: "${canary}"`, /email: must be an object whose type is one of/],
  ["a placeholder", smtp("changeme"), /email\.password: looks like a placeholder/],
  [
    "a key of another provider",
    smtp(canary).replace("user:", `apiKey: "${canary}", user:`),
    /email: apiKey: there is no such property; the properties are type, host, port, user, password/,
  ],
])("%s is refused in the preview, without a secret", async (_what, args, words) => {
  const project = await cockpit.project({ program: services(args) });
  const preview = await project.preview();
  expectRefusal(preview, words);
  expectNoSecret(preview.output, canary, "changeme");
  expect(gatewayRequests()).toEqual([]);
});

test("[F50] at the highest verbosity a key is only in what the engine and its SDK print of any provider's messages", async () => {
  const project = await cockpit.project({ program: services(smtp(canary)) });
  const everything = ["-v=9", "--logtostderr", "--logflow", "--debug"];
  const up = await project.succeeds(project.up(everything));
  const refresh = await project.succeeds(project.refresh(everything));
  const engineTalk = /arshaling property for RPC\[|RegisterResource RPC finished/;
  const ours = `${up.output}\n${refresh.output}`.split("\n").filter((line) => !engineTalk.test(line));
  expectNoSecret(ours.join("\n"), canary);
  await expectNothingLeaks(project);
});
