import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
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

test("`pulumi package add` of a bare clone installs and builds the plugin by itself, and leaves no build tool there", async () => {
  const clone = path.join(folder, "clone");
  const isSource = (source: string): boolean =>
    !["node_modules", "dist", ".git", ".demo", "release"].includes(path.basename(source));
  await cp(repositoryRoot, clone, { recursive: true, filter: isSource });
  const lock = await readFile(path.join(clone, "package-lock.json"), "utf8");

  const project = await cockpit.project({ yaml: petra, modules: "installed" });
  await project.must(["package", "add", clone]);
  expect(await readFile(path.join(project.folder, "Pulumi.yaml"), "utf8")).toContain(`cockpit: ${clone}`);
  const installed = await readdir(path.join(clone, "node_modules"));
  expect(installed.filter((name) => buildTools.includes(name))).toEqual([]);
  expect(await readFile(path.join(clone, "package-lock.json"), "utf8")).toBe(lock);

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
  const { version } = JSON.parse(await readFile(path.join(repositoryRoot, "package.json"), "utf8")) as {
    version: string;
  };
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
