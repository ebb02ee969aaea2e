import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startEmulator, type Emulator } from "../../emulator";
import { AccessToken, ParentOrganisation } from "../../provider/resources";
import { newContext } from "../support/model-engine/context";
import { repositoryRoot } from "../support/project";
import { wire } from "./wire";

let emulator: Emulator;
let folder: string;
beforeEach(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(path.join(tmpdir(), "cockpit-keys-"));
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const named = (name: string) => ({ project: "petra", stack: "test", name });

test("an organisation's keys are created by iCure's client once, and only the public one reaches a state", async () => {
  const { call } = wire(emulator);
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
  const { context, close } = newContext(emulator);
  const declared = { databaseId: "ic-db", name: "Clinic", email: "clinic@petra.example" };
  const clinic = await ParentOrganisation.create(context, named("clinic"), declared);
  const token = await AccessToken.create(context, named("token"), {
    groupId: "ic-db",
    userId: clinic.state["userId"],
    name: "keys",
    never: true,
  });
  const keys = path.join(folder, "keys");
  const script = path.join(repositoryRoot, "examples/onboarding/make-keys.mjs");
  const makeKeys = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: {
        ...process.env,
        COCKPIT_URL: emulator.url,
        KEYS: keys,
        PARENT_ORGANISATION_USERNAME: String(clinic.state["username"]),
        PARENT_ORGANISATION_TOKEN: String(token.state["token"]),
      },
    });
    return stdout.trim();
  };
  const publicKey = await makeKeys();
  expect(publicKey).toMatch(/^[0-9a-f]{500,}$/);
  expect(await makeKeys()).toBe(publicKey);
  const { body } = await call("GET", `/hcparty/inGroup/ic-db/${clinic.id}`);
  expect(body).toMatchObject({ name: "Clinic", publicKeysForOaepWithSha256: [publicKey] });

  const files = readdirSync(keys).map((file) => path.join(keys, file));
  expect(files.map((file) => path.basename(file))).toContain("recovery-key.txt");
  for (const each of [keys, ...files]) {
    expect(statSync(each).mode & 0o77).toBe(0);
  }
  // Declared, it is the one that is there already; nothing of the others is in the state.
  const state = await ParentOrganisation.update(
    context,
    clinic.id,
    clinic.state,
    { ...declared, userId: clinic.state["userId"], username: clinic.state["username"], publicKey },
    named("clinic"),
  );
  const read = await ParentOrganisation.read(context, clinic.id, state, named("clinic"));
  await close();
  expect(read).toMatchObject({ publicKey });
  const secrets = files.map((file) => readFileSync(file, "utf8").trim()).filter((text) => text.length > 40);
  expect(secrets.length).toBeGreaterThan(1);
  for (const secret of secrets) {
    expect(JSON.stringify(read)).not.toContain(secret);
  }
  const after = (await call("GET", `/hcparty/inGroup/ic-db/${clinic.id}`)).body;
  expect(after["publicKeysForOaepWithSha256"]).toEqual([publicKey]);
}, 100_000);
