import { spawn, type ChildProcess } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Subject } from "./subject";
import { decode, encode, type Bag } from "./values";

const messageLimit = 400 * 1024 * 1024;
const limits = {
  "grpc.max_receive_message_length": messageLimit,
  "grpc.max_send_message_length": messageLimit,
};

/** A fake engine that records the provider's messages. */
export class FakeEngine {
  readonly heard: string[] = [];

  private constructor(
    private readonly server: grpc.Server,
    readonly address: string,
  ) {}

  static async start(): Promise<FakeEngine> {
    const server = new grpc.Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const engine = new FakeEngine(server, `127.0.0.1:${port}`);
    const log: grpc.handleUnaryCall<LogRequest, Empty> = ({ request }, callback) => {
      engine.heard.push(request.getMessage());
      callback(null, new Empty());
    };
    server.addService(EngineService, { log });
    return engine;
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

/** An error of a call, with what was created before it. */
export class CallError extends Error {
  constructor(
    readonly call: string,
    readonly code: grpc.status,
    details: string,
    readonly partial: { id: string; properties: Bag; reasons: string[] } | undefined,
  ) {
    super(details);
    this.name = "CallError";
  }
}

type Method = {
  [Key in keyof ResourceProviderClient]: ResourceProviderClient[Key] extends (
    request: infer _Request,
    callback: (error: grpc.ServiceError | null, response: infer _Response) => void,
  ) => grpc.ClientUnaryCall
    ? Key
    : never;
}[keyof ResourceProviderClient];

/** One run of the engine with the provider, from Handshake to Cancel. */
export class Provider {
  private constructor(
    private readonly client: ResourceProviderClient,
    private readonly process: ChildProcess | undefined,
  ) {}

  static async connect(subject: Subject, engine: FakeEngine): Promise<Provider> {
    const { address, child } =
      subject.command === undefined
        ? { address: subject.address ?? "", child: undefined }
        : await started(subject.command, engine.address);
    const client = new ResourceProviderClient(address, grpc.credentials.createInsecure(), limits);
    return new Provider(client, child);
  }

  /** With a limit, so that what never answers fails one row and not the whole run. */
  call<Request, Response>(method: Method, request: Request): Promise<Response> {
    const deadline = Date.now() + 20_000;
    const invoke = this.client[method].bind(this.client) as unknown as (
      request: Request,
      options: grpc.CallOptions,
      callback: (error: grpc.ServiceError | null, response: Response) => void,
    ) => void;
    return new Promise((resolve, reject) => {
      invoke(request, { deadline }, (error, response) => (error ? reject(error) : resolve(response)));
    }).catch((error: grpc.ServiceError) => {
      throw new CallError(method, error.code, error.details, partialOf(error));
    }) as Promise<Response>;
  }

  /** The answers of a call that streams them. */
  async stream(method: "list", request: messages.ListRequest): Promise<messages.ListResponse[]> {
    const answers: messages.ListResponse[] = [];
    try {
      const stream = this.client[method](request, { deadline: Date.now() + 20_000 });
      for await (const answer of stream as AsyncIterable<messages.ListResponse>) {
        answers.push(answer);
      }
    } catch (error) {
      const { code, details } = error as grpc.ServiceError;
      throw new CallError(method, code, details, undefined);
    }
    return answers;
  }

  async configure(configuration: Bag, engine: FakeEngine): Promise<messages.ProviderHandshakeResponse> {
    const handshake = await this.call<messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse>(
      "handshake",
      new messages.ProviderHandshakeRequest()
        .setEngineAddress(engine.address)
        .setConfigureWithUrn(true)
        .setInvokeWithPreview(true),
    );
    const given = encode(configuration);
    const request = new messages.ConfigureRequest()
      .setArgs(given)
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setName("conformance")
      .setUrn(providerUrn);
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(configuration)) {
      variables.set(`conformance:config:${key}`, typeof value === "string" ? value : JSON.stringify(value));
    }
    await this.call("configure", request);
    return handshake;
  }

  async close(): Promise<void> {
    await this.call("cancel", new Empty()).catch(() => undefined);
    this.client.close();
    this.process?.kill();
  }
}

export const providerUrn = "urn:pulumi:conformance::conformance::pulumi:providers:subject::conformance";

async function started(
  [command = "", ...args]: readonly string[],
  engine: string,
): Promise<{ address: string; child: ChildProcess }> {
  const child = spawn(command, [...args, engine], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data: Buffer) => {
      text += data.toString();
      if (text.includes("\n")) {
        resolve(text);
      }
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`${command} ended with exit code ${code} before it printed a port`)),
    );
  });
  if (!/^\d+\r?\n$/.test(line)) {
    child.kill();
    throw new Error(`${command} printed ${JSON.stringify(line)}, which is not a port alone`);
  }
  return { address: `127.0.0.1:${line.trim()}`, child };
}

const initFailed = "pulumirpc.ErrorResourceInitFailed";

function partialOf(error: grpc.ServiceError): CallError["partial"] {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(bytes instanceof Buffer)) {
    return undefined;
  }
  const details = Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  const any = details.find((one) => one.getTypeName() === initFailed);
  const made = any?.unpack((value) => messages.ErrorResourceInitFailed.deserializeBinary(value), initFailed);
  return made
    ? { id: made.getId(), properties: decode(made.getProperties()), reasons: made.getReasonsList() }
    : undefined;
}
