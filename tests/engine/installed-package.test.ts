import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { start } from "../support/engine";
import { repositoryRoot, type Project } from "../support/project";

/** The package as npm would publish it, and a program outside of the repository that has installed it. */
let cockpit: Cockpit;
let parts: string;
let project: Project;
let packed: { filename: string; unpackedSize: number; files: { path: string }[] };

const program = `
  import * as pulumi from "@pulumi/pulumi";
  import { Database, getDatabase, getSolutionOutput, Solution } from "pulumi-cockpit";
  import { AmbiguousError, NotFoundError, writeEnvFile, type DatabaseArgs, type PropertyValue } from "pulumi-cockpit";

  const launched: PropertyValue = { type: "date", value: "2026-01-31" };
  const petra = new Solution("petra", {
    name: "Petra",
    deletionProtection: false,
    properties: { launched, seats: pulumi.output(250) },
  });
  const args: DatabaseArgs = { solutionId: petra.id, cluster: "europe-west-02", deletionProtection: false };
  const databases = ["france", "belgium"].map((name) => new Database(name, args, { parent: petra }));

  // @ts-expect-error: a name is a text
  export const wrong = (): Database => new Database("wrong", { ...args, name: 3 });
  // @ts-expect-error: a database is in a solution
  export const missing = (): Database => new Database("missing", {});
  // @ts-expect-error: an id and a name exclude each other
  export const both = () => getDatabase({ id: "ic-1", name: "France" });
  writeEnvFile("app/.env", { SPEC_ID: petra.specId, GREETING: pulumi.secret("it's Petra") });
  export const specId: pulumi.Output<string> = petra.specId;
  export const found: pulumi.Output<string> = getSolutionOutput({ id: petra.id }).name;
  export const nowhere: Promise<string> = getDatabase({ name: "nowhere" }).then(
    ({ solutionId }): string => solutionId,
    (error: unknown) => (error instanceof NotFoundError && !(error instanceof AmbiguousError) ? "not found" : "error"),
  );
  export const cluster: pulumi.Output<string | undefined> | undefined = databases[0]?.cluster;
  export const servers: pulumi.Output<string[]>[] = databases.map((database) => database.servers);
`;

/** The infrastructure tests of a program's author. */
const infrastructureTest = `
  import { startEmulator, type Emulator, type EmulatorOptions } from "pulumi-cockpit/emulator";

  const options: EmulatorOptions = { port: 0 };
  export const emulator: Promise<Emulator> = startEmulator(options);
  export const names = emulator.then((running) => running.groups().map(({ name }): string | undefined => name));
`;

/** Unit tests of such an author, in plain JavaScript: with the engine mocked, and against the emulator. */
const unitTests = {
  "infra.js": `
    const { Database, getSolutionOutput } = require("pulumi-cockpit");
    exports.petra = getSolutionOutput({ name: "Petra" });
    exports.belgium = new Database("belgium", { name: "Belgium", solutionId: exports.petra.id });
  `,
  "unit-tests/mocks.test.js": `
    const pulumi = require("@pulumi/pulumi");
    const tokens = [];
    beforeAll(() => pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name + "-id", state: inputs }),
      call: ({ token }) => { tokens.push(token); return { id: "ic-mocked" }; },
    }, "petra", "test", false));
    test("the mock answers the look-up", async () => {
      const { belgium } = require("../infra");
      expect(await new Promise((resolve) => belgium.solutionId.apply(resolve))).toBe("ic-mocked");
      expect(tokens).toEqual(["cockpit:index:getSolution"]);
    });
  `,
  "unit-tests/emulator.test.js": `
    const { startEmulator } = require("pulumi-cockpit/emulator");
    const { getSolutions } = require("pulumi-cockpit");
    let emulator;
    beforeAll(async () => {
      emulator = await startEmulator();
      const { url, username, password } = emulator;
      Object.assign(process.env, { COCKPIT_URL: url, COCKPIT_USERNAME: username, COCKPIT_PASSWORD: password });
    });
    afterAll(() => emulator.close());
    test("a look-up against the emulator", async () => {
      expect(await getSolutions()).toEqual({ solutions: [] });
    });
  `,
};

