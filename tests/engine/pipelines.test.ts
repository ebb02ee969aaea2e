import { readFileSync } from "node:fs";
import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import type { Outcome } from "../support/engine";
import { AttachedPlugin } from "../support/plugin";
import { repositoryRoot, type Project } from "../support/project";

/** Many commands of the engine one after the other. */
jest.setTimeout(600_000);

interface Manifest {
  kind: string;
  metadata: { name: string };
  spec?: Record<string, unknown>;
  program?: Record<string, unknown>;
}

/** The SDK's own reader of YAML. */
const { loadAll } = createRequire(require.resolve("@pulumi/pulumi/package.json"))("js-yaml") as {
  loadAll: (text: string) => Manifest[];
};

const example = path.join(repositoryRoot, "examples/gitops");

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

async function ends(outcome: Promise<Outcome>, exitCode: number): Promise<string> {
  const { output, ...ended } = await outcome;
  if (ended.exitCode !== exitCode) {
    throw new Error(`ended with ${ended.exitCode} instead of ${exitCode}:\n${output}`);
  }
  return output;
}

/** The project under version control, as a team has it. */
async function underGit(project: Project): Promise<void> {
  const own = "state\nhome\nbin\nnode_modules\nbase\n*.json.*\nPulumi.yaml.*\n";
  await ends(
    project.shell("git init -q . && git config user.email ada@petra.example && git config user.name Ada"),
    0,
  );
  await writeFile(path.join(project.folder, ".git/info/exclude"), own);
  await commit(project, "first");
}

async function commit(project: Project, message: string): Promise<void> {
  await ends(project.shell(`git add -A && git commit -qm "${message}"`), 0);
}

const read = (project: Project, file: string) => readFile(path.join(project.folder, file), "utf8");

async function edit(project: Project, file: string, change: (text: string) => string): Promise<void> {
  const text = await read(project, file);
  expect(change(text)).not.toBe(text);
  await writeFile(path.join(project.folder, file), change(text));
}

/** What the summary asks for, as a person types it who has looked. */
function confirmCommand(summary: string): string {
  const [command = ""] = /npx pulumi-cockpit confirm .*/.exec(summary) ?? [];
  return command.replace("npx ", "").replace("'…'", "'Contract ended (CARE-123)'");
}

const names = () =>
  cockpit
    .liveGroups()
    .map(({ name }) => name)
    .sort();

