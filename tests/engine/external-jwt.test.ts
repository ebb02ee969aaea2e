import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = keys.publicKey.export({ format: "pem", type: "spki" }).toString();

const program = (name: string, claim: string, key = pem) => `
  const { ExternalJwt } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", applicationId: "com.petra.app", deletionProtection: false });
  new ExternalJwt("entra", {
    groupId: petra.id,
    name: "${name}",
    validation: { type: "public-key", key: ${JSON.stringify(key)} },
    selector: { type: "email", claim: "${claim}" },
  });
`;

test("single sign-on: a bad key refused, a login by a token that a library signed, changed, replaced, and gone with the program", async () => {
  const project = await cockpit.project({ program: program("entra", "email", "no key") });
  const refused = await project.preview();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/is not a public key/);

  await project.write(program("entra", "email"));
  await project.succeeds(project.up());
  const groupId = cockpit.liveGroup("Petra").id;
  const ada = { id: "ada", login: "ada", email: "ada@petra.example" };
  await cockpit.asAdministrator("POST", `user/inGroup/${groupId}`, ada);
  const logIn = async (config: string, claim = "email") => {
    const token = await new SignJWT({ [claim]: "ada@petra.example" })
      .setProtectedHeader({ alg: "RS256" })
      .setExpirationTime("5m")
      .sign(keys.privateKey);
    const address = `${cockpit.emulator.url}/rest/v2/auth/login/external/${config}?applicationId=com.petra.app`;
    return (await fetch(address, { method: "POST", headers: { token } })).status;
  };
  expect(await logIn("entra")).toBe(200);

  await project.write(program("entra", "mail"));
  const changed = await project.succeeds(project.up());
  expect(changed.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "update", name: "entra" }]);
  expect([await logIn("entra"), await logIn("entra", "mail")]).toEqual([401, 200]);

  await project.write(program("azure", "mail"));
  await project.succeeds(project.up());
  expect([await logIn("entra", "mail"), await logIn("azure", "mail")]).toEqual([401, 200]);
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  await project.succeeds(project.destroy());
  expect(await logIn("azure", "mail")).toBe(401);
});
