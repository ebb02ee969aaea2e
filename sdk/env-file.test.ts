import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { writeEnvFile } from "./env-file";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "cockpit-env-"));
  file = path.join(folder, ".env");
});
afterEach(() => rmSync(folder, { recursive: true }));

type Variables = Parameters<typeof writeEnvFile>[1];

async function write(variables: Variables, isPreview = false): Promise<void> {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }), call: () => ({}) },
    "petra",
    "stack",
    isPreview,
  );
  const done = writeEnvFile(file, variables) as unknown as {
    promise(): Promise<void>;
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    allResources(): Promise<unknown>;
  };
  // An output is several promises, all of which a failure rejects.
  await Promise.all([done.promise(), done.isKnown, done.isSecret, done.allResources()]);
}

const block = (...lines: string[]): string =>
  ["# BEGIN pulumi-cockpit petra (replaced by pulumi up)", ...lines, "# END pulumi-cockpit petra", ""].join(
    "\n",
  );

test("writes for its owner only, makes the folder, and writes nothing in a preview", async () => {
  file = path.join(folder, "app", "config", ".env");
  await write({ ID: pulumi.output("ic-petra-1") }, true);
  expect(readdirSync(folder)).toEqual([]);
  await write({ ID: pulumi.output("ic-petra-1"), ABSENT: undefined });
  expect(readFileSync(file, "utf8")).toBe(block("ID=ic-petra-1"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(file))).toEqual([".env"]);
});

test("what others may read becomes private before the secret is in it, and keeps its lines", async () => {
  writeFileSync(file, "OLD=1\n");
  chmodSync(file, 0o644);
  const readByOthers = statSync(file).ino;
  await write({ TOKEN: pulumi.secret("canary") });
  expect(readFileSync(file, "utf8")).toBe(`OLD=1\n${block("TOKEN=canary")}`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  // Another file: who has the old one open sees no secret.
  expect(statSync(file).ino).not.toBe(readByOthers);
});

test("an unchanged file is left alone, unless others may read it", async () => {
  await write({ ID: "1" });
  const { ino } = statSync(file);
  await write({ ID: "1" });
  expect(statSync(file).ino).toBe(ino);
  chmodSync(file, 0o640);
  await write({ ID: "1" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a link stays one", async () => {
  mkdirSync(path.join(folder, "shared"));
  const target = path.join(folder, "shared", "env");
  writeFileSync(target, "");
  symlinkSync(target, file);
  await write({ ID: "1" });
  expect(readFileSync(target, "utf8")).toBe(block("ID=1"));
});

test("refuses in the preview what the program says already, and keeps the file", async () => {
  writeFileSync(file, "ID=mine\n");
  await expect(write({ ID: pulumi.output("1"), "NO-NAME": "1", DOLLAR: "$HOME" }, true)).rejects.toThrow(
    /was not written: "NO-NAME" is not a name.*; DOLLAR has a \$ .*; ID stands outside of this project's block/,
  );
  expect(readFileSync(file, "utf8")).toBe("ID=mine\n");
});

test("refuses what turns out later, without showing it", async () => {
  const failure = await write({ TOKEN: pulumi.secret("canary$HOME") }).catch((error: Error) => error.message);
  expect(failure).toMatch(/^writeEnvFile: .*\.env was not written: TOKEN has a \$ /);
  expect(failure).not.toContain("canary");
  await expect(write({ KEY: pulumi.output(undefined) as never })).rejects.toThrow("KEY has no text");
  expect(readdirSync(folder)).toEqual([]);
});

test("refuses a second block of one program", async () => {
  type Stack = ReturnType<typeof pulumi.runtime.getStackResource>;
  jest.spyOn(pulumi.runtime, "getStackResource").mockReturnValue({} as Stack);
  await write({ A: "1" });
  await expect(write({ B: "1" })).rejects.toThrow("the program writes it twice");
  jest.restoreAllMocks();
  await write({ A: "2" });
  expect(readFileSync(file, "utf8")).toBe(block("A=2"));
});

test("says why a file can't be written", async () => {
  mkdirSync(file);
  await expect(write({ A: "1" })).rejects.toThrow(/^writeEnvFile: .*\.env was not written: .*EISDIR/);
});
