import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  containsUnknown,
  decode,
  differences,
  encode,
  plain,
  Secret,
  unknownValue,
  type Bag,
} from "./values";

/** What the sample can do wrong, each seen by a row of the table. */
export const faults = {
  "takes secrets bare": "handshake",
  "has no version": "version",
  "asks for a replacement of the provider": "provider changes",
  "knows every type": "unknown types",
  "loses an input": "check",
  "accepts everything": "check refuses",
  "makes up what is unknown": "check unknowns",
  "shows what is secret": "check secrets",
  "writes in a preview": "preview of a creation",
  "leaves an output out": "creation",
  "gives secrets in the open": "secret outputs",
  "always finds a change": "no change",
  "reads something else": "refresh",
  "can't import": "import",
  "imports what there is not": "import of nothing",
  "lists nothing": "list",
  "names what stays the same": "preview of an update",
  "keeps the old": "update",
  "overlooks what is unknown": "unknown changes",
  "updates what can't be": "replacement",
  "deletes nothing": "deletion",
} as const;
export type Fault = keyof typeof faults;

/** A provider of an in-memory pet shop that is correct except for one fault. */
export async function startSample(
  fault?: Fault,
): Promise<{ address: string; writes: () => number; stop: () => void }> {
  const is = (one: Fault): boolean => fault === one;
  const pets = new Map<string, Bag>();
  let writes = 0;
  const stateOf = (inputs: Bag, key: unknown): Bag => ({
    ...inputs,
    ...(is("leaves an output out") ? {} : { key: is("gives secrets in the open") ? key : new Secret(key) }),
  });
  const inputsOf = ({ name, kind }: Bag): Bag => ({ name, kind });
  const assertType = (urn: string): void => {
    if (!urn.includes("::shop:index:Pet::") && !is("knows every type")) {
      throw new Error(`there is no resource ${urn}`);
    }
  };
  const written = (id: string, pet: Bag): void => {
    writes++;
    pets.set(id, plain(pet));
  };
  const properties = {
    name: { type: "string" },
    kind: { type: "string" },
    key: { type: "string", secret: true },
  };
  const schema = {
    name: "shop",
    version: "1.0.0",
    resources: {
      "shop:index:Pet": {
        properties,
        required: Object.keys(properties),
        inputProperties: {},
        listInputs: {},
      },
    },
  };

  const calls: Record<string, (request: never) => unknown> = {
    handshake: () => new messages.ProviderHandshakeResponse().setAcceptSecrets(!is("takes secrets bare")),
    attach: () => new Empty(),
    cancel: () => new Empty(),
    configure: () => new messages.ConfigureResponse().setAcceptsecrets(true),
    getPluginInfo: () => new PluginInfo().setVersion(is("has no version") ? "" : schema.version),
    getSchema: () => new messages.GetSchemaResponse().setSchema(JSON.stringify(schema)),
    checkConfig: (request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    diffConfig: (request: messages.DiffRequest) => {
      const changed = differences(decode(request.getOldInputs()), decode(request.getNews()));
      return new messages.DiffResponse()
        .setChanges(changed.length > 0 ? messages.DiffResponse.DiffChanges.DIFF_SOME : 1)
        .setReplacesList(is("asks for a replacement of the provider") ? changed : []);
    },
    invoke: () => {
      throw new Error("there is no such function");
    },
    check: (request: messages.CheckRequest) => {
      assertType(request.getUrn());
      const news = decode(request.getNews());
      const inputs = Object.fromEntries(
        Object.entries(news).map(([key, value]) => [
          key,
          is("shows what is secret")
            ? plain(value)
            : is("makes up what is unknown") && value === unknownValue
              ? "?"
              : value,
        ]),
      );
      if (is("loses an input")) {
        delete inputs.kind;
      }
      const wrong = Object.entries(plain(news)).filter(
        ([, value]) => typeof value !== "string" && !containsUnknown(value),
      );
      const failures = is("accepts everything") ? [] : wrong;
      return new messages.CheckResponse()
        .setInputs(encode(inputs))
        .setFailuresList(
          failures.map(([key]) => new messages.CheckFailure().setReason(`${key}: must be a text`)),
        );
    },
    diff: (request: messages.DiffRequest) => {
      const before = decode(request.getOldInputs());
      const after = decode(request.getNews());
      const changed = differences(before, after).filter(
        (key) => !(is("overlooks what is unknown") && containsUnknown(after[key])),
      );
      const diffs = is("always finds a change") ? ["name"] : changed;
      const named = is("names what stays the same") && diffs.length > 0 ? ["name", "kind"] : diffs;
      return new messages.DiffResponse()
        .setChanges(diffs.length > 0 ? messages.DiffResponse.DiffChanges.DIFF_SOME : 1)
        .setDiffsList(named)
        .setReplacesList(is("updates what can't be") ? [] : diffs.filter((key) => key === "kind"));
    },
    create: (request: messages.CreateRequest) => {
      const inputs = decode(request.getProperties());
      if (request.getPreview()) {
        if (is("writes in a preview")) {
          written("preview", inputs);
        }
        return new messages.CreateResponse().setProperties(
          encode({ ...inputs, key: new Secret(unknownValue) }),
        );
      }
      const id = `pet-${pets.size + 1}-${writes}`;
      const state = stateOf(inputs, `key-of-${id}`);
      written(id, state);
      return new messages.CreateResponse().setId(id).setProperties(encode(state));
    },
    read: (request: messages.ReadRequest) => {
      const pet = pets.get(request.getId());
      const lacks = is("can't import") && !request.hasInputs();
      if (lacks || (!pet && !(is("imports what there is not") && !request.hasInputs()))) {
        return new messages.ReadResponse();
      }
      const live: Bag = { key: "none", ...pet, ...(is("reads something else") ? { name: "Somebody" } : {}) };
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(encode(stateOf(live, live.key)))
        .setInputs(encode(inputsOf(live)));
    },
    update: (request: messages.UpdateRequest) => {
      const news = is("keeps the old") ? inputsOf(decode(request.getOlds())) : decode(request.getNews());
      const state = stateOf(news, plain(decode(request.getOlds())).key);
      if (!request.getPreview()) {
        written(request.getId(), state);
      }
      return new messages.UpdateResponse().setProperties(encode(state));
    },
    delete: (request: messages.DeleteRequest) => {
      writes++;
      if (!is("deletes nothing")) {
        pets.delete(request.getId());
      }
      return new Empty();
    },
  };

  const list: grpc.handleServerStreamingCall<messages.ListRequest, messages.ListResponse> = (call) => {
    const start = Number(call.request.getContinuationToken() || 0);
    const end = start + (call.request.getLimit() || pets.size);
    for (const id of is("lists nothing") ? [] : [...pets.keys()].slice(start, end)) {
      call.write(new messages.ListResponse().setResult(new messages.ListResponse.Result().setId(id)));
    }
    if (end < pets.size) {
      const next = new messages.ListResponse.Continuation().setContinuationToken(String(end));
      call.write(new messages.ListResponse().setContinuation(next));
    }
    call.end();
  };
  const server = new grpc.Server();
  const handlers = Object.entries(calls).map(
    ([name, answer]): [string, grpc.handleUnaryCall<never, unknown>] => [
      name,
      (call, callback) => {
        try {
          callback(null, answer(call.request));
        } catch (error) {
          callback({ code: grpc.status.UNKNOWN, details: (error as Error).message });
        }
      },
    ],
  );
  server.addService(ResourceProviderService, {
    ...Object.fromEntries(handlers),
    list,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, writes: () => writes, stop: () => server.forceShutdown() };
}
