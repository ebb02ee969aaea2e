import { execFileSync } from "node:child_process";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

test("an app's own .env gets the variables, in private, and what no reader would take alike is refused by name", async () => {
  const project = await cockpit.project({
    program: `
      const { writeEnvFile } = require("pulumi-cockpit");
      writeEnvFile(".env", { TOKEN: pulumi.secret("canary"), DOLLAR: "pa$word$1", PAREN: "$(touch run)", OLD: "2" });`,
  });
  const file = path.join(project.folder, ".env");
  await writeFile(file, "OLD=1\n");
  await chmod(file, 0o644);
  const preview = await project.preview();
  expect(preview.exitCode).not.toBe(0);
  expect(preview.output).toMatch(
    /writeEnvFile: \.env was not written: DOLLAR has a \$ .*; PAREN has a \$ .*; OLD stands outside of this project's block/,
  );
  // A sentence, no stack trace; and no value.
  expect(preview.output).not.toMatch(/env-file\.js|canary|pa\$word/);
  expect(await readFile(file, "utf8")).toBe("OLD=1\n");

  await project.write(`
    const { writeEnvFile } = require("pulumi-cockpit");
    const petra = new Solution("petra", {});
    writeEnvFile(".env", { TOKEN: pulumi.secret("canary"), SPEC_ID: petra.specId, BACKTICK: "a\`touch run\`b" });`);
  await project.succeeds(project.up());
  const { mode } = await stat(file);
  expect((mode & 0o777).toString(8)).toBe("600");
  const script = 'set -a; . ./.env; printf "%s %s %s %s" "$OLD" "$TOKEN" "$SPEC_ID" "$BACKTICK"';
  expect(execFileSync("sh", ["-c", script], { cwd: project.folder, encoding: "utf8" })).toBe(
    `1 canary ${cockpit.emulator.environmentId} a\`touch run\`b`,
  );
});
