import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { CallError, providerUrn } from "./provider";
import { errorOf, must, type Difference, type Schema, type Session, type Stage } from "./stage";
import type { Hook } from "./subject";
import {
  changed,
  containsUnknown,
  decode,
  differences,
  encode,
  isHidden,
  openTexts,
  plain,
  Secret,
  unknownValue,
  type Bag,
} from "./values";

interface RowOf<Subject> {
  /** How reports and exceptions call it. */
  name: string;
  /** The calls that it judges. */
  call: string;
  /** What they have to do. */
  requires: string;
  /** What goes wrong under an engine otherwise. */
  otherwise: string;
  hooks?: readonly Hook[];
  /** Why it can't be tried with this resource; absent or undefined: it can. */
  inapplicable?(subject: Subject): string | undefined;
  try(subject: Subject): void | Promise<void>;
}

export type ProviderRow = RowOf<Session>;
export interface ResourceRow extends RowOf<Stage> {
  /** In the order of the resources while they are created, or in the opposite one when all are there. */
  when: "making" | "ending";
}

const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
const replacing: readonly PropertyDiff.Kind[] = [
  PropertyDiff.Kind.ADD_REPLACE,
  PropertyDiff.Kind.DELETE_REPLACE,
  PropertyDiff.Kind.UPDATE_REPLACE,
];

/** In seconds: long enough to be measured, short enough to wait for. */
const shortTimeout = 0.2;
/** In milliseconds: what a provider may take beyond a time-out before it counts as one that ignores it. */
const patience = 5_000;