const strict = {
  target: "es2022",
  strict: true,
  noUncheckedIndexedAccess: true,
  types: ["node"],
  noEmit: true,
};
const configurations = {
  "tsconfig.json": {
    module: "node16",
    moduleResolution: "node16",
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  },
  "tsconfig.bundler.json": { module: "esnext", moduleResolution: "bundler", skipLibCheck: false },
  // What `pulumi new typescript` writes.
  "tsconfig.node.json": {
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    skipLibCheck: false,
  },
};

/** Runs a tool as somebody would who never saw the repository: the variables of an npm around this test are not handed on. */
async function tool(cwd: string, command: string, ...args: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|node)_/i.test(name)));
  const { exitCode, output } = await start(command, args, { cwd, env }).finished;
  if (exitCode !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  }
  return output;
}

/** Runs JavaScript in the program's folder and reads what it prints as JSON. */
async function evaluate<Value>(script: string, ...options: string[]): Promise<Value> {
  const output = await tool(project.folder, process.execPath, ...options, "-e", script);
  return JSON.parse(output) as Value;
}

async function readJson<Value>(...file: string[]): Promise<Value> {
  return JSON.parse(await readFile(path.join(...file), "utf8")) as Value;
}

beforeAll(async () => {
  cockpit = await Cockpit.start();
  parts = await mkdtemp(path.join(tmpdir(), "cockpit-package-"));
  const report = path.join(parts, "pack.json");
  const output = await tool(
    repositoryRoot,
    "npm",
    "pack",
    "--json",
    "--loglevel=error",
    "--pack-destination",
    parts,
  );
  await writeFile(report, output.slice(output.indexOf("[\n")));
  [packed] = await readJson<[typeof packed]>(report);

  const own = await readJson<{ devDependencies: Record<string, string> }>(repositoryRoot, "package.json");
  const version = (name: string): Record<string, string> => ({ [name]: own.devDependencies[name] ?? "" });
  const template = path.join(parts, "program");
  await mkdir(path.join(template, "unit-tests"), { recursive: true });
  const files = {
    "Pulumi.yaml": "name: petra\nruntime: nodejs\n",
    "package.json": JSON.stringify({
      name: "program",
      private: true,
      main: "index.ts",
      dependencies: {
        ...version("@pulumi/pulumi"),
        "pulumi-cockpit": `file:${path.join(parts, packed.filename)}`,
      },
      devDependencies: { ...version("typescript"), ...version("@types/node") },
    }),
    "index.ts": program,
    "infrastructure.test.ts": infrastructureTest,
    "jest.config.json": JSON.stringify({ testMatch: ["**/unit-tests/*.test.js"] }),
    ...unitTests,
    ...Object.fromEntries(
      Object.entries(configurations).map(([file, options]) => [
        file,
        JSON.stringify({
          compilerOptions: { ...strict, ...options },
          files: ["index.ts", "infrastructure.test.ts"],
        }),
      ]),
    ),
  };
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(path.join(template, file), text)));
  project = await cockpit.project({ folder: template, modules: "installed" });
  await tool(project.folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund");
});

afterAll(async () => {
  await cockpit.dispose();
  await rm(parts, { recursive: true, force: true });
});

test("the package holds the built code, types, schema and docs of what is here, and nothing else", async () => {
  const files = packed.files.map((file) => file.path).sort();
  const built = (await Promise.all(["sdk", "provider", "emulator", "cli"].map(sourcesOf))).flat();
  const page = (await filesBelow("emulator/page/browser")).filter((file) => !file.endsWith(".json"));
  const docs = (await filesBelow("docs")).filter((file) => file.endsWith(".md"));
  expect(files).toEqual(
    [
      "CHANGELOG.md",
      "LICENSE",
      "PulumiPlugin.yaml",
      "README.md",
      "package.json",
      "plugin.js",
      "dist/provider/LICENSES.txt",
      "dist/provider/plugin/undici.js",
      "schema.json",
      "scripts/build-plugin.js",
      ...docs,
      ...page.map((file) => `dist/${file}`),
      ...built.flatMap((source) => [".js", ".d.ts"].map((end) => `dist/${source.replace(/\.ts$/, end)}`)),
    ].sort(),
  );
  // A half of it is the provider in one file for each form; a tenth are the examples of every resource in six languages.
  expect(packed.unpackedSize).toBeLessThan(5_500_000);
});

