import fs from "node:fs";
import path from "node:path";
import { builtFolder, pinnedVersion } from "./built-engine";
import { prepareEngine } from "./engine";
import { FakeMachine } from "./testing";

let machine: FakeMachine;
beforeEach(() => {
  machine = new FakeMachine();
});
afterEach(() => machine.remove());

const languageHost = path.join(__dirname, "language-host");
const releaseFolder = () => path.join(machine.folder, ".pulumi", "versions", pinnedVersion, "bin");
const marker = () =>
  path.join(machine.environment.PULUMI_COCKPIT_CACHE, "engine", `download-of-${pinnedVersion}-failed`);
const prepare = () => prepareEngine({ environment: machine.environment, log: machine.log });

async function failureOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it did not fail");
}

const downloadWorks = () =>
  machine.install(
    "npx",
    `mkdir -p '${releaseFolder()}'; printf '#!/bin/sh' > '${releaseFolder()}/pulumi'; chmod +x '${releaseFolder()}/pulumi'`,
  );
const downloadFails = () => machine.install("npx", "echo 'pulumi: fetch failed' >&2; exit 1");

/** A Go whose build leaves its executables where it is told to, or does what `build` says. */
const installGo = (
  version = "1.99.0",
  build = 'while [ "$1" != -o ]; do shift; done; for name in pulumi pulumi-language-yaml generate-sdk; do echo >"$2$name"; chmod +x "$2$name"; done',
) => machine.install("go", `if [ "$1" = env ]; then echo go${version}; else ${build}; fi`);
const goBuilds = () => machine.calls("go").filter((call) => call.startsWith("build"));

describe("an engine on PATH", () => {
  test("is used as it is when it is recent and complete", async () => {
    machine.install("pulumi", "echo v3.300.1");
    machine.install("pulumi-language-nodejs", "");
    machine.install("pulumi-resource-pulumi-nodejs", "");
    expect(await prepare()).toEqual({
      pulumi: path.join(machine.bin, "pulumi"),
      source: "path",
      version: "3.300.1",
      env: { PATH: machine.bin },
    });
    expect(machine.said).toEqual([expect.stringContaining("the one on PATH")]);
  });

  test("at the floor will do", async () => {
    machine.install("pulumi", "echo v3.216.0");
    expect(await prepare()).toMatchObject({ source: "path", version: "3.216.0" });
  });

  test("without a language host gets this repository's, after everything else on PATH", async () => {
    machine.install("pulumi", "echo v3.216.1");
    const { env } = await prepare();
    expect(env.PATH?.split(path.delimiter).slice(0, 2)).toEqual([machine.bin, languageHost]);
    expect(machine.said.join("\n")).toContain("has no pulumi-language-nodejs");
  });

  test("finds the language host beside the executable that a link on PATH stands for", async () => {
    const cellar = path.join(machine.folder, "cellar");
    machine.install("pulumi", "echo v3.300.0", cellar);
    machine.install("pulumi-language-nodejs", "", cellar);
    machine.install("pulumi-resource-pulumi-nodejs", "", cellar);
    fs.mkdirSync(machine.bin);
    fs.symlinkSync(path.join(cellar, "pulumi"), path.join(machine.bin, "pulumi"));
    expect((await prepare()).env).toEqual({ PATH: machine.bin });
  });

  test.each([
    ["is too old", "echo v3.215.9", "too old: it is v3.215.9, the oldest that will do is v3.216.0"],
    ["does not tell its version", "echo what", "does not tell its version"],
  ])("that %s is passed over, and that is said", async (_, script, reason) => {
    machine.install("pulumi", script);
    downloadWorks();
    expect(await prepare()).toMatchObject({ source: "official" });
    expect(machine.said[0]).toContain(reason);
  });
});

describe("the official download", () => {
  test("is made with the official launcher, once", async () => {
    downloadWorks();
    const engine = await prepare();
    expect(engine).toMatchObject({ source: "official", pulumi: path.join(releaseFolder(), "pulumi") });
    expect(engine.env.PATH?.split(path.delimiter)[0]).toBe(releaseFolder());
    await prepare();
    expect(machine.calls("npx")).toEqual([`--yes pulumi@${pinnedVersion} version`]);
  });

  test("that failed is not tried again for a day when the engine can be built", async () => {
    downloadFails();
    installGo();
    await prepare();
    await prepare();
    expect(machine.calls("npx")).toHaveLength(1);
    expect(machine.said.join("\n")).toContain(marker());

    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    fs.utimesSync(marker(), yesterday, yesterday);
    await prepare();
    expect(machine.calls("npx")).toHaveLength(2);
  });

  test("that failed is tried again each time when there is no other way", async () => {
    downloadFails();
    await failureOf(prepare());
    await failureOf(prepare());
    expect(machine.calls("npx")).toHaveLength(2);
  });
});

describe("a build from source", () => {
  test("happens once per machine, with the companions beside it", async () => {
    installGo();
    const engine = await prepare();
    const folder = builtFolder(machine.environment);
    expect(engine).toMatchObject({
      source: "built",
      version: pinnedVersion,
      pulumi: path.join(folder, "pulumi"),
    });
    expect(engine.env.COCKPIT_LANGUAGE_HOST).toBe(path.join(languageHost, "server.js"));
    expect(fs.readdirSync(folder)).toEqual(
      expect.arrayContaining([
        "pulumi",
        "pulumi-language-nodejs",
        "pulumi-language-yaml",
        "pulumi-language-python",
        "pulumi-language-go",
        "pulumi-resource-pulumi-nodejs",
      ]),
    );
    await prepare();
    expect(goBuilds()).toHaveLength(1);
    expect(fs.readdirSync(path.dirname(folder))).toEqual([path.basename(folder)]);
  });

  test("happens once when two commands want it at the same time", async () => {
    installGo();
    const engines = await Promise.all([prepare(), prepare()]);
    expect(engines[0]).toEqual(engines[1]);
    expect(goBuilds()).toHaveLength(1);
  });

  test("that was interrupted is begun again", async () => {
    installGo();
    const leftOver = `${builtFolder(machine.environment)}.partial`;
    fs.mkdirSync(leftOver, { recursive: true });
    fs.writeFileSync(path.join(leftOver, "pulumi"), "half a file");
    await prepare();
    expect(fs.existsSync(leftOver)).toBe(false);
    expect(goBuilds()).toHaveLength(1);
  });
});

describe("when no engine can be had, the error", () => {
  test("names every way and what is missing", async () => {
    machine.install("pulumi", "echo v3.1.0");
    downloadFails();
    const message = await failureOf(prepare());
    expect(message).toContain("too old: it is v3.1.0");
    expect(message).toContain("the download of the CLI failed: pulumi: fetch failed");
    expect(message).toMatch(/Go is not installed \(building the engine needs Go 1\.\d+/);
    expect(message).toContain("Install the Pulumi CLI, v3.216.0 or newer");
  });

  test("says that Go is too old", async () => {
    installGo("1.20.4");
    expect(await failureOf(prepare())).toMatch(/needs Go 1\.\d+\S* or newer; \S+ is 1\.20\.4/);
  });

  test.each([
    ["write /tmp/x: no space left on device", "the disk is full"],
    ["go: dial tcp: lookup somewhere: no such host", "the Go modules could not be fetched"],
    ["something else", "go build failed"],
  ])("explains %j", async (output, explanation) => {
    installGo("1.99.0", `echo '${output}' >&2; exit 1`);
    const message = await failureOf(prepare());
    expect(message).toContain(explanation);
    expect(message).toContain(output);
    expect(fs.existsSync(builtFolder(machine.environment))).toBe(false);
  });
});