export const providerRows: readonly ProviderRow[] = [
  {
    name: "handshake",
    call: "Handshake, Attach",
    requires: "The answer accepts secrets, and Attach is answered.",
    otherwise:
      "Once Handshake is answered the engine ignores the flags of Configure, and sends and stores secrets bare. Without Attach no test can attach an engine.",
    async try({ provider, handshake, engine }) {
      must(handshake.getAcceptSecrets(), "the handshake does not accept secrets");
      await provider.call("attach", new PluginAttach().setAddress(engine.address));
    },
  },
  {
    name: "version",
    call: "GetPluginInfo",
    requires: "A semantic version.",
    otherwise:
      "The engine takes an error for a plugin that can't be used, and can't tell two versions apart.",
    async try({ provider }) {
      const info: PluginInfo = await provider.call("getPluginInfo", new Empty());
      must(/^v?\d+\.\d+\.\d+/.test(info.getVersion()), `the version is ${JSON.stringify(info.getVersion())}`);
    },
  },
  {
    name: "schema",
    call: "GetSchema",
    requires:
      "JSON with the plugin's version, and in it every resource of the subject with the outputs that it requires.",
    otherwise: "`pulumi package add` fails, or makes an SDK that has another version than the plugin.",
    async try(session) {
      const response: messages.GetSchemaResponse = await session.provider.call(
        "getSchema",
        new messages.GetSchemaRequest(),
      );
      session.schema = JSON.parse(response.getSchema()) as Schema;
      const info: PluginInfo = await session.provider.call("getPluginInfo", new Empty());
      must(
        session.schema.version === info.getVersion(),
        `the schema has version ${session.schema.version}, the plugin ${info.getVersion()}`,
      );
      for (const { type } of Object.values(session.subject.resources)) {
        const described = session.schema.resources?.[type];
        must(described !== undefined, `there is no ${type} in it`);
        const missing = (described.required ?? []).filter((key) => !(key in (described.properties ?? {})));
        must(missing.length === 0, `${type} requires ${missing.join(", ")}, which it does not describe`);
      }
    },
  },
  {
    name: "provider configuration",
    call: "CheckConfig",
    requires:
      "Valid arguments pass, none is lost, and what is secret comes back as a secret, however it was given.",
    otherwise:
      "An argument that is lost does not reach Configure; a secret stands in the state in plain text.",
    async try({ provider, subject }) {
      const request = new messages.CheckRequest().setUrn(providerUrn).setNews(encode(subject.configuration));
      const response: messages.CheckResponse = await provider.call("checkConfig", request);
      const [failure] = response.getFailuresList();
      must(failure === undefined, `it refused ${failure?.getProperty()}: ${failure?.getReason()}`);
      const inputs = decode(response.getInputs());
      const lost = Object.keys(subject.configuration).filter((key) => !(key in inputs));
      must(lost.length === 0, `it lost ${lost.join(", ")}`);
      const bare = subject.secretConfiguration.filter((key) => !isHidden(inputs[key]));
      must(bare.length === 0, `${bare.join(", ")} came back in the open`);
    },
  },
  {
    name: "provider unknowns",
    call: "CheckConfig",
    requires: "Arguments that are not known yet are no failure and stay unknown.",
    otherwise: "A program whose provider depends on another resource has no preview.",
    async try({ provider, subject }) {
      for (const key of Object.keys(subject.configuration)) {
        const given = { ...subject.configuration, [key]: unknownValue };
        const request = new messages.CheckRequest().setUrn(providerUrn).setNews(encode(given));
        const response: messages.CheckResponse = await provider.call("checkConfig", request);
        const [failure] = response.getFailuresList();
        must(failure === undefined, `with ${key} unknown it refused: ${failure?.getReason()}`);
        must(containsUnknown(decode(response.getInputs())[key]), `${key} did not stay unknown`);
      }
    },
  },
  {
    name: "provider changes",
    call: "DiffConfig",
    requires:
      "No replacement, whatever the old arguments are, also those of another provider; a change is told.",
    otherwise:
      "Every resource of the provider is replaced. The engine also asks with the arguments of another provider, when a resource comes to this one by an alias.",
    async try({ provider, subject }) {
      const { configuration } = subject;
      const request = (olds: Bag, news: Bag) =>
        new messages.DiffRequest()
          .setUrn(providerUrn)
          .setOlds(encode(olds))
          .setOldInputs(encode(olds))
          .setNews(encode(news));
      const aliens: Bag[] = [{}, { "some:other": "setting", version: "0.0.1" }, { url: { a: [1, null] } }];
      for (const olds of [...aliens, configuration]) {
        const response: messages.DiffResponse = await provider.call(
          "diffConfig",
          request(olds, configuration),
        );
        must(
          response.getReplacesList().length === 0,
          `it asks for a replacement after ${JSON.stringify(olds)}`,
        );
        if (olds === configuration) {
          must(response.getChanges() !== DIFF_SOME, "it finds a change where there is none");
        }
      }
      const [[key, value] = ["", ""]] = Object.entries(configuration).filter(
        ([, one]) => typeof one === "string",
      );
      if (key !== "") {
        const other = { ...configuration, [key]: `${String(value)}x` };
        const response: messages.DiffResponse = await provider.call(
          "diffConfig",
          request(other, configuration),
        );
        must(response.getReplacesList().length === 0, `it asks for a replacement because of ${key}`);
        must(response.getChanges() === DIFF_SOME, `it does not tell that ${key} has changed`);
      }
    },
  },
  {
    name: "unknown types",
    call: "Check, Invoke",
    requires: "A type or function that there is not is an error, and the provider lives on.",
    otherwise: "A misspelt type in a YAML program takes the whole run down.",
    async try({ provider }) {
      const type = "nonsense:index:Nonsense";
      const urn = `urn:pulumi:conformance::conformance::${type}::nonsense`;
      const check = new messages.CheckRequest().setUrn(urn).setType(type).setNews(encode({}));
      await errorOf(provider.call("check", check), "it checked a resource of a type that there is not");
      const invoke = new messages.InvokeRequest().setTok("nonsense:index:nonsense").setArgs(encode({}));
      await errorOf(provider.call("invoke", invoke), "it called a function that there is not");
      await provider.call("getPluginInfo", new Empty());
    },
  },
  {
    name: "cancellation twice",
    call: "Cancel",
    requires: "Answered at once, also the second time, and the provider is still there.",
    otherwise:
      "The engine cancels at the end of every run, and twice at an interruption; whoever ends at it is reported as a bug of the provider.",
    async try(session) {
      await session.provider.call("cancel", new Empty());
      await session.provider.call("cancel", new Empty());
      await session.provider.call("getPluginInfo", new Empty());
      await session.run();
    },
  },
];

