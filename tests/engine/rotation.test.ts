import { basic } from "../clients/wire";
import { Cockpit } from "../support/cockpit";
import { expectRefusal } from "../support/refusal";

/** The recipes of docs/rotation.md, step by step. */
jest.setTimeout(300_000);

test("each secret is rotated as its page says: the account's password, tokens with and without an overlap, keys, and the state's passphrase", async () => {
  const cockpit = await Cockpit.start();
  try {
    const { emulator } = cockpit;
    const program = (...tokens: string[]) => `
      const { AccessToken, ExternalServices, TransferToken } = require("pulumi-cockpit");
      new Solution("petra", { name: "Petra" });
      const token = (name, triggers) => new AccessToken(name, {
        groupId: "${emulator.environmentId}", userId: "petra-administrator", expiresIn: "90d", triggers,
      }).token;
      ${tokens.join("\n")}
      new ExternalServices("services", {
        sender: { email: "care@petra.example" },
        email: { type: "smtp", host: "smtp.petra.example", port: 587, user: "petra", password: new pulumi.Config().requireSecret("smtp") },
      });`;
    const one = (triggers: string) => `exports.one = token("one", [${JSON.stringify(triggers)}]);`;
    const two = `exports.two = token("two");`;
    const transfer = (trigger: string) =>
      `exports.transfer = new TransferToken("transfer", { triggers: ["${trigger}"] }).token;`;
    const project = await cockpit.project({ program: program(one("first"), transfer("first")) });
    const output = async (name: string, env = {}) =>
      (await project.must(["stack", "output", name, "--show-secrets"], env)).trim();
    const letsIn = async (token: string) => {
      const authorization = basic(emulator.username, token);
      return (
        (await fetch(`${emulator.url}/rest/v2/user/current`, { headers: { authorization } })).status === 200
      );
    };

    await project.config("smtp", "canary-first", "--secret");
    await project.succeeds(project.up());
    const [first, firstTransfer] = [await output("one"), await output("transfer")];
    expect(await letsIn(first)).toBe(true);

    // An access token at once, a transfer token, and a key: one run, in which nothing of the solution changes.
    await project.config("smtp", "canary-second", "--secret");
    await project.write(program(one("Ada has left"), transfer("second")));
    const preview = await project.succeeds(project.preview());
    expect(preview.output).not.toMatch(/canary|ic-transfer/);
    expect(preview.steps.filter(({ name }) => name === "petra")).toMatchObject([{ op: "same" }]);
    await project.succeeds(project.up());
    const second = await output("one");
    expect([await letsIn(first), await letsIn(second)]).toEqual([false, true]);
    expect(await output("transfer")).not.toBe(firstTransfer);

    // With an overlap.
    await project.write(program(one("Ada has left"), two, transfer("second")));
    await project.succeeds(project.up());
    const other = await output("two");
    expect([await letsIn(second), await letsIn(other)]).toEqual([true, true]);
    await project.write(program(two, transfer("second")));
    await project.succeeds(project.up());
    expect([await letsIn(second), await letsIn(other)]).toEqual([false, true]);

    // The passphrase of the state.
    const passphrase = { PULUMI_CONFIG_PASSPHRASE: "another" };
    const changed = await project.shell(
      `printf 'another\\nanother\\n' | pulumi stack change-secrets-provider passphrase --stack ${project.stack}`,
    );
    expect(changed).toMatchObject({ exitCode: 0 });
    expect(await output("two", passphrase)).toBe(other);
    await project.succeeds(project.preview(["--expect-no-changes"], passphrase));

    // The password of the account itself, last, since the test logs in with it too.
    const user = (await cockpit.asAdministrator(
      "GET",
      `user/inGroup/${emulator.environmentId}/petra-administrator`,
    )) as object;
    await cockpit.asAdministrator("PUT", `user/inGroup/${emulator.environmentId}`, {
      ...user,
      passwordHash: "rotated-now",
    });
    expectRefusal(await project.refresh([], passphrase), /\[cockpit:unauthorized\]/);
    const rotated = { ...passphrase, COCKPIT_PASSWORD: "rotated-now" };
    await project.succeeds(project.preview(["--expect-no-changes"], rotated));
    await project.succeeds(project.refresh(["--expect-no-changes"], rotated));
  } finally {
    await cockpit.dispose();
  }
});
