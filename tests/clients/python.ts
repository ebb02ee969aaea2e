import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "../support/machine-cache";

const run = promisify(execFile);

/** How Python is called, and where the packages are. */
export interface Python {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  packages: string;
}

const sdk = "cardinal-sdk==2.14.0";
/** For each of three downloads, which together end before the test would. */
const patience = 80_000;

/** What a script of this folder prints, as JSON, when it is told a plan. */
export async function judged(
  { command, args, env, packages }: Python,
  script: string,
  plan: Record<string, unknown>,
): Promise<unknown> {
  const told = [...args, path.join(__dirname, script), JSON.stringify({ ...plan, packages })];
  const { stdout } = await run(command, told, { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as unknown;
}

/** Python 3.12 or newer with the newest client from PyPI, kept for the machine; or why there is none. */
export async function pythonWithSdk(): Promise<Python | string> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `${sdk} is tried on Linux of 64-bit Intel only`;
  }
  try {
    const packages = await cachedFolder("python/cardinal-sdk-2.14.0", installSdk);
    const interpreter = (await installed()) ?? (await debians());
    return { ...interpreter, packages };
  } catch (error) {
    const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return `${sdk} or a Python of 3.12 or newer can't be had here: ${line}`;
  }
}

type Interpreter = Omit<Python, "packages">;

async function installed(): Promise<Interpreter | undefined> {
  for (const command of ["python3.14", "python3.13", "python3.12", "python3"]) {
    const version = await run(command, ["-c", "import sys; print(sys.version_info >= (3, 12))"]).catch(
      () => undefined,
    );
    if (version?.stdout.trim() === "True") {
      return { command, args: [], env: {} };
    }
  }
  return undefined;
}

/** Without dependencies: it has none that are needed. A Python that is too old can still unpack it. */
async function installSdk(folder: string): Promise<void> {
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"];
  await run("python3", [...pip, "--ignore-requires-python", "--target", folder, sdk], { timeout: patience });
}

/** Debian 13's, unpacked beside the system and started by its own loader, so that nothing of the system changes. */
async function debians(): Promise<Interpreter> {
  const folder = await cachedFolder("python/debian-13", unpackDebians);
  const libraries = path.join(folder, "root/usr/lib/x86_64-linux-gnu");
  return {
    command: path.join(libraries, "ld-linux-x86-64.so.2"),
    args: ["--library-path", libraries, path.join(folder, "root/usr/bin/python3.13")],
    env: { PYTHONHOME: path.join(folder, "root/usr") },
  };
}

const debianPackages = [
  ...["python3.13-minimal", "libpython3.13-minimal", "libpython3.13-stdlib", "libc6", "libgcc-s1"],
  ...["libexpat1", "zlib1g", "libssl3t64", "libbz2-1.0", "libffi8", "liblzma5", "libuuid1", "libzstd1"],
];

async function unpackDebians(folder: string): Promise<void> {
  const at = (name: string) => path.join(folder, name);
  for (const name of ["lists/partial", "archives/partial", "debs", "root"]) {
    mkdirSync(at(name), { recursive: true });
  }
  const key = "/usr/share/keyrings/debian-archive-keyring.gpg";
  writeFileSync(at("sources.list"), `deb [signed-by=${key}] http://deb.debian.org/debian trixie main\n`);
  writeFileSync(at("status"), "");
  const options = [
    `Dir::Etc::sourcelist=${at("sources.list")}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State=${folder}`,
    `Dir::State::lists=${at("lists")}`,
    `Dir::State::status=${at("status")}`,
    `Dir::Cache=${folder}`,
    `Dir::Cache::archives=${at("archives")}`,
    `APT::Sandbox::User=${process.env["USER"] ?? "root"}`,
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", [...options, "update"], { timeout: patience });
  await run("apt-get", [...options, "download", ...debianPackages], { cwd: at("debs"), timeout: patience });
  for (const file of readdirSync(at("debs"))) {
    await run("dpkg-deb", ["-x", path.join(at("debs"), file), at("root")]);
  }
  for (const name of ["lists", "archives", "debs"]) {
    rmSync(at(name), { recursive: true, force: true });
  }
}