test("the scripts of examples/gitops preview, refuse, confirm, apply and find drift, in one stack of dynamic resources", async () => {
  const project = await cockpit.project({ folder: example, stack: "production" });
  await underGit(project);
  await ends(project.shell("ci/apply.sh production HEAD"), 0);
  expect(names()).toEqual(["Petra", "Petra Belgium", "Petra France", "Petra Luxembourg"]);

  await edit(project, "Pulumi.production.yaml", (text) => text.replace(/ *Luxembourg: .*\n/, ""));
  await commit(project, "Give up Luxembourg");
  await ends(project.shell("ci/preview.sh production HEAD~1"), 20);
  const summary = await read(project, "summary-production.md");
  expect(summary).toContain("## ⛔ Records would be lost: 1 database");
  expect(summary).toMatch(/\| Database \| `Petra Luxembourg` \| `europe-west-03` \|.*❌ no \|/);
  const streaming = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
  await ends(project.shell("ci/preview.sh production HEAD~1", streaming), 20);
  const table = (text: string) => text.slice(text.indexOf("### ⛔"), text.lastIndexOf("```sh"));
  expect(table(await read(project, "summary-production.md"))).toBe(table(summary));
  await ends(project.shell("ci/apply.sh production HEAD~1"), 20);
  expect(names()).toContain("Petra Luxembourg");

  // A pull request of a fork has neither the state nor a login, and says the same of the change.
  await ends(project.shell("git worktree add -q base HEAD~1"), 0);
  await symlink(
    path.join(repositoryRoot, "node_modules"),
    path.join(project.folder, "base/node_modules"),
    "junction",
  );
  const nobody = { COCKPIT_URL: undefined, COCKPIT_USERNAME: undefined, COCKPIT_PASSWORD: undefined };
  cockpit.requestsSince();
  await ends(project.shell("ci/preview-fork.sh production base", nobody), 20);
  expect(cockpit.requestsSince()).toEqual([]);
  const ofFork = await read(project, "summary-production.md");
  expect(ofFork).toContain("| Database | `Petra Luxembourg` | `europe-west-03` |");
  expect(ofFork).toContain("without credentials");
  expect(ofFork).not.toContain("pulumi-cockpit confirm");

  await ends(project.shell(confirmCommand(summary)), 0);
  await commit(project, "Confirm that Luxembourg goes");
  await ends(project.shell("ci/preview.sh production HEAD~2"), 0);
  const confirmed = await read(project, "summary-production.md");
  expect(confirmed).toContain("## ⛔ Records would be lost, as confirmed: 1 database");
  expect(confirmed).toContain("Contract ended (CARE-123)");
  // In a later change the same file confirms nothing.
  await ends(project.shell("ci/apply.sh production HEAD"), 20);
  expect(names()).toContain("Petra Luxembourg");
  expect(await ends(project.shell("ci/apply.sh production HEAD~2"), 0)).toContain(
    "COCKPIT_CONFIRM_DELETE confirmed it",
  );
  expect(names()).toEqual(["Petra", "Petra Belgium", "Petra France"]);

  await ends(project.shell("ci/drift.sh production"), 0);
  await cockpit.asAdministrator("PUT", `group/${cockpit.liveGroup("Petra France").id}/name/By%20hand`);
  const state = await project.stateText();
  expect(await ends(project.shell("ci/drift.sh production"), 7)).toContain("By hand");
  expect(await project.stateText()).toBe(state);
});

test("the same scripts confirm the replacement and the deletion of what the plugin manages", async () => {
  const yaml = (cluster: string, rest = "") => `
resources:
  petra: { type: "cockpit:Solution", properties: { name: Petra } }
  france: { type: "cockpit:Database", properties: { name: France, solutionId: "\${petra.id}", cluster: ${cluster} } }
${rest}`;
  const belgium = `  belgium: { type: "cockpit:Database", properties: { name: Belgium, solutionId: "\${petra.id}" } }\n`;
  const project = await cockpit.project({
    yaml: yaml("europe-west-02", belgium),

    name: "care",
  });
  await cp(path.join(example, "ci"), path.join(project.folder, "ci"), { recursive: true });
  await underGit(project);
  await ends(project.shell("ci/apply.sh test HEAD"), 0);

  await project.writeYaml(yaml("europe-west-02"), "care");
  await ends(project.shell("ci/preview.sh test HEAD"), 20);
  await ends(project.shell(confirmCommand(await read(project, "summary-test.md"))), 0);
  await ends(project.shell("ci/preview.sh test HEAD"), 0);
  expect(await ends(project.shell("ci/apply.sh test HEAD"), 0)).toContain("confirmed it");
  expect(names()).toEqual(["France", "Petra"]);
  await commit(project, "Belgium is gone");

  // What a refusal keeps from being previewed is confirmed by its id.
  await project.writeYaml(yaml("europe-west-03"), "care");
  await ends(project.shell("ci/preview.sh test HEAD"), 21);
  expect(await read(project, "summary-test.md")).toContain("pulumi-cockpit confirm NAME --id ID");
  const { id = "" } = await project.resource("france");
  await ends(project.shell(`pulumi-cockpit confirm France --id ${id} --stack care/test --reason Moved`), 0);
  await ends(project.shell("ci/preview.sh test HEAD"), 0);
  expect(await read(project, "summary-test.md")).toMatch(/an empty one takes its place.*✅/);
  await ends(project.shell("ci/apply.sh test HEAD"), 0);
  expect(cockpit.liveGroup("France").id).not.toBe(id);
});

