import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, standInCaptchaResponse, type Emulator } from "../../emulator";
import { codeIn, openMailbox, type Mailbox } from "./mailbox";
import type { RegistrationPlan } from "./plan";
import { wire, type Json } from "./wire";

// Apps on @icure/cardinal-sdk, as published, register and log in their users: the code comes by real SMTP.

const folder = mkdtempSync(join(tmpdir(), "registration-test-"));
const applicationId = "com.example.petra";
let emulator: Emulator;
let mailbox: Mailbox;
const processes: Record<string, string> = {};

beforeAll(async () => {
  mailbox = await openMailbox();
  emulator = await startEmulator();
  const { call, send } = wire(emulator);
  const manage = async (method: string, path: string, body?: unknown) => {
    const answer = await send(method, `/msggtw/${emulator.environmentId}${path}`, { body });
    if (answer.status !== 200) {
      throw new Error(answer.text);
    }
    return answer.body;
  };
  await call("POST", `/group/ic-app/application?name=App&applicationId=${applicationId}`);
  await call("POST", `/group/ic-db/database?name=Db&superGroup=ic-app&applicationId=${applicationId}`);
  await call("POST", "/hcparty/inGroup/ic-db", { body: { id: "petra-clinic", name: "Petra Clinic" } });
  await manage("POST", "/spec", {
    sender: { email: "hello@petra.example" },
    captcha: { type: "friendlyCaptcha", siteKey: "FC-site", secretKey: "fc-secret" },
    email: {
      type: "smtp",
      host: "127.0.0.1",
      port: mailbox.port,
      user: mailbox.user,
      password: mailbox.password,
    },
    sms: { type: "ringring", apiKey: "ringring-key" },
  });
  const templates = (await manage("GET", "/process/template")) as unknown as Json[];
  for (const { id, workflow } of templates.filter((each) => each.workflow !== "generic")) {
    const registers = String(workflow).endsWith("-registration");
    const process = await manage("POST", `/process/template/${String(id)}/ic-db?language=en`, {
      subject: "Your confirmation code: {{it.validationCode}}",
      body: `<p>Dear {{it.firstName}} {{it.lastName}}, ${String(workflow)}: <b>{{it.validationCode}}</b></p>`,
      message: "{{it.firstName}}, your code is {{it.validationCode}}",
      ...(registers && { parentOrganisationId: "petra-clinic", shareWithParent: true }),
    });
    processes[String(workflow)] = String(process.id);
  }
});
afterAll(async () => {
  await emulator.close();
  await mailbox.close();
  rmSync(folder, { recursive: true, force: true });
});

type RegistrationRequest = Partial<RegistrationPlan> & { workflow: string };

/** Runs the app, with each code once it has asked for one. */
async function run(
  { workflow, ...wish }: RegistrationRequest,
  codes: () => Promise<string[]>,
): Promise<Json> {
  const plan: RegistrationPlan = {
    url: emulator.url,
    gatewayUrl: emulator.gatewayUrl,
    specId: emulator.environmentId,
    processId: processes[workflow] ?? "",
    applicationId,
    firstName: "Anaïs",
    lastName: "O'Neil <b>",
    folder: mkdtempSync(join(folder, "app-")),
    initialises: true,
    ...wish,
  };
  const child = spawn(process.execPath, [join(__dirname, "registration.mjs"), JSON.stringify(plan)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  let [output, errors] = ["", ""];
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    if (output === "started\n") {
      void codes().then((all) => child.stdin.write(`${all.join("\n")}\n`));
    }
  });
  const [code] = (await ended) as [number];
  if (code !== 0) {
    throw new Error(`The app ended with ${code}: ${errors}`);
  }
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Json;
}

const byMail = (to: string) => async () => [codeIn((await mailbox.next(to)).subject)];

describe("@icure/cardinal-sdk", () => {
  test("registers a patient, who logs in, makes its keys and reads itself", async () => {
    const email = "anais@example.com";
    const seen = await run({ workflow: "patient-registration", email }, byMail(email));
    expect(seen).toMatchObject({
      user: { groupId: "ic-db", email, patientId: expect.any(String) as string },
      ownerType: "PatientDataOwner",
      self: { firstName: "Anaïs", lastName: "O'Neil <b>", responsible: "petra-clinic", keys: 1 },
    });
    const [mail] = mailbox.emails.slice(-1);
    expect(mail?.from).toMatchObject({ address: "hello@petra.example" });
    expect(mail?.subject).toMatch(/^Your confirmation code: \d{6}$/);
    expect(mail?.html).toContain("Dear Anaïs O&#39;Neil &lt;b&gt;, patient-registration: <b>");
    const { user } = seen as { user: Json };
    const { body } = await wire(emulator).call("GET", `/user/inGroup/ic-db/${String(user.id)}`);
    expect(body).toMatchObject({ autoDelegations: { all: ["petra-clinic"] } });
  }, 60_000);

  test("registers a healthcare party under the organisation, after a wrong code", async () => {
    const email = "doctor@example.com";
    const codes = async () => ["000000", codeIn((await mailbox.next(email)).subject)];
    const seen = await run({ workflow: "healthcare-party-registration", email }, codes);
    expect(seen).toMatchObject({
      wrong: ["000000"],
      user: { groupId: "ic-db", email, healthcarePartyId: expect.any(String) as string },
      ownerType: "HcpDataOwner",
      self: { firstName: "Anaïs", lastName: "O'Neil <b>", parentId: "petra-clinic", keys: 1 },
    });
  }, 60_000);

  test("registers an organisation by SMS, with a Friendly Captcha", async () => {
    const mobilePhone = "+32475123456";
    const codes = () => Promise.resolve([codeIn(emulator.outbox().at(-1)?.text)]);
    const seen = await run(
      {
        workflow: "organisation-registration",
        mobilePhone,
        firstName: "Branch",
        lastName: "",
        friendlyCaptcha: standInCaptchaResponse("fc-secret"),
      },
      codes,
    );
    expect(seen).toMatchObject({
      user: { mobilePhone },
      ownerType: "HcpDataOwner",
      self: { name: "Branch", parentId: "petra-clinic", keys: 1 },
    });
    expect(emulator.outbox().at(-1)).toMatchObject({ channel: "sms", provider: "ringring", to: mobilePhone });
  }, 60_000);

  test("logs an existing user in, on a device that has its keys", async () => {
    const email = "again@example.com";
    const keys = mkdtempSync(join(folder, "device-"));
    const first = await run({ workflow: "patient-registration", email, folder: keys }, byMail(email));
    const second = await run({ workflow: "login", email, folder: keys, initialises: false }, byMail(email));
    expect(second).toMatchObject({ user: first.user as Json, self: first.self as Json });
  }, 60_000);
});
