import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gatewayWire } from "../clients/gateway";
import { judged, pythonWithSdk } from "../clients/python";
import { codeIn, openMailbox, type Mailbox } from "../clients/mailbox";
import type { RegistrationPlan } from "../clients/plan";
import { Cockpit } from "../support/cockpit";
import { destroyConfirmed } from "../support/confirmation";
import { repositoryRoot } from "../support/project";
import { markSkipped } from "../support/mark-skipped";

const example = path.join(repositoryRoot, "examples/onboarding");
let cockpit: Cockpit;
let mailbox: Mailbox;
/** Where the app keeps its users' keys, from one start to the next. */
let folder: string;
beforeEach(async () => {
  [cockpit, mailbox, folder] = await Promise.all([
    Cockpit.start(),
    openMailbox(),
    mkdtemp(path.join(tmpdir(), "cockpit-app-")),
  ]);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await cockpit.dispose();
  await mailbox.close();
});

/** An app on iCure's own SDK, as published: registers a user, logs in as it, and says what it then sees. */
async function runApp(plan: Omit<RegistrationPlan, "folder">): Promise<Record<string, unknown>> {
  const script = path.join(repositoryRoot, "tests/clients/registration.mjs");
  const child = spawn(process.execPath, [script, JSON.stringify({ ...plan, folder })]);
  const closed = once(child, "close");
  let output = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output === "started\n") {
      void mailbox.next(plan.email ?? "").then(({ subject }) => child.stdin.write(`${codeIn(subject)}\n`));
    }
  });
  const [exitCode] = (await closed) as [number];
  if (exitCode !== 0) {
    throw new Error(`the app ended with ${exitCode}:\n${errors}`);
  }
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

test("an app that gets the stack's outputs registers a patient, who gets in and reads itself", async () => {
  const project = await cockpit.project({ folder: example });
  await project.config("smtpHost", "127.0.0.1");
  await project.config("smtpPort", String(mailbox.port));
  await project.config("smtpUser", mailbox.user);
  await project.config("smtpPassword", mailbox.password, "--secret");
  const preview = await project.succeeds(project.preview());
  expect(preview.output).not.toContain(mailbox.password);
  await project.succeeds(project.up());
  await project.succeeds(project.preview(["--expect-no-changes"]));

  const variables = JSON.parse(await project.must(["stack", "output", "--json"])) as Record<string, string>;
  expect(variables).toMatchObject({
    EXTERNAL_SERVICES_SPEC_ID: cockpit.emulator.environmentId,
    KERBERUS_SITE_KEY: cockpit.emulator.environmentId,
  });
  const email = "anais@example.com";
  const seen = await runApp({
    url: cockpit.emulator.url,
    gatewayUrl: cockpit.emulator.gatewayUrl,
    specId: variables.EXTERNAL_SERVICES_SPEC_ID ?? "",
    processId: variables.EMAIL_AUTHENTICATION_PROCESS_ID ?? "",
    applicationId: "com.petra.app",
    email,
    firstName: "Anaïs",
    lastName: "Petit",
    initialises: true,
  });
  expect(seen).toMatchObject({
    user: { email, groupId: cockpit.liveGroup("Petra France").id },
    ownerType: "PatientDataOwner",
    self: { firstName: "Anaïs", lastName: "Petit", responsible: variables.PARENT_ORGANISATION_ID },
  });
  const again = await runApp({
    url: cockpit.emulator.url,
    gatewayUrl: cockpit.emulator.gatewayUrl,
    specId: variables.EXTERNAL_SERVICES_SPEC_ID ?? "",
    processId: variables.LOGIN_EMAIL_AUTHENTICATION_PROCESS_ID ?? "",
    applicationId: "com.petra.app",
    email,
    firstName: "Anaïs",
    lastName: "Petit",
    initialises: false,
  });
  expect(again.user).toEqual(seen.user);

  const python = await pythonWithSdk();
  if (typeof python === "string") {
    markSkipped(python);
    return;
  }
  const { url } = cockpit.emulator;
  const gateway = gatewayWire(cockpit.emulator, variables.EXTERNAL_SERVICES_SPEC_ID);
  const people = [];
  for (const [address, processId] of [
    ["newest-patient@example.com", variables.EMAIL_AUTHENTICATION_PROCESS_ID],
    ["newest-doctor@example.com", variables.HEALTHCARE_PARTY_REGISTRATION_EMAIL_AUTHENTICATION_PROCESS_ID],
  ] as const) {
    const person = { firstName: "Anaïs", lastName: "Petit", email: address };
    const { requestId, status, text } = await gateway.start(processId ?? "", person);
    expect([status, text]).toEqual([200, expect.anything()]);
    const { subject, html } = await mailbox.next(address);
    const code = codeIn(/\d{6}/.test(subject ?? "") ? subject : html);
    await gateway.validate(requestId, code);
    people.push({ email: address, code });
  }
  const itself = { name: ["Anaïs", "Petit"], above: variables.PARENT_ORGANISATION_ID, keys: 1 };
  const judgement = await judged(python, "cardinal-sdk-people.py", {
    url,
    applicationId: "com.petra.app",
    people,
  });
  expect(judgement).toMatchObject([
    { ...itself, kind: "patient" },
    { ...itself, kind: "hcp" },
  ]);
}, 300_000);

test("with Cockpit's demo set-up everything comes up, stays as it is, and goes again", async () => {
  const project = await cockpit.project({ folder: example });
  await project.succeeds(project.up());
  const shell = await project.must(["stack", "output", "--shell"]);
  for (const name of [
    "EXTERNAL_SERVICES_SPEC_ID",
    "PARENT_ORGANISATION_ID",
    "EMAIL_AUTHENTICATION_PROCESS_ID",
    "KERBERUS_SITE_KEY",
  ]) {
    expect(shell).toMatch(new RegExp(`^${name}=\\S+$`, "m"));
  }
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await destroyConfirmed(project);
  expect(cockpit.liveGroups()).toEqual([]);
  expect(await project.resources()).toEqual([]);
});