test("the program that is a manifest for Kubernetes comes up, and no manifest destroys a stack when it is deleted", async () => {
  const folder = path.join(example, "kubernetes");
  const manifests = (await readdir(folder)).flatMap((file) =>
    loadAll(readFileSync(path.join(folder, file), "utf8")),
  );
  const ofKind = (wanted: string) => manifests.filter(({ kind }) => kind === wanted);
  expect(ofKind("Stack").map(({ metadata, spec }) => [metadata.name, spec?.["destroyOnFinalize"]])).toEqual([
    ["petra-dev", false],
    ["care-production", false],
    ["care-production-drift", false],
  ]);
  const [program] = ofKind("Program");
  const plugin = await AttachedPlugin.start(cockpit);
  try {
    // What YAML takes, JSON is too.
    const yaml = Object.entries(program?.program ?? {}).map(
      ([key, part]) => `${key}: ${JSON.stringify(part)}\n`,
    );
    const project = await cockpit.project({ yaml: yaml.join(""), env: plugin.env });
    await project.succeeds(project.up());
    expect(names()).toEqual(["Petra", "Petra France"]);
  } finally {
    await plugin.stop();
  }
});

interface Comment {
  id: number;
  body: string;
  url: string;
  user: { type: string };
  author: { id: number };
}

test.each(["GitHub", "GitLab"])("%s gets one comment for all stacks, which is renewed", async (host) => {
  const comments: Comment[] = [];
  const seen: string[] = [];
  const mark = "<!-- pulumi-cockpit summary -->";
  const comment = (body: string, isOurs: boolean): Comment => {
    const id = comments.length + 1;
    return {
      id,
      body,
      url: `${address}/comments/${id}`,
      user: { type: isOurs ? "Bot" : "User" },
      author: { id: isOurs ? 7 : 8 },
    };
  };
  const server = createServer((request, response) => {
    const { method = "", url = "" } = request;
    seen.push(`${method} ${url}`);
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      const { body = "" } = (text === "" ? {} : JSON.parse(text)) as { body?: string };
      if (method === "POST") {
        comments.push(comment(body, true));
      } else if (method !== "GET") {
        const old = comments[Number(url.slice(url.lastIndexOf("/") + 1)) - 1];
        Object.assign(old ?? {}, { body });
      }
      response.end(JSON.stringify(url.startsWith("/user") ? { id: 7 } : method === "GET" ? comments : {}));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  comments.push(comment(`${mark} of somebody else`, false));
  const env =
    host === "GitHub"
      ? { GITHUB_TOKEN: "t", GITHUB_API_URL: address, GITHUB_REPOSITORY: "care/care", PULL_REQUEST: "3" }
      : { GITLAB_TOKEN: "t", CI_API_V4_URL: address, CI_PROJECT_ID: "1", CI_MERGE_REQUEST_IID: "3" };
  try {
    const project = await cockpit.project({ yaml: "resources: {}\n" });
    const say = async (...texts: string[]) => {
      const files = texts.map((_text, index) => `summary-${index}.md`);
      await Promise.all(
        files.map((file, index) => writeFile(path.join(project.folder, file), `${mark}\n${texts[index]}\n`)),
      );
      await ends(project.shell(`node "${example}/ci/comment.js" ${files.join(" ")}`, env), 0);
    };
    await say("dev", "production");
    await say("dev again", "production");
    await ends(project.shell(`node "${example}/ci/comment.js" summary-0.md summary-9.md`, env), 0);
    expect(comments[1]?.body).toMatch(/dev again\n\n## ❌ summary-9.md is missing/);
    await say("dev again", "production");
    expect(comments.map(({ body }) => body)).toEqual([
      `${mark} of somebody else`,
      `${mark}\n\ndev again\n\nproduction`,
    ]);
    const place =
      host === "GitHub" ? "/repos/care/care/issues/3/comments" : "/projects/1/merge_requests/3/notes";
    expect(seen).toContain(`POST ${place}`);
  } finally {
    await new Promise((done) => server.close(done));
  }
});
