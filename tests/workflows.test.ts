import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

/** The steps of examples/gitops that are more than a call of a script, run as the runner does. Its scripts run in tests/engine/pipelines. */
const gitops = path.join(__dirname, "../examples/gitops");
const folder = path.join(gitops, ".github/workflows");

interface Step {
  run?: string;
}
interface Workflow {
  jobs: Record<string, { steps?: Step[] }>;
}
/** The SDK's own reader of YAML. */
const { load } = createRequire(require.resolve("@pulumi/pulumi/package.json"))("js-yaml") as {
  load: (text: string) => unknown;
};

const steps = readdirSync(folder).flatMap((file) => {
  const { jobs } = load(readFileSync(path.join(folder, file), "utf8")) as Workflow;
  return Object.values(jobs).flatMap((job) =>
    (job.steps ?? []).flatMap(({ run }) => (run ? [{ file, run }] : [])),
  );
});
const isCall = (run: string) =>
  /^(npm ci( --prefix base)?|(node )?ci\/[\w.-]+( "?[\w${}. -]+"?)*)$/.test(run.trim());
const inline = steps.filter(({ run }) => !isCall(run));
const scriptOf = (file: string, part: string): string => {
  const found = inline.filter(({ file: own, run }) => own === file && run.includes(part));
  expect(found).toHaveLength(1);
  return found[0]?.run ?? "";
};

let work: string;
beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), "cockpit-workflow-"));
  mkdirSync(path.join(work, "ci"));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

function script(name: string, text: string): void {
  writeFileSync(path.join(work, name), text);
  chmodSync(path.join(work, name), 0o755);
}

/** With the options of GitHub's own shell, and values in place of its expressions. */
function run(text: string, values: Record<string, string>, env: Record<string, string> = {}) {
  const filled = text.replace(
    /\$\{\{ *([\w.]+) *\}\}/g,
    (_all, name: string) => values[name] ?? `unset ${name}`,
  );
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-o", "pipefail", "-c", filled], {
    cwd: work,
    encoding: "utf8",
    env: { ...process.env, PATH: `${work}${path.delimiter}${process.env["PATH"]}`, ...env },
  });
  return { status, said: stdout + stderr };
}

const read = (name: string) => readFileSync(path.join(work, name), "utf8");

test("every step is a script that the tests run, or one of these", () => {
  expect(inline.map(({ file }) => file).sort()).toEqual([
    "apply-stack.yml",
    "comment-fork.yml",
    "drift.yml",
    "preview.yml",
  ]);
  const scripts = readdirSync(path.join(gitops, "ci"));
  const called = steps.flatMap(({ run: text }) =>
    [...text.matchAll(/ci\/([\w.-]+)/g)].map(([, name]) => name),
  );
  expect(scripts.filter((name) => name !== "steps.sh").sort()).toEqual([...new Set(called)].sort());
});

test("a fork is previewed stack by stack, and the worst end of one is the end of all", () => {
  script("ci/preview-fork.sh", `#!/bin/sh\necho "$@" >>seen\n[ "$1" != staging ] || exit 20\n`);
  const { status } = run(scriptOf("preview.yml", "preview-fork"), {
    "github.event.pull_request.number": "7",
  });
  expect([status, read("seen"), read("pull-request")]).toEqual([
    20,
    "dev base\nstaging base\nproduction base\n",
    "7\n",
  ]);
  script("ci/preview-fork.sh", "#!/bin/sh\n");
  expect(run(scriptOf("preview.yml", "preview-fork"), {}).status).toBe(0);
});

test("a fork's summary is commented only on the pull request whose commit it is", () => {
  mkdirSync(path.join(work, "of-fork"));
  script("gh", `#!/bin/sh\necho "$@" >>asked\necho abc123\n`);
  writeFileSync(
    path.join(work, "ci/comment.js"),
    `require("fs").writeFileSync("commented", process.env.PULL_REQUEST + " " + process.argv.slice(2))`,
  );
  const text = scriptOf("comment-fork.yml", "of-fork");
  const env = { GITHUB_REPOSITORY: "care/care", HEAD_SHA: "abc123" };
  writeFileSync(path.join(work, "of-fork/pull-request"), "3; touch owned\n");
  expect(run(text, {}, { ...env, HEAD_SHA: "other" }).status).not.toBe(0);
  expect(readdirSync(work)).not.toContain("commented");
  expect(run(text, {}, env).status).toBe(0);
  expect(read("commented")).toMatch(/^3 of-fork\/summary-dev\.md,/);
  expect(read("asked")).toContain("repos/care/care/pulls/3");
  expect(readdirSync(work)).not.toContain("owned");
});

test("drift and summaries are shown on the run's own page", () => {
  const env = { GITHUB_STEP_SUMMARY: path.join(work, "page.md") };
  writeFileSync(path.join(work, "drift-dev.txt"), "By hand\n");
  expect(run(scriptOf("drift.yml", "drift-"), { "matrix.stack": "dev" }, env).status).toBe(0);
  expect(read("page.md")).toBe("```\nBy hand\n```\n");
  writeFileSync(path.join(work, "summary-dev.md"), "## Summary\n");
  expect(run(scriptOf("apply-stack.yml", "summary-"), { "inputs.stack": "dev" }, env).status).toBe(0);
  expect(read("page.md")).toMatch(/## Summary\n$/);
});
