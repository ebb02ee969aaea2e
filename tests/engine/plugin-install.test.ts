import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { GitServer } from "../support/git-server";
import { repositoryRoot } from "../support/project";

jest.setTimeout(300_000);

let cockpit: Cockpit;
let folder: string;
beforeEach(async () => {
  cockpit = await Cockpit.start();
  folder = await mkdtemp(path.join(tmpdir(), "cockpit-plugin-"));
});
afterEach(async () => {
  await cockpit.dispose();
  await rm(folder, { recursive: true, force: true });
});

const petra = `resources:\n  petra: { type: "cockpit:Solution", properties: { deletionProtection: false } }\n`;
const buildTools = ["typescript", "esbuild", "jest", "@swc", "eslint", "prettier", "@icure"];

const { version } = JSON.parse(readFileSync(path.join(repositoryRoot, "package.json"), "utf8")) as {
  version: string;
};

/** The files of this repository as a clone has them. */
async function clone(): Promise<string> {
  const target = path.join(folder, "clone");
  const isSource = (source: string): boolean =>
    !["node_modules", "dist", ".git", ".demo", "release"].includes(path.basename(source));
  await cp(repositoryRoot, target, { recursive: true, filter: isSource });
  return target;
}

const backendOfGit = execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim();
const hasBackend = existsSync(path.join(backendOfGit, "git-http-backend"));
if (!hasBackend) {
  console.warn(`Skipped: the git URL of a plugin needs git-http-backend, which is not in ${backendOfGit}`);
}

(hasBackend ? test : test.skip)(
  "`pulumi package add` of a git URL takes the newest release, and the package is the same as by its folder",
  async () => {
    const source = await clone();
    const git = (...args: string[]) => execFileSync("git", ["-C", source, ...args], { stdio: "ignore" });
    git("init", "--quiet");
    git("add", "--all");
    const author = ["-c", "user.name=Test", "-c", "user.email=test@petra.example"];
    git(...author, "commit", "--quiet", "--message", "All");
    git("tag", "v0.0.1");
    git("tag", `v${version}`);
    git("clone", "--quiet", "--bare", source, path.join(folder, "team/pulumi-cockpit.git"));
    const server = await GitServer.start(folder);
    try {
      const project = await cockpit.project({ yaml: petra, modules: "installed", env: server.env });
      await project.must(["package", "add", `${server.url}/team/pulumi-cockpit`]);
      const yaml = await readFile(path.join(project.folder, "Pulumi.yaml"), "utf8");
      expect(yaml).toContain("cockpit: git.petra.example/team/pulumi-cockpit");
      // The namespace is the schema's own; without one it would be the owner of the repository.
      const sdk = path.join(project.folder, "sdks/pulumi-cockpit-cockpit");
      expect(await readdir(sdk)).toEqual([`cockpit-${version}.yaml`]);
      const [plugin = ""] = await readdir(path.join(project.folder, "home/plugins"));
      const modules = await readdir(path.join(project.folder, "home/plugins", plugin, "node_modules"));
      expect(modules.filter((name) => buildTools.includes(name))).toEqual([]);
      await project.succeeds(project.up());
      expect(cockpit.liveGroups().map(({ name }) => name)).toEqual(["petra"]);
      await project.succeeds(project.destroy());
    } finally {
      server.stop();
    }
  },
);

test("`pulumi package add` of a bare clone installs and builds the plugin by itself, and leaves no build tool there", async () => {
  const source = await clone();
  const lock = await readFile(path.join(source, "package-lock.json"), "utf8");

  const project = await cockpit.project({ yaml: petra, modules: "installed" });
  await project.must(["package", "add", source]);
  expect(await readFile(path.join(project.folder, "Pulumi.yaml"), "utf8")).toContain(`cockpit: ${source}`);
  const installed = await readdir(path.join(source, "node_modules"));
  expect(installed.filter((name) => buildTools.includes(name))).toEqual([]);
  expect(await readFile(path.join(source, "package-lock.json"), "utf8")).toBe(lock);

  await project.succeeds(project.up());
  expect(cockpit.liveGroups().map(({ name }) => name)).toEqual(["petra"]);
  await project.succeeds(project.destroy());
});

test("the archives of a release are installed by `pulumi plugin install` and need nothing else", async () => {
  execFileSync(process.execPath, [path.join(repositoryRoot, "scripts/release-archives.js"), folder], {
    stdio: "ignore",
  });
  const archives = await readdir(folder);
  expect(archives).toHaveLength(6);
  const archive = `pulumi-resource-cockpit-v${version}-linux-amd64.tar.gz`;
  expect(archives).toContain(archive);

  const project = await cockpit.project({ yaml: petra, modules: "installed" });
  await project.must([
    "plugin",
    "install",
    "resource",
    "cockpit",
    version,
    "--file",
    path.join(folder, archive),
  ]);
  const plugin = path.join(project.folder, "home", "plugins", `resource-cockpit-v${version}`);
  expect(existsSync(path.join(plugin, "dist/emulator"))).toBe(false);
  const installed = await readdir(path.join(plugin, "node_modules"));
  expect(installed.filter((name) => buildTools.includes(name))).toEqual([]);
  await project.succeeds(project.up());
  expect(cockpit.liveGroups().map(({ name }) => name)).toEqual(["petra"]);
});

test("the engine's own check of schemas has nothing to say", async () => {
  const project = await cockpit.project({ yaml: petra, modules: "installed" });
  expect(await project.must(["schema", "check", path.join(repositoryRoot, "schema.json")])).toBe("");
});
