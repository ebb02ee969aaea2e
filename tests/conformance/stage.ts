import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { CallError, type FakeEngine, Provider } from "./provider";
import type { Hook, Specimen, Subject } from "./subject";
import { changed, decode, differences, encode, plain, type Bag } from "./values";

/** The provider broke a rule. */
export class Violation extends Error {}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) {
    throw new Violation(otherwise);
  }
}

/** What the schema says of a resource. */
export interface Described {
  required?: string[];
  properties?: Record<string, { secret?: boolean }>;
  inputProperties?: Record<string, { secret?: boolean }>;
  listInputs?: { required?: string[] };
}

export interface Schema {
  version?: string;
  resources?: Record<string, Described>;
}

/** An object in the state. */
export interface ObjectState {
  id: string;
  inputs: Bag;
  state: Bag;
}

export interface Difference {
  changes: messages.DiffResponse.DiffChanges;
  diffs: string[];
  replaces: string[];
  detailed: Map<string, messages.PropertyDiff.Kind>;
  deleteBeforeReplace: boolean;
}

/** The runs of the harness: a provider under a stand-in of the engine. */
export class Session {
  provider!: Provider;
  handshake!: messages.ProviderHandshakeResponse;
  schema: Schema = {};

  constructor(
    readonly subject: Subject,
    readonly engine: FakeEngine,
  ) {}

  /** A new run, as after a `pulumi up` comes another one. */
  async run(): Promise<void> {
    await this.end();
    this.provider = await Provider.connect(this.subject, this.engine);
    this.handshake = await this.provider.configure(this.subject.configuration, this.engine);
  }

  async end(): Promise<void> {
    await (this.provider as Provider | undefined)?.close();
  }

  async hook(name: Hook): Promise<void> {
    await this.subject.hooks[name]?.();
  }

  /** Does it, and tells how many requests it sent that change something. Zero where nobody counts. */
  async writesOf(work: () => Promise<unknown>): Promise<number> {
    const { writes } = this.subject.hooks;
    const before = Number((await writes?.()) ?? 0);
    await work();
    return Number((await writes?.()) ?? 0) - before;
  }
}

/** One resource of the subject, and what has become of it so far. */
export class Stage {
  /** What check has made of the inputs. */
  inputs: Bag = {};
  preview: Bag = {};
  standing: ObjectState | undefined;

  constructor(
    readonly session: Session,
    readonly name: string,
    readonly specimen: Specimen,
    /** What a program would declare, references resolved. */
    readonly declared: Bag,
  ) {}

  get described(): Described {
    return this.session.schema.resources?.[this.specimen.type] ?? {};
  }

  /** Outputs that must not be seen. */
  get secretOutputs(): string[] {
    const ofSchema = Object.entries(this.described.properties ?? {})
      .filter(([, { secret }]) => secret === true)
      .map(([key]) => key);
    return [...new Set([...ofSchema, ...this.specimen.secrets])];
  }

  get there(): ObjectState {
    must(this.standing !== undefined, "it was not made, so this could not be tried");
    return this.standing;
  }

  urn(suffix = ""): string {
    return `urn:pulumi:conformance::conformance::${this.specimen.type}::${this.name}${suffix}`;
  }

  with(changes: Bag | undefined): Bag {
    return changed(this.declared, changes ?? {});
  }

