import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { currentOperation } from "../framework/operation";

export interface Address {
  host: string;
  port: number;
}

/** Providers are started as `node … <engine address>`. Undefined outside of it, e.g. in a unit test. */
export function engineAddress(text = process.argv[2] ?? ""): Address | undefined {
  const match = /^(.+):(\d+)$/.exec(text);
  return match ? { host: match[1] as string, port: Number(match[2]) } : undefined;
}

/**
 * For a process of our own, before its first request: undici parses answers by WebAssembly, and on Node.js 20 optimising that takes
 * 30 MB and, in a small stack, more processor time than all requests.
 */
export function leaveWebAssemblyUnoptimised(): void {
  setFlagsFromString("--liftoff-only");
}

/**
 * For a process of our own, at its start: Node.js lets the space for new objects grow sixteenfold, to which a plugin that answers many
 * calls at once soon comes. That is a fifth of its memory, and saves no time.
 */
export function keepSpaceForNewObjectsSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

const reconnectMs = 500;

/** Calls back once the engine can no longer be reached. A killed engine leaves its providers running for ever. */
export function onEngineGone(address: Address, gone: () => void): void {
  const socket = connect(address);
  let connected = false;
  socket.unref();
  // Unread data would hold back the close.
  socket.resume();
  socket.on("connect", () => (connected = true));
  socket.on("error", () => undefined);
  // The engine drops connections that never speak, so a close alone says little: the next attempt tells.
  socket.on("close", () =>
    connected ? setTimeout(() => onEngineGone(address, gone), reconnectMs).unref() : gone(),
  );
}

/** Shows warnings and news in the engine's own output. */
export function messagesThrough(address: Address) {
  const engine = new EngineClient(`${address.host}:${address.port}`, credentials.createInsecure());
  const log =
    (severity: LogRequest["getSeverity"] extends () => infer S ? S : never) => (message: string) => {
      const request = new LogRequest();
      request.setSeverity(severity);
      request.setMessage(message);
      request.setUrn(currentOperation()?.urn ?? "");
      engine.log(request, () => undefined);
    };
  return { warn: log(LogSeverity.WARNING), inform: log(LogSeverity.INFO), close: () => engine.close() };
}
