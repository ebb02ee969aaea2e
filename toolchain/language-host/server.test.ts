import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import {
  AboutRequest,
  type AboutResponse,
  ProgramInfo,
  RunPluginRequest,
} from "@pulumi/pulumi/proto/language_pb.js";

const executable = path.join(__dirname, "pulumi-language-nodejs");

/** Stands for the engine: something that listens, and can be gone at once. */
class FakeEngine {
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((socket) => this.sockets.add(socket));

  async listen(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  /** As a real engine does with a connection that says nothing. */
  async dropConnections(): Promise<void> {
    const next = once(this.server, "connection");
    for (const socket of this.sockets) {
      socket.end();
    }
    await next;
  }

  connected(): Promise<unknown> {
    return this.sockets.size > 0 ? Promise.resolve() : once(this.server, "connection");
  }

  die(): void {
    this.server.close();
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }
}

let engine: FakeEngine;
let host: ChildProcess;
let port: string;
let client: LanguageRuntimeClient;
beforeEach(async () => {
  engine = new FakeEngine();
  host = spawn(process.execPath, [executable, await engine.listen()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = (await once(host.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  port = output.toString();
  client = new LanguageRuntimeClient(`127.0.0.1:${port.trim()}`, grpc.credentials.createInsecure());
  await engine.connected();
});
afterEach(() => {
  client.close();
  engine.die();
  host.kill("SIGKILL");
});

test("prints its port and answers there", async () => {
  expect(port).toMatch(/^\d+\n$/);
  const about = await new Promise<AboutResponse>((resolve, reject) =>
    client.about(new AboutRequest(), (error, response) => (error ? reject(error) : resolve(response))),
  );
  expect(about.getVersion()).toBe(process.version);
});

test("says why a plugin could not be started", async () => {
  const nowhere = path.join(path.parse(__dirname).root, "nowhere");
  const request = new RunPluginRequest().setInfo(new ProgramInfo().setProgramDirectory(nowhere));
  const [error] = (await once(client.runPlugin(request).resume(), "error").catch((reason: unknown) => [
    reason,
  ])) as [grpc.ServiceError];
  expect(error.details).toContain(`@pulumi/pulumi is not installed in ${nowhere}`);
});

test("survives a connection that the engine closes, and ends with the engine", async () => {
  await engine.dropConnections();
  expect(host.exitCode).toBeNull();
  engine.die();
  await once(host, "exit");
  expect(host.exitCode).toBe(1);
});