/** What of a room is meant for users: neither tests nor what they share, nor what only generates files of this repository. */
async function sourcesOf(room: string): Promise<string[]> {
  const files = await filesBelow(room);
  return files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(repositoryRoot, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(repositoryRoot, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"),
    );
}

test("a TypeScript program that installed it goes up, stays as it is, and is destroyed", async () => {
  await project.succeeds(project.up());
  expect(
    cockpit
      .liveGroups()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Petra", "belgium", "france"]);
  expect(JSON.parse(await project.must(["stack", "output", "--json"]))).toMatchObject({
    found: "Petra",
    nowhere: "not found",
  });
  expect(await readFile(path.join(project.folder, "app/.env"), "utf8")).toContain(
    `\nSPEC_ID=${cockpit.emulator.environmentId}\nGREETING="it's Petra"\n`,
  );
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
});

test.each(Object.keys(configurations))(
  "its types are right for the program with %s",
  async (configuration) => {
    const compiler = ["tsc", "--noEmit", "--listFiles", "-p", configuration];
    const output = await tool(project.folder, "npx", "--no-install", ...compiler);
    expect(output).not.toMatch(/error TS/);
    // Its types can't be read by older compilers, nor under all options.
    expect(output).not.toMatch(/node_modules.zod\W/);
  },
);

test("unit tests in plain Jest pass, with the engine mocked and against the emulator", async () => {
  const jest = path.join(repositoryRoot, "node_modules/jest/bin/jest.js");
  const output = await tool(
    project.folder,
    process.execPath,
    jest,
    "--rootDir",
    project.folder,
    "--runInBand",
  );
  expect(output).toMatch(/Tests: +2 passed, 2 total/);
});

test("the program has one copy of Pulumi's SDK, and importing the package loads nothing that only the provider needs", async () => {
  const { packages } = await readJson<{ packages: Record<string, unknown> }>(
    project.folder,
    "node_modules/.package-lock.json",
  );
  const copies = Object.keys(packages).filter((location) => location.endsWith("node_modules/@pulumi/pulumi"));
  expect(copies).toEqual(["node_modules/@pulumi/pulumi"]);

  const loaded = await evaluate<string[]>(
    `require("pulumi-cockpit"); console.log(JSON.stringify(Object.keys(require.cache)))`,
  );
  expect(loaded).toContain(path.join(project.folder, "node_modules/pulumi-cockpit/dist/sdk/index.js"));
  const others = /node_modules.(zod|undici|uuid)\W|pulumi-cockpit.dist.(provider(?!.errors)|emulator)\W/;
  expect(loaded.filter((file) => others.test(file))).toEqual([]);
});

test("the host of dynamic providers loads one file, and of other packages only the program's own", async () => {
  const loaded = await evaluate<string[]>(
    `require("@pulumi/pulumi");
     const before = new Set(Object.keys(require.cache));
     require("pulumi-cockpit/dynamic");
     console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !before.has(file))));`,
  );
  const entryFile = path.join(project.folder, "node_modules/pulumi-cockpit/dist/provider/dynamic/index.js");
  const others = loaded.filter((file) => !/node_modules.(@pulumi|@grpc|google-protobuf)\W/.test(file));
  expect(others).toEqual([entryFile]);
  const licences = await readFile(path.join(path.dirname(entryFile), "../LICENSES.txt"), "utf8");
  expect(licences).toContain("undici\n\nMIT License");
});

test("it brings three packages beside Pulumi's, the emulator included, and none that runs a script or is made for one platform", async () => {
  type Locked = { dependencies?: Record<string, string>; hasInstallScript?: boolean; cpu?: string[] };
  const { packages } = await readJson<{ packages: Record<string, Locked> }>(
    project.folder,
    "node_modules/.package-lock.json",
  );
  const below = (name: string): string[] => {
    const { dependencies = {} } = packages[`node_modules/${name}`] ?? {};
    return [name, ...Object.keys(dependencies).flatMap(below)];
  };
  const brought = below("pulumi-cockpit");
  expect(brought.sort()).toEqual(["pulumi-cockpit", "undici", "uuid", "zod"]);
  const special = brought.filter((name) => {
    const { hasInstallScript = false, cpu } = packages[`node_modules/${name}`] ?? {};
    return hasInstallScript || cpu !== undefined;
  });
  expect(special).toEqual([]);
  expect(packages["node_modules/nodemailer"]).toBeUndefined();
});

test("the one file also sends through a proxy", async () => {
  const reached = await evaluate<string>(
    `const proxy = require("node:http").createServer();
     proxy.on("connect", (request, socket) => {
       console.log(JSON.stringify(request.url));
       socket.destroy();
       process.exit();
     });
     proxy.listen(0, "127.0.0.1", () => {
       Object.assign(process.env, {
         COCKPIT_URL: "https://cockpit.petra.example",
         COCKPIT_GATEWAY_URL: "https://gateway.petra.example",
         COCKPIT_USERNAME: "ada",
         COCKPIT_PASSWORD: "password",
         https_proxy: "http://127.0.0.1:" + proxy.address().port,
         no_proxy: "",
         NO_PROXY: "",
       });
       const state = { name: "France", solutionId: "ic-petra", __identity: "petra/test/france" };
       require("pulumi-cockpit/dynamic").Database.read("ic-france", state).catch(console.error);
     });`,
  );
  expect(reached).toBe("cockpit.petra.example:443");
});

test("every declared entry resolves and loads, deep imports are refused, and the emulator runs", async () => {
  const folder = path.join(project.folder, "node_modules/pulumi-cockpit");
  const { exports } = await readJson<{ exports: Record<string, string | Record<string, string>> }>(
    folder,
    "package.json",
  );
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  expect(targets.filter((target) => !existsSync(path.join(folder, target)))).toEqual([]);

  const entries = Object.keys(exports).map((entry) => `pulumi-cockpit${entry.slice(1)}`);
  const loaded = await evaluate<Record<string, string[]>>(
    `const names = (entry) => [entry, Object.keys(require(entry)).sort()];
     console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(entries)}.map(names))));`,
  );
  const including = (...names: string[]) => expect.arrayContaining(names) as string[];
  expect(loaded).toMatchObject({
    "pulumi-cockpit": including("Database", "NotFoundError", "Solution", "getSolution"),
    "pulumi-cockpit/dynamic": including("Database", "Solution"),
    "pulumi-cockpit/emulator": including("startEmulator"),
  });
  const asModule = `import { Database, Solution } from "pulumi-cockpit"; import { startEmulator } from "pulumi-cockpit/emulator";
    const emulator = await startEmulator();
    const { status } = await fetch(emulator.url + "/rest/v2/group");
    await emulator.close();
    console.log(JSON.stringify([Database.name, Solution.name, status]));`;
  expect(await evaluate(asModule, "--input-type=module")).toEqual(["Database", "Solution", 401]);

  const deep = ["dist/sdk/index.js", "dist/provider/client/index.js", "provider/client", "sdk"];
  const refusals = await evaluate<string[]>(
    `const codeOf = (entry) => { try { require("pulumi-cockpit/" + entry); return "loaded"; } catch (error) { return error.code; } };
     console.log(JSON.stringify(${JSON.stringify(deep)}.map(codeOf)));`,
  );
  expect(refusals).toEqual(deep.map(() => "ERR_PACKAGE_PATH_NOT_EXPORTED"));

  const help = await tool(project.folder, "npx", "--no-install", "cockpit-emulator", "--help");
  expect(help).toMatch(/--port/);
});
