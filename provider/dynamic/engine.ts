import { connect } from "node:net";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** The host is started as `node … <engine address>`. Undefined outside of it, e.g. in a unit test. */
export function engineAddress(): { host: string; port: number } | undefined {
  const match = /^(.+):(\d+)$/.exec(process.argv[2] ?? "");
  return match ? { host: match[1] as string, port: Number(match[2]) } : undefined;
}

const reconnectMs = 500;

/** Calls back once the engine can no longer be reached. A killed engine leaves its providers running for ever. */
export function onEngineGone(address: { host: string; port: number }, gone: () => void): void {
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
export function messagesThrough(address: { host: string; port: number }) {
  const engine = new EngineClient(`${address.host}:${address.port}`, credentials.createInsecure());
  const log =
    (severity: LogRequest["getSeverity"] extends () => infer S ? S : never) => (message: string) => {
      const request = new LogRequest();
      request.setSeverity(severity);
      request.setMessage(message);
      engine.log(request, () => undefined);
    };
  return { warn: log(LogSeverity.WARNING), inform: log(LogSeverity.INFO) };
}
