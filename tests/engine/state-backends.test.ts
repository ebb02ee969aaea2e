import { Cockpit } from "../support/cockpit";
import type { Outcome } from "../support/engine";
import { markSkipped } from "../support/mark-skipped";
import { startObjectStore, startPostgres } from "../support/state-backends";

jest.setTimeout(240_000);

const program = (name: string) => `
  const { ExternalServices } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "${name}", deletionProtection: false });
  new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
  new ExternalServices("services", {
    sender: { email: "care@petra.example" },
    email: { type: "smtp", host: "smtp.petra.example", port: 587, user: "petra", password: new pulumi.Config().requireSecret("smtp") },
  });
`;

async function succeeds(outcome: Promise<Outcome>): Promise<string> {
  const { exitCode, output } = await outcome;
  expect([exitCode, output]).toEqual([0, output]);
  return output;
}

test.each([
  ["PostgreSQL", startPostgres],
  ["an S3-compatible object store", startObjectStore],
])("%s keeps a stack from its login to its end, and secrets in it encrypted", async (_name, start) => {
  const backend = await start();
  if (typeof backend === "string") {
    markSkipped(backend);
    return;
  }
  const cockpit = await Cockpit.start();
  try {
    const project = await cockpit.project({
      program: program("Petra"),
      env: { ...backend.env, PULUMI_BACKEND_URL: backend.url },
    });
    // From here on the login is what tells the engine where its state is.
    const loggedIn = { PULUMI_BACKEND_URL: "" };
    await succeeds(project.shell(`pulumi login '${backend.url}'`, loggedIn));
    await project.must(["config", "set", "--secret", "smtp", "canary-smtp"], loggedIn);
    await project.succeeds(project.up([], loggedIn));
    await project.succeeds(project.preview(["--expect-no-changes"], loggedIn));
    const contents = await backend.contents();
    // The whole of it would drown what failed.
    const contains = (text: string) => contents.includes(text);
    expect([contains(cockpit.liveGroup("France").id ?? "?"), contains("canary-smtp")]).toEqual([true, false]);
    expect(await succeeds(project.shell("pulumi stack ls --json", loggedIn))).toContain('"resourceCount": 5');

    await project.write(program("Petra Care"));
    const preview = await project.succeeds(project.preview([], loggedIn));
    expect(preview.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "update", name: "petra" }]);
    await project.succeeds(project.destroy([], loggedIn));
    expect(cockpit.liveGroups()).toEqual([]);
    await project.must(["stack", "rm", "--yes"], loggedIn);
    expect(await succeeds(project.shell("pulumi stack ls --json", loggedIn))).toContain("[]");
  } finally {
    await cockpit.dispose();
    await backend.stop();
  }
});
