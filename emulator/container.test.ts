import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageFolder } from "../tests/support/project";

/** No builder of containers is needed here: what the file tells one to do is done in a folder. */
interface Instruction {
  name: string;
  value: string;
}

async function instructions(): Promise<Instruction[]> {
  const text = await readFile(path.join(__dirname, "Containerfile"), "utf8");
  return text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", value = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      return { name, value };
    });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const known = [
  "FROM",
  "WORKDIR",
  "COPY",
  "RUN",
  "ENV",
  "USER",
  "VOLUME",
  "EXPOSE",
  "HEALTHCHECK",
  "ENTRYPOINT",
  "CMD",
];

test("the container's file installs the emulator with nothing beside it, starts it for other machines, and knows when it is ready", async () => {
  const all = await instructions();
  expect(all.filter(({ name }) => !known.includes(name))).toEqual([]);
  const last = (name: string) => all.filter((each) => each.name === name).at(-1)?.value ?? "";
  const folder = await mkdtemp(path.join(tmpdir(), "cockpit-container-"));
  try {
    execFileSync("npm", [
      "pack",
      "--loglevel=error",
      "--ignore-scripts",
      "--pack-destination",
      folder,
      packageFolder,
    ]);
    execFileSync("sh", ["-c", "mv pulumi-cockpit-*.tgz pulumi-cockpit.tgz"], { cwd: folder });
    const [install = ""] = last("RUN").split(" && ");
    execFileSync("sh", ["-c", `${install} --prefer-offline`], { cwd: folder, stdio: "pipe" });
    const seed = path.join(folder, "seed.json");
    await writeFile(
      seed,
      `{ "environments": [{ "id": "ic-own", "name": "Own", "administrators": [{ "login": "ada@petra.example", "password": "a password of our own" }] }] }`,
    );
    const port = await freePort();
    const inFolder = (text: string) =>
      (JSON.parse(text) as string[]).map((part) =>
        part
          .replace(/^\/data$/, path.join(folder, "data"))
          .replace(/^\/seed.json$/, seed)
          .replace("4950", String(port)),
      );
    const [command = "", ...args] = [...inFolder(last("ENTRYPOINT")), ...inFolder(last("CMD"))];
    const emulator = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    try {
      let said = "";
      for await (const part of emulator.stdout) {
        said += String(part);
        if (said.includes("\nready\n")) {
          break;
        }
      }
      const [check = "", ...checkArgs] = inFolder(last("HEALTHCHECK").replace(/^.*CMD /, ""));
      execFileSync(check, checkArgs);
      expect(said).toContain("Environment ic-own");
    } finally {
      const ended = once(emulator, "exit");
      emulator.kill();
      await ended;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
