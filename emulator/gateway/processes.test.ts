import { startEmulator, type Emulator } from "..";
import { gatewayWire } from "../../tests/clients/gateway";
import { wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
let gatewayOf: ReturnType<typeof gatewayWire>;
const texts = { subject: "Code {{it.validationCode}}", body: "<p>{{it.validationCode}}</p>" };

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  gatewayOf = gatewayWire(emulator);
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
  await call("POST", "/hcparty/inGroup/ic-db", { body: { id: "clinic", name: "Clinic" } });
});
afterEach(() => emulator.close());

describe("processes", () => {
  test("are created from templates, listed, read, replaced and deleted", async () => {
    const { gateway, createProcess, templateId } = gatewayOf;
    const wish = { ...texts, name: "Patients", parentOrganisationId: "clinic", shareWithParent: true };
    const created = await createProcess("patient", "ic-db", wish, "fr");
    expect(created).toMatchObject({
      status: 200,
      body: {
        ...wish,
        id: expect.any(String) as string,
        templateId: await templateId("patient"),
        workflow: "patient-registration",
        groupId: "ic-db",
        language: "fr",
      },
    });
    const path = `/process/${String(created.body.id)}`;
    expect((await gateway("GET", path)).body).toEqual(created.body);
    expect((await gateway("GET", "/process?groupId=ic-db")).body).toEqual([created.body]);
    expect((await gateway("GET", "/process?groupId=ic-app")).body).toEqual([]);

    const replaced = await gateway("PUT", path, {
      body: { ...created.body, ...texts, name: undefined, message: undefined },
    });
    expect(replaced.body).not.toHaveProperty("name");
    expect(replaced.body).toMatchObject({
      id: created.body.id,
      language: "fr",
      parentOrganisationId: "clinic",
    });
    const inDutch = await gateway("PUT", path, { body: { ...texts, language: "nl" } });
    expect(inDutch.body).toMatchObject({ id: created.body.id, language: "nl" });
    for (const change of [{ language: "Dutch" }, { groupId: "ic-app" }, { templateId: "x" }]) {
      expect((await gateway("PUT", path, { body: { ...texts, ...change } })).status).toBe(400);
    }

    expect((await gateway("DELETE", path)).status).toBe(204);
    for (const method of ["GET", "DELETE"]) {
      expect((await gateway(method, path)).status).toBe(404);
    }
    expect((await gateway("PUT", path, { body: texts })).status).toBe(404);
  });

  test("may be several of one group, template and language", async () => {
    const { createProcess, gateway } = gatewayOf;
    const created = [
      await createProcess("login", "ic-db", texts),
      await createProcess("login", "ic-db", texts),
      await createProcess("login", "ic-db", { message: "{{it.validationCode}}" }),
    ];
    expect(created.map(({ status }) => status)).toEqual([200, 200, 200]);
    const listed = (await gateway("GET", "/process?groupId=ic-db")).body as unknown as Json[];
    expect(listed.map(({ id }) => id).sort()).toEqual(created.map(({ body }) => body.id).sort());
  });

  test("keep their language where the gateway is told so", async () => {
    const templateId = await gatewayOf.templateId("login");
    await emulator.close();
    emulator = await startEmulator({ seed: { assumptions: { processLanguage: "fixed" } } });
    await wire(emulator).call("POST", "/group/ic-db/database?name=Db");
    const { gateway } = gatewayWire(emulator);
    const { body } = await gateway("POST", `/process/template/${templateId}/ic-db?language=en`, {
      body: texts,
    });
    const path = `/process/${String(body.id)}`;
    expect((await gateway("PUT", path, { body: { ...texts, language: "en" } })).status).toBe(200);
    expect(await gateway("PUT", path, { body: { ...texts, language: "nl" } })).toMatchObject({
      status: 400,
      body: { message: "The language of a process can't be changed." },
    });
  });

  test.each<[string, "patient" | "login", string, Json, string, number]>([
    ["no texts", "patient", "ic-db", {}, "en", 400],
    ["a subject alone", "patient", "ic-db", { subject: "x" }, "en", 400],
    ["an empty body", "patient", "ic-db", { subject: "x", body: " " }, "en", 400],
    ["a parent that isn't there", "patient", "ic-db", { ...texts, parentOrganisationId: "none" }, "en", 400],
    ["a parent of a login", "login", "ic-db", { ...texts, parentOrganisationId: "clinic" }, "en", 400],
    ["a registration outside a database", "patient", "ic-app", texts, "en", 400],
    ["a language that is none", "patient", "ic-db", texts, "French", 400],
    ["a group that isn't there", "patient", "ic-none", texts, "en", 404],
  ])("are refused with %s", async (_what, template, groupId, body, language, status) => {
    expect(await gatewayOf.createProcess(template, groupId, body, language)).toMatchObject({
      status,
      body: { message: expect.any(String) as string },
    });
  });

  test("are refused for an unknown template, another environment's group and a list without a group", async () => {
    const { gateway, templateId } = gatewayOf;
    expect((await gateway("POST", "/process/template/none/ic-db", { body: texts })).status).toBe(404);
    expect((await gateway("GET", "/process")).status).toBe(400);
    const registered = await call("POST", "/group/register/trial", {
      as: false,
      body: { emailAddress: "other@example.com" },
    });
    const path = `/process/template/${await templateId("login")}/${String(registered.body.groupId)}`;
    expect((await gateway("POST", path, { body: texts })).status).toBe(403);
  });

  test("may have a message before the external services have SMS", async () => {
    const { gateway, createProcess } = gatewayOf;
    const withMessage = { message: "{{it.validationCode}}" };
    expect((await createProcess("patient", "ic-db", withMessage)).status).toBe(200);
    await gateway("POST", "/spec", { body: { demo: true } });
    expect((await createProcess("login", "ic-db", withMessage)).status).toBe(200);
  });

  test("go with their group", async () => {
    const { gateway, createProcess } = gatewayOf;
    const { body } = await createProcess("login", "ic-db", texts);
    const path = `/process/${String(body.id)}`;
    await call("DELETE", "/group/ic-db");
    expect((await gateway("GET", path)).status).toBe(404);
    expect((await gateway("GET", "/process?groupId=ic-db")).status).toBe(404);
    await call("DELETE", "/group/hard/ic-db");
    await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
    expect((await gateway("GET", "/process?groupId=ic-db")).body).toEqual([]);
  });

  test("are created again and again where only the published route is known, with what is published of them", async () => {
    const templateId = await gatewayOf.templateId("patient");
    await emulator.close();
    emulator = await startEmulator({ seed: { assumptions: { gateway: "published-only" } } });
    await wire(emulator).call("POST", "/group/ic-db/database?name=Db");
    const { gateway } = gatewayWire(emulator);
    const path = `/process/template/${templateId}/ic-db?language=en`;
    const first = await gateway("POST", path, { body: { ...texts, name: "Patients" } });
    const second = await gateway("POST", path, { body: texts });
    expect(first.body).toEqual({ id: expect.any(String) as string });
    expect([second.status, second.body.id === first.body.id]).toEqual([200, false]);
  });
});
