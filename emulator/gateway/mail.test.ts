import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { startEmulator, type Emulator } from "..";
import { gatewayWire } from "../../tests/clients/gateway";
import { codeIn, openMailbox, type Mailbox } from "../../tests/clients/mailbox";
import { wire } from "../../tests/clients/wire";

let emulator: Emulator;
let mailbox: Mailbox;
let gatewayOf: ReturnType<typeof gatewayWire>;
let processId: string;

const texts = { subject: "Ünïcode {{it.validationCode}}", body: "<p>Straße {{it.validationCode}}</p>" };
const smtp = (change: object = {}) => ({
  type: "smtp",
  host: "127.0.0.1",
  port: mailbox.port,
  user: mailbox.user,
  password: mailbox.password,
  ...change,
});

beforeEach(async () => {
  mailbox = await openMailbox();
  emulator = await startEmulator();
  gatewayOf = gatewayWire(emulator);
  await wire(emulator).call("POST", "/group/ic-db/database?name=Db");
  processId = String((await gatewayOf.createProcess("patient", "ic-db", texts)).body.id);
});
afterEach(async () => {
  await emulator.close();
  await mailbox.close();
});

const use = async (email: object) => {
  const { rev } = (await gatewayOf.gateway("GET", "/spec")).body;
  const body = { sender: { email: "hello@petra.example" }, email, ...(rev !== undefined && { rev }) };
  const answer = await gatewayOf.gateway(rev === undefined ? "POST" : "PUT", "/spec", { body });
  expect(answer.status).toBe(200);
};

describe("mail by SMTP", () => {
  test("arrives, with the code that validates", async () => {
    await use(smtp());
    const { requestId } = await gatewayOf.start(processId, { email: "anais@example.com" });
    const mail = await mailbox.next("anais@example.com");
    expect(mail.from).toMatchObject({ address: "hello@petra.example" });
    expect(mail.html).toContain("Straße");
    expect(mail.subject).toBe(emulator.outbox()[0]?.subject);
    expect(emulator.outbox()[0]).toMatchObject({ provider: "smtp" });
    expect((await gatewayOf.validate(requestId, codeIn(mail.subject))).status).toBe(200);
  });

  test("that is refused, unreachable or cut is an answer without the password, and may be tried again", async () => {
    const rude = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(rude, "listening");
    const gone = (rude.address() as AddressInfo).port;
    const requestId = "00000000-0000-4000-8000-000000000001";
    for (const [change, reason] of [
      [{ password: "wrong-canary" }, "No such account"],
      [{ port: gone }, "127.0.0.1"],
      [{ port: 1 }, "ECONNREFUSED"],
      [{ host: "no-such-host.invalid" }, "no-such-host.invalid"],
    ] as const) {
      await use(smtp(change));
      const refused = await gatewayOf.start(processId, { email: "anais@example.com" }, requestId);
      expect(refused).toMatchObject({
        status: 502,
        body: { message: expect.stringContaining(reason) as string },
      });
      expect(refused.text).not.toContain("canary");
      expect(refused.text).not.toContain(Buffer.from("wrong-canary").toString("base64"));
    }
    rude.close();
    expect(emulator.outbox()).toEqual([]);
    await use(smtp());
    expect((await gatewayOf.start(processId, { email: "anais@example.com" }, requestId)).status).toBe(200);
  });

  test("gives a silent server up after a few seconds", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    await use(smtp({ port: (silent.address() as AddressInfo).port }));
    const refused = await gatewayOf.start(processId, { email: "anais@example.com" });
    expect(refused).toMatchObject({
      status: 502,
      body: { message: expect.stringContaining("did not take the message") as string },
    });
    silent.close();
  }, 30_000);
});