  async check(
    news: Bag,
    olds: Bag = {},
    suffix = "",
  ): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }> {
    const request = new messages.CheckRequest()
      .setUrn(this.urn(suffix))
      .setName(this.name + suffix)
      .setType(this.specimen.type)
      .setOlds(encode(olds))
      .setNews(encode(news))
      .setRandomseed(new Uint8Array(32).fill(7));
    const response: messages.CheckResponse = await this.session.provider.call("check", request);
    const failures = response
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: decode(response.getInputs()), failures };
  }

  /** Inputs that pass the check. */
  async checked(news: Bag, olds: Bag = {}, suffix = ""): Promise<Bag> {
    const { inputs, failures } = await this.check(news, olds, suffix);
    const [failure] = failures;
    must(failure === undefined, `check refused ${failure?.property}: ${failure?.reason}`);
    return inputs;
  }

  async diff(news: Bag, { id, inputs, state } = this.there): Promise<Difference> {
    const request = new messages.DiffRequest()
      .setId(id)
      .setUrn(this.urn())
      .setName(this.name)
      .setType(this.specimen.type)
      .setOlds(encode(state))
      .setOldInputs(encode(inputs))
      .setNews(encode(news));
    const response: messages.DiffResponse = await this.session.provider.call("diff", request);
    const detailed = new Map<string, messages.PropertyDiff.Kind>();
    response.getDetaileddiffMap().forEach((change, path) => detailed.set(path, change.getKind()));
    return {
      changes: response.getChanges(),
      diffs: response.getDiffsList(),
      replaces: response.getReplacesList(),
      detailed,
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(
    inputs: Bag,
    { preview = false, timeout = 0, suffix = "" } = {},
  ): Promise<{ id: string; state: Bag }> {
    const request = new messages.CreateRequest()
      .setUrn(this.urn(suffix))
      .setName(this.name + suffix)
      .setType(this.specimen.type)
      .setProperties(encode(inputs))
      .setTimeout(timeout)
      .setPreview(preview);
    const response: messages.CreateResponse = await this.session.provider.call("create", request);
    return { id: response.getId(), state: decode(response.getProperties()) };
  }

  async update(
    news: Bag,
    { preview = false, timeout = 0 } = {},
    { id, inputs, state } = this.there,
  ): Promise<Bag> {
    const request = new messages.UpdateRequest()
      .setId(id)
      .setUrn(this.urn())
      .setName(this.name)
      .setType(this.specimen.type)
      .setOlds(encode(state))
      .setOldInputs(encode(inputs))
      .setNews(encode(news))
      .setTimeout(timeout)
      .setPreview(preview);
    const response: messages.UpdateResponse = await this.session.provider.call("update", request);
    return decode(response.getProperties());
  }

  /** A refresh; undefined where it is gone. */
  async refresh({ id, inputs, state } = this.there, timeout = 0): Promise<ObjectState | undefined> {
    return this.#read(
      new messages.ReadRequest()
        .setId(id)
        .setProperties(encode(state))
        .setInputs(encode(inputs))
        .setTimeout(timeout),
    );
  }

  /** An import: without properties and inputs. */
  import(id: string): Promise<ObjectState | undefined> {
    return this.#read(new messages.ReadRequest().setId(id));
  }

  async #read(request: messages.ReadRequest): Promise<ObjectState | undefined> {
    const asked = request.setUrn(this.urn()).setName(this.name).setType(this.specimen.type);
    const response: messages.ReadResponse = await this.session.provider.call("read", asked);
    return response.getId() === ""
      ? undefined
      : {
          id: response.getId(),
          inputs: decode(response.getInputs()),
          state: decode(response.getProperties()),
        };
  }

  /** The ids that a list gives, `limit` at a time. */
  async list(filter: Bag, limit = 0): Promise<string[]> {
    const ids: string[] = [];
    let token = "";
    do {
      const request = new messages.ListRequest()
        .setToken(this.specimen.type)
        .setQuery(encode(filter))
        .setLimit(limit)
        .setContinuationToken(token);
      const answers = await this.session.provider.stream("list", request);
      ids.push(...answers.flatMap((answer) => answer.getResult()?.getId() ?? []));
      token = answers.map((answer) => answer.getContinuation()?.getContinuationToken() ?? "").join("");
    } while (token !== "");
    return ids;
  }

  async delete({ id, inputs, state } = this.there, timeout = 0): Promise<void> {
    const request = new messages.DeleteRequest()
      .setId(id)
      .setUrn(this.urn())
      .setName(this.name)
      .setType(this.specimen.type)
      .setProperties(encode(state))
      .setOldInputs(encode(inputs))
      .setTimeout(timeout);
    await this.session.provider.call("delete", request);
  }

  /** An update by check, diff and update, as the engine does it. */
  async brought(changes: Bag): Promise<void> {
    const news = await this.checked(this.with(changes), this.there.inputs);
    this.standing = { id: this.there.id, inputs: news, state: await this.update(news) };
  }

  /** Differences of two states of the object, aside from what changes by itself. */
  unlike(one: Bag, other: Bag): string[] {
    return differences(one, other).filter((key) => !this.specimen.volatile.includes(key));
  }
}

/** The error of a call that has to fail. */
export async function errorOf(work: Promise<unknown>, otherwise: string): Promise<CallError> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  must(error !== undefined, otherwise);
  if (error instanceof CallError) {
    return error;
  }
  throw error as Error;
}

/** Replaces `${name.id}` and `${name.property}` by what these have become. */
export function resolved(inputs: Bag, made: ReadonlyMap<string, Stage>): Bag {
  const read = (value: unknown): unknown => {
    const [, name = "", property = ""] =
      typeof value === "string" ? (/^\$\{([^.}]+)\.([^.}]+)\}$/.exec(value) ?? []) : [];
    if (name !== "") {
      const standing = made.get(name)?.standing;
      if (!standing) {
        throw new Violation(`it needs ${name}, which was not made`);
      }
      return property === "id" ? standing.id : plain(standing.state)[property];
    }
    if (Array.isArray(value)) {
      return value.map(read);
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item)]))
      : value;
  };
  return read(inputs) as Bag;
}