function consistent({ changes, diffs, replaces, detailed }: Difference): void {
  const tops = [...detailed.keys()]
    .map((path) => /^[^.[]*/.exec(path)?.[0] ?? "")
    .filter((top) => top !== "");
  if (changes === DIFF_NONE) {
    must(replaces.length === 0 && detailed.size === 0, "it says that nothing changes, and names changes");
  }
  const kinds = [...detailed].filter(([, kind]) => replacing.includes(kind));
  must(
    detailed.size === 0 || kinds.length > 0 === replaces.length > 0,
    `replaces (${replaces.join(", ") || "none"}) and the kinds of detailedDiff (${kinds.map(([path]) => path).join(", ") || "none"}) do not agree`,
  );
  const silent = tops.filter((top) => diffs.length > 0 && !diffs.includes(top));
  must(silent.length === 0, `detailedDiff names ${silent.join(", ")}, which diffs does not`);
}

/** Secrets that were given or came out, seen where they must not be. */
function seen(stage: Stage, text: string): string | undefined {
  const secrets = stage.secretOutputs
    .map((key) => plain(stage.standing?.state ?? {})[key])
    .flatMap(openTexts)
    .filter((secret) => secret.length >= 6);
  return secrets.find((secret) => text.includes(secret));
}

export const resourceRows: readonly ResourceRow[] = [
  {
    name: "check",
    call: "Check",
    requires: "Valid inputs pass, none of them is lost, and checking the result again gives the same.",
    otherwise:
      "What check drops never reaches the service; what it computes again each time is a change in every preview.",
    when: "making",
    async try(stage) {
      const inputs = await stage.checked(stage.declared);
      const lost = Object.keys(stage.declared).filter((key) => !(key in inputs));
      must(lost.length === 0, `it lost ${lost.join(", ")}`);
      must(!containsUnknown(inputs), "it answered an unknown value for inputs that are all known");
      const again = await stage.checked(stage.declared, inputs);
      const unlike = differences(inputs, again);
      must(unlike.length === 0, `with its own result as old inputs it answers another ${unlike.join(", ")}`);
      stage.inputs = inputs;
    },
  },
  {
    name: "check refuses",
    call: "Check",
    requires: "Invalid inputs are failures with a reason, not an error of the call, and nothing is written.",
    otherwise:
      "The preview is green and the deployment fails half-way; an error instead of a failure hides all others.",
    when: "making",
    inapplicable: ({ specimen }) =>
      Object.keys(specimen.invalid).length === 0 ? "no invalid inputs are given" : undefined,
    async try(stage) {
      for (const [what, changes] of Object.entries(stage.specimen.invalid)) {
        const writes = await stage.session.writesOf(async () => {
          const { failures } = await stage.check(stage.with(changes));
          must(failures.length > 0, `it passed ${what}`);
          must(
            failures.every(({ reason }) => reason.trim() !== ""),
            `it refused ${what} without a reason`,
          );
        });
        must(writes === 0, `it sent ${writes} writing requests while it checked ${what}`);
      }
    },
  },
  {
    name: "check unknowns",
    call: "Check",
    requires: "An input that is not known yet is not a failure, and stays unknown, whichever it is.",
    otherwise:
      "A program in which it depends on another resource has no preview, or one with a made-up value.",
    when: "making",
    async try(stage) {
      for (const key of Object.keys(stage.declared)) {
        const inputs = await stage.checked({ ...stage.declared, [key]: unknownValue });
        must(containsUnknown(inputs[key]), `${key} was given as unknown and came back as a value`);
      }
    },
  },
  {
    name: "check secrets",
    call: "Check",
    requires: "An input that the program marks secret comes back marked, and what fails does not print it.",
    otherwise: "The secret stands in the state and in previews in plain text.",
    when: "making",
    async try(stage) {
      for (const [key, value] of Object.entries(stage.declared)) {
        const inputs = await stage.checked({ ...stage.declared, [key]: new Secret(value) });
        must(isHidden(inputs[key]), `${key} was given as a secret and came back in the open`);
      }
      const canary = "canary-secret-value";
      for (const key of Object.keys(stage.declared)) {
        const { failures } = await stage.check({
          ...stage.declared,
          [key]: new Secret({ value: canary }),
        });
        const printed = failures.filter(({ reason }) => reason.includes(canary));
        must(printed.length === 0, `the failure of ${key} prints the secret: ${printed[0]?.reason}`);
      }
    },
  },
  {
    name: "preview of a creation",
    call: "Create",
    requires:
      "With `preview` nothing is written; every input is in the outputs, and every output that the schema requires is there, known or unknown.",
    otherwise: "A preview that writes. An output that is missing is undefined to whatever depends on it.",
    when: "making",
    async try(stage) {
      const inputs = await stage.checked(stage.declared);
      const writes = await stage.session.writesOf(async () => {
        stage.preview = (await stage.create(inputs, { preview: true })).state;
      });
      must(writes === 0, `it sent ${writes} writing requests`);
      const required = (stage.described.required ?? []).filter((key) => key !== "id");
      const missing = [...Object.keys(inputs), ...required].filter((key) => !(key in stage.preview));
      must(missing.length === 0, `${missing.join(", ")} is missing in the outputs`);
    },
  },
  {
    name: "preview of unknowns",
    call: "Create",
    requires: "With unknown inputs a preview still answers, and these stay unknown in the outputs.",
    otherwise: "What depends on it shows a made-up value.",
    when: "making",
    async try(stage) {
      for (const key of Object.keys(stage.declared)) {
        const inputs = await stage.checked({ ...stage.declared, [key]: unknownValue });
        const { state } = await stage.create(inputs, { preview: true });
        must(containsUnknown(state[key]), `${key} was unknown in the inputs and is known in the outputs`);
      }
    },
  },
  {
    name: "time-out of a creation",
    call: "Create",
    requires:
      "The time-out of the request ends it, with an error that says so, whatever of the service does not answer.",
    otherwise: "`customTimeouts` are without effect, and a run hangs as long as the service does.",
    when: "making",
    hooks: ["stall", "mend"],
    async try(stage) {
      await stage.session.run();
      const inputs = await stage.checked(stage.declared, {}, "-stalled");
      await stalled(stage, "create", () =>
        stage.create(inputs, { timeout: shortTimeout, suffix: "-stalled" }),
      );
    },
  },
  {
    name: "partial creation",
    call: "Create, Update",
    requires:
      "What was created before a failure is told as ErrorResourceInitFailed with id, properties (secrets marked) and reasons; the next update finishes it, and then nothing differs.",
    otherwise: "The object is not in the state: nobody deletes it, and the next run makes a second one.",
    when: "making",
    hooks: ["breakCreation", "mend"],
    inapplicable: ({ specimen }) => (specimen.partial ? undefined : "its creation is one step"),
    async try(stage) {
      await stage.session.run();
      const inputs = await stage.checked(stage.declared, {}, "-broken");
      await stage.session.hook("breakCreation");
      const error = await errorOf(
        stage.create(inputs, { suffix: "-broken" }),
        "the creation succeeded although the service failed",
      );
      await stage.session.hook("mend");
      const { partial } = error;
      must(partial !== undefined, `the error does not tell what was made: ${error.message}`);
      must(partial.id !== "", "it tells no id");
      must(
        partial.reasons.some((reason) => reason !== ""),
        "it tells no reason",
      );
      const bare = stage.secretOutputs.filter((key) => !isHidden(partial.properties[key]));
      must(bare.length === 0, `${bare.join(", ")} of its properties is in the open`);
      // In the next run the engine asks check and update; a diff that finds nothing is not a reason not to.
      await stage.session.run();
      const broken = { id: partial.id, inputs, state: partial.properties };
      const news = await stage.checked(stage.declared, inputs, "-broken");
      const finished = { id: broken.id, inputs: news, state: await stage.update(news, {}, broken) };
      const { changes } = await stage.diff(news, finished);
      must(changes !== DIFF_SOME, "after the update that finishes it something still differs");
      await gone(stage, await unprotected(stage, finished));
    },
  },
  {
    name: "creation",
    call: "Create",
    requires:
      "An id, every output that the schema requires, none of them unknown, and those that the preview knew as it said.",
    otherwise: "The state holds unknown values for ever, and a preview can't be trusted.",
    when: "making",
    async try(stage) {
      await stage.session.run();
      const inputs = await stage.checked(stage.declared);
      const { id, state } = await stage.create(inputs);
      stage.standing = { id, inputs, state };
      must(id !== "", "the id is empty");
      must(!containsUnknown(state), "an output is unknown");
      const missing = (stage.described.required ?? []).filter((key) => key !== "id" && !(key in state));
      must(missing.length === 0, `${missing.join(", ")} is missing in the outputs`);
      const known = Object.fromEntries(
        Object.entries(stage.preview).filter(([, value]) => !containsUnknown(value)),
      );
      const unlike = stage.unlike(known, state).filter((key) => key in known);
      must(unlike.length === 0, `the preview said another ${unlike.join(", ")}`);
    },
  },
  {
    name: "secret outputs",
    call: "Create",
    requires: "Outputs that are secret are marked so, and appear in no message to the engine.",
    otherwise: "They stand in the state, in previews and in logs in plain text.",
    when: "making",
    inapplicable: (stage) => (stage.secretOutputs.length === 0 ? "it has no secret outputs" : undefined),
    try(stage) {
      const { state } = stage.there;
      const bare = stage.secretOutputs.filter((key) => !isHidden(state[key]));
      must(bare.length === 0, `${bare.join(", ")} is in the open`);
      const open = openTexts(state).find((text) => seen(stage, text) !== undefined);
      must(open === undefined, `a secret is in the open in another output: ${open}`);
      const heard = stage.session.engine.heard.find((text) => seen(stage, text) !== undefined);
      must(heard === undefined, "a message to the engine prints a secret");
    },
  },
  {
    name: "no change",
    call: "Diff",
    requires: "What was just made differs in nothing, and nothing is written to find that out.",
    otherwise: "Every preview shows a change that nobody made.",
    when: "making",
    async try(stage) {
      await stage.session.run();
      const writes = await stage.session.writesOf(async () => {
        const news = await stage.checked(stage.declared, stage.there.inputs);
        const difference = await stage.diff(news);
        must(
          difference.changes !== DIFF_SOME,
          `it differs in ${[...difference.diffs, ...difference.detailed.keys()].join(", ")}`,
        );
        consistent(difference);
      });
      must(writes === 0, `it sent ${writes} writing requests`);
    },
  },
  {
    name: "refresh",
    call: "Read",
    requires: "The same id, properties and inputs as long as nobody changed the object; secrets stay marked.",
    otherwise: "Every refresh shows drift that there is not; a secret loses its mark.",
    when: "making",
    async try(stage) {
      const read = await stage.refresh();
      must(read !== undefined, "it says that the object is gone");
      const { id, inputs, state } = stage.there;
      must(read.id === id, `the id became ${read.id}`);
      const unlike = stage.unlike(state, read.state);
      must(unlike.length === 0, `${unlike.join(", ")} of the properties became another`);
      // What check computes, and could not know before the creation, may have come to them.
      const others = differences(inputs, read.inputs).filter((key) => key in inputs);
      must(others.length === 0, `${others.join(", ")} of the inputs became another`);
      const bare = stage.secretOutputs.filter((key) => !isHidden(read.state[key]));
      must(bare.length === 0, `${bare.join(", ")} lost its mark as a secret`);
    },
  },
  {
    name: "import",
    call: "Read, Check, Diff",
    requires:
      "By its id alone it is found, with inputs that pass check and, as far as the service gives them back, differ from the declared ones in nothing.",
    otherwise: "`pulumi import` fails, or the program that it writes changes what it imported.",
    when: "making",
    async try(stage) {
      await stage.session.run();
      const { id } = stage.there;
      const found = await stage.import(id);
      must(found !== undefined, "it says that there is no such object");
      must(found.id === id, `the id became ${found.id}`);
      must(Object.keys(found.inputs).length > 0, "it gives no inputs");
      const writeOnly = new Set(stage.specimen.writeOnly);
      const inputs = await stage.checked(found.inputs, found.inputs);
      const { changes, diffs, replaces } = await stage.diff(inputs, { ...found, inputs });
      const unlike = [...diffs, ...replaces].filter((key) => !writeOnly.has(key));
      must(
        changes !== DIFF_SOME || unlike.length === 0,
        `the imported inputs differ in ${unlike.join(", ")}`,
      );
      const declared = await stage.checked(stage.declared, found.inputs);
      const against = await stage.diff(declared, { ...found, inputs: found.inputs });
      const replaced = against.replaces.filter((key) => !writeOnly.has(key));
      must(replaced.length === 0, `the declared inputs would replace it because of ${replaced.join(", ")}`);
    },
  },
  {
    name: "import of nothing",
    call: "Read",
    requires: "An id that there is not is answered with an empty id or an error that says so.",
    otherwise: "An object that does not exist gets into the state.",
    when: "making",
    async try(stage) {
      const id = `${stage.there.id}-which-is-not-there`;
      const found = await stage.import(id).catch((error: unknown) => {
        must(error instanceof CallError && error.message.trim() !== "", "it failed without a message");
        return undefined;
      });
      must(found === undefined, "it found an object that there is not");
    },
  },
  {
    name: "list",
    call: "List",
    requires:
      "Where the schema has `listInputs`, the object is listed by the id that an import takes, all at once or one at a time; without an input that is required there is an error.",
    otherwise:
      "`pulumi do … list` shows nothing, stops after the first page, or names what can't be imported.",
    when: "making",
    inapplicable: ({ described }) =>
      described.listInputs === undefined ? "its kind can't be listed" : undefined,
    async try(stage) {
      await stage.session.run();
      const all = await stage.list(stage.specimen.list);
      must(all.includes(stage.there.id), `${stage.there.id} is not among ${all.join(", ") || "none"}`);
      const paged = await stage.list(stage.specimen.list, 1);
      must(paged.join() === all.join(), `one at a time it lists ${paged.join(", ")}, not ${all.join(", ")}`);
      for (const key of stage.described.listInputs?.required ?? []) {
        const filter = Object.fromEntries(
          Object.entries(stage.specimen.list).filter(([name]) => name !== key),
        );
        await errorOf(stage.list(filter), `it listed without ${key}, which the schema requires`);
      }
    },
  },
  {
    name: "preview of an update",
    call: "Diff, Update",
    requires:
      "The changed properties and no others are named, as deep as they go and with kinds that replace nothing; the preview writes nothing, and what it knows comes true.",
    otherwise: "A reviewer sees a replacement, or nothing, where an update comes.",
    when: "making",
    inapplicable: ({ specimen }) => (specimen.update === undefined ? "no update is given" : undefined),
    async try(stage) {
      await stage.session.run();
      const { update = {} } = stage.specimen;
      const news = await stage.checked(stage.with(update), stage.there.inputs);
      const writes = await stage.session.writesOf(async () => {
        const difference = await stage.diff(news);
        must(difference.changes === DIFF_SOME, "it finds no change");
        must(difference.replaces.length === 0, `it replaces because of ${difference.replaces.join(", ")}`);
        consistent(difference);
        const named = new Set([
          ...difference.diffs,
          ...[...difference.detailed.keys()].map((path) => /^[^.[]*/.exec(path)?.[0] ?? ""),
        ]);
        const expected = differences(stage.there.inputs, news);
        const unnamed = Object.keys(update).filter((key) => named.size > 0 && !named.has(key));
        must(unnamed.length === 0, `it does not name ${unnamed.join(", ")}`);
        const others = [...named].filter((key) => !expected.includes(key));
        must(others.length === 0, `it names ${others.join(", ")}, which stays the same`);
        stage.preview = await stage.update(news, { preview: true });
      });
      must(writes === 0, `it sent ${writes} writing requests`);
      const missing = Object.keys(stage.there.state).filter(
        (key) => !(key in stage.preview) && !(key in update),
      );
      must(missing.length === 0, `${missing.join(", ")} is missing in the outputs of the preview`);
    },
  },
  {
    name: "update",
    call: "Update",
    requires:
      "The outputs are as the preview said and hold the new inputs; then nothing differs, and a refresh agrees.",
    otherwise: "The next preview shows a change again.",
    when: "making",
    inapplicable: ({ specimen }) => (specimen.update === undefined ? "no update is given" : undefined),
    async try(stage) {
      const { update = {} } = stage.specimen;
      await stage.brought(update);
      const { state, inputs } = stage.there;
      must(!containsUnknown(state), "an output is unknown");
      const known = Object.fromEntries(
        Object.entries(stage.preview).filter(([, value]) => !containsUnknown(value)),
      );
      const unlike = stage.unlike(known, state).filter((key) => key in known);
      must(unlike.length === 0, `the preview said another ${unlike.join(", ")}`);
      const stale = Object.keys(update).filter(
        (key) => differences({ a: inputs[key] }, { a: state[key] }).length > 0,
      );
      must(stale.length === 0, `${stale.join(", ")} of the outputs is not what was declared`);
      const bare = stage.secretOutputs.filter((key) => !isHidden(state[key]));
      must(bare.length === 0, `${bare.join(", ")} lost its mark as a secret`);
      await stage.session.run();
      const again = await stage.diff(await stage.checked(stage.with(update), inputs));
      must(again.changes !== DIFF_SOME, `it still differs in ${again.diffs.join(", ")}`);
      const read = await stage.refresh();
      must(read !== undefined, "a refresh says that the object is gone");
      const drifted = stage.unlike(state, read.state);
      must(drifted.length === 0, `a refresh finds another ${drifted.join(", ")}`);
      await stage.brought({});
    },
  },
  {
    name: "unknown changes",
    call: "Diff",
    requires: "An input that has become unknown counts as changed.",
    otherwise: "The preview shows no change, and the deployment then makes one: at worst a replacement.",
    when: "making",
    inapplicable: ({ specimen }) =>
      specimen.update === undefined && specimen.replace === undefined ? "no change is given" : undefined,
    async try(stage) {
      await stage.session.run();
      for (const key of Object.keys({ ...stage.specimen.update, ...stage.specimen.replace })) {
        const { inputs, failures } = await stage.check(
          { ...stage.declared, [key]: unknownValue },
          stage.there.inputs,
        );
        if (failures.length > 0 && key in (stage.specimen.replace ?? {})) {
          // Refused, because it may replace what is protected.
          continue;
        }
        must(failures.length === 0, `check refused ${key}: ${failures[0]?.reason}`);
        const difference = await stage.diff(inputs);
        must(difference.changes === DIFF_SOME, `with ${key} unknown it finds no change`);
        consistent(difference);
      }
    },
  },
  {
    name: "time-outs",
    call: "Update, Read, Delete",
    requires: "The time-out of the request ends it, with an error, and the object stays.",
    otherwise: "`customTimeouts` are without effect, and a run hangs as long as the service does.",
    when: "making",
    hooks: ["stall", "mend"],
    async try(stage) {
      await stage.session.run();
      const { update } = stage.specimen;
      if (update !== undefined) {
        const news = await stage.checked(stage.with(update), stage.there.inputs);
        await stalled(stage, "update", () => stage.update(news, { timeout: shortTimeout }));
      }
      await stage.session.run();
      await stalled(stage, "read", () => stage.refresh(stage.there, shortTimeout));
      if (!stage.specimen.forgets) {
        await stage.session.run();
        await stalled(stage, "delete", () => stage.delete(stage.there, shortTimeout));
      }
      await stage.session.run();
      must((await stage.refresh()) !== undefined, "the object has gone");
    },
  },
  {
    name: "protection",
    call: "Delete",
    requires: "What is protected is not deleted: an error, and the object stays.",
    otherwise: "Data is lost by a slip.",
    when: "ending",
    inapplicable: ({ specimen }) => (specimen.unprotect === undefined ? "it is not protected" : undefined),
    async try(stage) {
      await stage.session.run();
      const writes = await stage.session.writesOf(async () => {
        await errorOf(stage.delete(), "it deleted the object");
      });
      must(writes === 0, `it sent ${writes} writing requests`);
      must((await stage.refresh()) !== undefined, "the object has gone");
    },
  },
  {
    name: "cancellation",
    call: "Cancel, Create, Update, Delete",
    requires: "What is under way when Cancel comes is finished; after it nothing more is begun.",
    otherwise: "An interruption leaves an object that no state knows, or goes on for minutes.",
    when: "ending",
    hooks: ["hold", "held", "release", "writes"],
    inapplicable: ({ specimen }) => (specimen.update === undefined ? "no update is given" : undefined),
    async try(stage) {
      await stage.session.run();
      const news = await stage.checked(stage.with(stage.specimen.update), stage.there.inputs);
      await stage.session.hook("hold");
      const underWay = stage.update(news);
      const early = underWay.then(() => must(false, "the update ended without a request that could be held"));
      await Promise.race([stage.session.hook("held"), early]);
      await stage.session.provider.call("cancel", new Empty());
      await stage.session.hook("release");
      const state = await underWay.catch((error: unknown) => {
        must(false, `what was under way was not finished: ${String(error)}`);
      });
      stage.standing = { ...stage.there, inputs: news, state: state };
      const writes = await stage.session.writesOf(async () => {
        await errorOf(stage.update(stage.inputs), "an update was begun after Cancel");
        await errorOf(stage.delete(), "a deletion was begun after Cancel");
        await errorOf(stage.create(stage.inputs, { suffix: "-late" }), "a creation was begun after Cancel");
      });
      must(writes === 0, `${writes} writing requests were sent after Cancel`);
      await stage.session.run();
      must((await stage.refresh()) !== undefined, "the object has gone");
      await stage.brought({});
    },
  },
  {
    name: "replacement",
    call: "Check, Diff, Create, Delete",
    requires:
      "The change is told as a replacement, in replaces and in the kinds of detailedDiff alike; the new object has another id or the old one goes first; deleting the old one leaves the new one.",
    otherwise: "The engine updates what can't be updated, or deletes the new object with the old one.",
    when: "ending",
    inapplicable: ({ specimen }) => (specimen.replace === undefined ? "no replacement is given" : undefined),
    async try(stage) {
      await stage.session.run();
      stage.standing = await unprotected(stage, stage.there);
      const { replace = {}, unprotect = {} } = stage.specimen;
      await stage.session.run();
      const old = stage.there;
      const given = stage.with({ ...unprotect, ...replace });
      const news = await stage.checked(given, old.inputs);
      const difference = await stage.diff(news);
      must(difference.changes === DIFF_SOME, "it finds no change");
      must(difference.replaces.length > 0, "it does not say that the change replaces");
      consistent(difference);
      const writes = await stage.session.writesOf(async () => {
        await stage.create(await stage.checked(given), { preview: true });
      });
      must(writes === 0, `the preview sent ${writes} writing requests`);
      const inputs = await stage.checked(given);
      if (difference.deleteBeforeReplace) {
        await stage.delete(old);
      }
      const { id, state } = await stage.create(inputs);
      stage.standing = { id, inputs, state };
      if (!difference.deleteBeforeReplace) {
        must(id !== old.id, "the replacement has the id of what it replaces");
        await stage.delete(old);
      }
      await stage.session.run();
      must((await stage.refresh()) !== undefined, "the new object has gone with the old one");
      if (id !== old.id && !stage.specimen.forgets) {
        must((await stage.refresh(old)) === undefined, "the old object is still there");
      }
    },
  },
  {
    name: "deletion",
    call: "Delete, Read",
    requires: "It is gone: a refresh answers with an empty id, and deleting it again is not an error.",
    otherwise: "A run that was killed between a deletion and the state can't go on.",
    when: "ending",
    async try(stage) {
      await stage.session.run();
      await gone(stage, await unprotected(stage, stage.there));
      stage.standing = undefined;
    },
  },
];

/** The object with its protection lifted, by an update as a program would make it. */
async function unprotected(stage: Stage, standing: Stage["there"]): Promise<Stage["there"]> {
  const { unprotect } = stage.specimen;
  if (unprotect === undefined) {
    return standing;
  }
  const wanted = changed(plain(standing.inputs), unprotect);
  const inputs = await stage.checked(wanted, standing.inputs);
  const { changes } = await stage.diff(inputs, standing);
  return changes === DIFF_SOME
    ? { id: standing.id, inputs, state: await stage.update(inputs, {}, standing) }
    : standing;
}

async function gone(stage: Stage, standing: Stage["there"]): Promise<void> {
  await stage.session.run();
  await stage.delete(standing);
  must(stage.specimen.forgets || (await stage.refresh(standing)) === undefined, "it is still there");
  await stage.session.run();
  await stage.delete(standing);
}

async function stalled(stage: Stage, what: string, work: () => Promise<unknown>): Promise<void> {
  await stage.session.hook("stall");
  const began = Date.now();
  // What asks nothing of the service may well succeed.
  await work().catch((error: unknown) => {
    must(error instanceof CallError && error.message !== "", `the ${what} failed without a message`);
  });
  await stage.session.hook("mend");
  must(
    Date.now() - began < shortTimeout * 1000 + patience,
    `the ${what} went on for ${((Date.now() - began) / 1000).toFixed(1)} s beyond its time-out of ${shortTimeout} s`,
  );
}
