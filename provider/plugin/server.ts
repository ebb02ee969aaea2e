import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { BinaryReader } from "google-protobuf";
import { construct } from "./construct";
import { wireError } from "./failures";
import {
  invoke,
  list,
  checkConfig,
  configure,
  diffConfig,
  handshake,
  pluginInfo,
  schema,
  version,
} from "./provider-calls";
import { check, create, diff, read, remove, update } from "./resource-calls";
import { Session } from "./session";

/** The same limit as the engine's. */
const messageLimit = 400 * 1024 * 1024;

/** A check, and what the resource's outputs are now: engines from 3.261 on hand them over, which the SDK's stubs for Node 20 don't know. */
interface CheckWithOutputs {
  request: messages.CheckRequest;
  oldOutputs: Struct | undefined;
}

const oldOutputsField = 9;

function readCheck(bytes: Buffer): CheckWithOutputs {
  const reader = new BinaryReader(new Uint8Array(bytes));
  let oldOutputs: Struct | undefined;
  while (reader.nextField()) {
    if (reader.getFieldNumber() === oldOutputsField) {
      oldOutputs = new Struct();
      reader.readMessage(oldOutputs, (message: Struct, from: BinaryReader) =>
        Struct.deserializeBinaryFromReader(message, from),
      );
    } else {
      reader.skipField();
    }
  }
  return { request: messages.CheckRequest.deserializeBinary(new Uint8Array(bytes)), oldOutputs };
}

/** Answers with what `answer` makes of the request, or with its error. */
function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(wireError(error)),
      );
  };
}

function handlers(
  session: Session,
  variables: (name: string) => string | undefined,
): grpc.UntypedServiceImplementation {
  return {
    handshake: unary((request: messages.ProviderHandshakeRequest) => handshake(session, request)),
    attach: unary((request: { getAddress(): string }) => {
      session.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(pluginInfo),
    getSchema: unary(schema),
    checkConfig: unary((request: messages.CheckRequest) => checkConfig(request, variables)),
    diffConfig: unary((request: messages.DiffRequest) => diffConfig(session, request)),
    configure: unary((request: messages.ConfigureRequest) => configure(session, request)),
    invoke: unary((request: messages.InvokeRequest) => invoke(session, request)),
    construct: unary((request: messages.ConstructRequest) => construct(session, request, version())),
    check: unary(({ request, oldOutputs }: CheckWithOutputs) => check(session, request, oldOutputs)),
    diff: unary((request: messages.DiffRequest) => diff(session, request)),
    create: unary((request: messages.CreateRequest) => create(session, request)),
    list: (call: grpc.ServerWritableStream<messages.ListRequest, messages.ListResponse>) => {
      list(session, call.request).then(
        (responses) => {
          for (const response of responses) {
            call.write(response);
          }
          call.end();
        },
        (error: unknown) => call.emit("error", wireError(error)),
      );
    },
    read: unary((request: messages.ReadRequest) => read(session, request)),
    update: unary((request: messages.UpdateRequest) => update(session, request)),
    delete: unary((request: messages.DeleteRequest) => remove(session, request)),
    cancel: unary(() => {
      session.cancel();
      return new Empty();
    }),
  };
}

export interface PluginServer {
  port: number;
  close(): Promise<void>;
}

/** Serves the provider on a free port of the loopback interface. */
export function servePlugin(
  variables: (name: string) => string | undefined = (name) => process.env[name],
): Promise<PluginServer> {
  const session = new Session(variables);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
  });
  const { check: checkMethod, ...methods } = ResourceProviderService as unknown as grpc.ServiceDefinition;
  server.addService(
    { ...methods, check: { ...checkMethod, requestDeserialize: readCheck } } as grpc.ServiceDefinition,
    handlers(session, variables),
  );
  return new Promise((resolve, reject) => {
    // Named as a number, which needs no resolver of names.
    server.bindAsync("ipv4:127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) {
        reject(error);
        return;
      }
      resolve({
        port,
        close: () =>
          new Promise((closed) => {
            session.close();
            server.tryShutdown(() => closed());
          }),
      });
    });
  });
}
