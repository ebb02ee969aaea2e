import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "./machine-cache";

const run = promisify(execFile);

/** A server that keeps states, of this test alone. */
export interface StateBackend {
  /** As `pulumi login` takes it. */
  url: string;
  /** For the engine. */
  env: Record<string, string>;
  /** All that it holds, as it lies there. */
  contents(): Promise<string>;
  stop(): Promise<void>;
}

/** Where Debian has what PATH does not: a folder for each version. */
const debian = "/usr/lib/postgresql";

/** A PostgreSQL without any port; or why there is none. */
export async function startPostgres(): Promise<StateBackend | string> {
  const bin = await postgresFolder();
  if (bin === undefined) {
    return "there is no initdb on PATH or in /usr/lib/postgresql (Debian: apt-get install postgresql)";
  }
  const folder = await mkdtemp(path.join(tmpdir(), "cockpit-postgres-"));
  // It never runs as root.
  const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (owner.uid !== undefined) {
    await chown(folder, owner.uid, owner.gid);
  }
  const data = path.join(folder, "data");
  const tool = (name: string, ...args: string[]) =>
    run(path.join(bin, name), args, { cwd: folder, maxBuffer: 64_000_000, ...owner });
  await tool("initdb", "-D", data, "-U", "care", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C");
  const server = spawn(
    path.join(bin, "postgres"),
    ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
    { cwd: folder, stdio: ["ignore", "ignore", "pipe"], ...owner },
  );
  const stop = async () => {
    await ended(server, "SIGINT");
    await rm(folder, { recursive: true, force: true });
  };
  await said(server, /ready to accept connections/).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url: `postgres:///postgres?host=${encodeURIComponent(folder)}&user=care&sslmode=disable`,
    env: {},
    contents: async () => {
      const { stdout } = await tool("pg_dump", "-h", folder, "-U", "care", "--inserts", "postgres");
      // The engine writes what it keeps in a row of the table as base64.
      return stdout.replace(/[\w+/]{8,}={0,2}/g, (text) => Buffer.from(text, "base64").toString());
    },
    stop,
  };
}

async function postgresFolder(): Promise<string | undefined> {
  const versions = (await readdir(debian).catch(() => [])).sort((one, other) => Number(other) - Number(one));
  const folders = [
    ...(process.env["PATH"] ?? "").split(path.delimiter),
    ...versions.map((version) => path.join(debian, version, "bin")),
  ];
  const tools = ["initdb", "postgres", "pg_dump"];
  return folders.find((folder) => tools.every((tool) => existsSync(path.join(folder, tool))));
}

/** An S3-compatible server in Go, kept up by its authors. */
const gofakes3 = "github.com/johannesboyne/gofakes3/cmd/gofakes3";
const gofakes3Version = "v1.2.0";
const patience = 90_000;

/** An object store with one bucket; or why there is none. */
export async function startObjectStore(): Promise<StateBackend | string> {
  const command = await objectStore().catch((error: unknown) => error);
  if (typeof command !== "string") {
    const [line = ""] = String(command instanceof Error ? command.message : command).split("\n");
    return `${gofakes3} could not be built by Go: ${line}`;
  }
  const server = spawn(command, ["-host", "127.0.0.1:0", "-backend", "memory", "-initialbucket", "states"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = () => ended(server, "SIGTERM");
  const port = await said(server, /using port: (\d+)/).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const bucket = `http://127.0.0.1:${port}/states`;
  const read = async (address: string) => (await fetch(address)).text();
  return {
    url: `s3://states?region=us-east-1&endpoint=127.0.0.1:${port}&disableSSL=true&s3ForcePathStyle=true`,
    env: { AWS_ACCESS_KEY_ID: "care", AWS_SECRET_ACCESS_KEY: "care" },
    contents: async () => {
      const keys = [...(await read(bucket)).matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key);
      return (await Promise.all(keys.map((key) => read(`${bucket}/${key}`)))).join("\n");
    },
    stop,
  };
}

async function objectStore(): Promise<string> {
  const folder = await cachedFolder(`gofakes3-${gofakes3Version}`, async (bin) => {
    const env = { ...process.env, GOBIN: bin };
    await run("go", ["install", `${gofakes3}@${gofakes3Version}`], { env, timeout: patience });
  });
  return path.join(folder, "gofakes3");
}

/** The first group of what it says, once it has said it. */
async function said(server: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    server.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text);
      if (found) {
        resolve(found[1] ?? "");
      }
    });
    server.once("close", () => reject(new Error(`it ended before it was ready:\n${text}`)));
    server.once("error", reject);
  });
}

async function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const closed = once(server, "close");
    server.kill(signal);
    await closed;
  }
}
