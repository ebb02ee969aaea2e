import type { dynamic } from "@pulumi/pulumi";
import { PartialCreation, type Resource } from "../framework/resource";
import { unknownValue, type Properties } from "../framework/values";
import * as resources from "../resources";
import type { Context } from "../runtime/context";
import { createContext } from "../runtime/create-context";
import { suppressDuplicateErrors } from "./process";
import served from "./index";
import { dynamicProvider } from "./provider";

const said: string[] = [];
let mockSettingsThatDiffer: string[] = [];

jest.mock("./process", () => ({
  ...jest.requireActual<object>("./process"),
  keepConfiguration: () => undefined,
  initializeHost: () => undefined,
  settingsUnlikeLookUps: () => mockSettingsThatDiffer,
  sharedContext: () =>
    createContext({
      configuration: () => undefined,
      variables: () => undefined,
      warn: (message) => void said.push(message),
      inform: (message) => void said.push(message),
    }),
}));

/** The calls that the definition gets, without their context, and what it answers. */
let calls: unknown[][] = [];
let definition: Resource<Context>;
/** The engine's own marker of values that it does not know yet. */
const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const hidden = { __provider: "code", __identity: "petra/test/a/b", __parents: "my:index:Thing" };
const name = { project: "petra", stack: "test", parents: "my:index:Thing", name: "a/b" };

function work<Result>(result: Result) {
  return (_: Context, ...given: unknown[]): Promise<Result> => {
    calls.push(given);
    return Promise.resolve(result);
  };
}

beforeEach(() => {
  [calls, mockSettingsThatDiffer] = [[], []];
  said.length = 0;
  definition = {
    type: "Solution",
    deleteBeforeReplace: false,
    check: work({ inputs: { name: "App", at: unknownValue }, failures: [] }),
    diff: work({ updates: [], replaces: [] }),
    create: work({ id: "ic-1", state: { name: "App" } }),
    read: work({ name: "App", url: "u" }),
    update: work({ name: "Renamed" }),
    delete: work(undefined),
    inputsOf: ({ name: declared }: Properties) => ({ name: declared }),
  } as unknown as Resource<Context>;
});

test("serves every resource that there is, under the name that states require", () => {
  expect(Object.keys(served).sort()).toEqual(Object.keys(resources).sort());
});

describe("a check", () => {
  test("of something new has no inputs of before; unknown values go in and out by the engine's marker", async () => {
    const news = { name: "App", at: marker, none: null, ...hidden };
    expect(await dynamicProvider(definition).check?.({}, news)).toEqual({
      inputs: { name: "App", at: marker, ...hidden },
      failures: [],
    });
    expect(calls).toEqual([[name, undefined, { name: "App", at: unknownValue }, undefined]]);
  });

  test("of something renamed is told its inputs and its name of before", async () => {
    const olds = { name: "Old", ...hidden, __identity: "petra/test/old" };
    await dynamicProvider(definition).check?.(olds, { name: "App", ...hidden });
    expect(calls).toEqual([[name, { name: "Old" }, { name: "App" }, { ...name, name: "old" }]]);
  });

  test("names no property, because the engine would print its value", async () => {
    definition.check = work({
      inputs: {},
      failures: [{ property: "password", code: "invalid-setting", reason: "is short" }],
    });
    const checked = await dynamicProvider(definition).check?.({}, hidden);
    expect(checked?.failures).toEqual([
      {
        property: "",
        reason: expect.stringMatching(/password.*is short.*\[cockpit:invalid-setting\]/) as unknown,
      },
    ]);
  });

  test("drops the settings of look-ups, and refuses before anything is asked where they differ", async () => {
    const news = { ...hidden, name: "App", __lookUps: "fingerprint" };
    const checked = await dynamicProvider(definition).check?.({}, news);
    expect(checked?.inputs).not.toHaveProperty("__lookUps");
    expect(calls).toMatchObject([[name, undefined, { name: "App" }, undefined]]);
    calls = [];
    mockSettingsThatDiffer = ["cockpit:url"];
    const { failures } = (await dynamicProvider(definition).check?.({}, news)) as dynamic.CheckResult;
    expect(failures).toMatchObject([
      { property: "", reason: expect.stringContaining("[cockpit:different-settings]") as unknown },
    ]);
    expect(calls).toEqual([]);
  });
});

test.each([
  [[], [], { changes: false, replaces: [] }],
  // Undecided: so that the engine finds the changed inputs itself, and replaceOnChanges works.
  [["name"], [], {}],
  [["name"], ["cluster"], { changes: true, replaces: ["cluster"] }],
])("a diff of updates %p and replacements %p answers %p", async (updates, replaces, answer) => {
  definition.diff = work({ updates, replaces });
  for (const deleteBeforeReplace of [true, false]) {
    const provider = dynamicProvider({ ...definition, deleteBeforeReplace });
    const found = await provider.diff?.("ic-1", { name: "Old", ...hidden }, { name: "App", ...hidden });
    expect(found).toEqual({ ...answer, deleteBeforeReplace });
  }
  expect(calls[0]).toEqual(["ic-1", { name: "Old" }, { name: "App" }, name]);
});

test("what is created, read and updated keeps what the host needs to call again", async () => {
  const provider = dynamicProvider(definition);
  const state = { name: "Old", ...hidden };
  expect(await provider.create({ name: "App", ...hidden })).toEqual({
    id: "ic-1",
    outs: { name: "App", ...hidden },
  });
  expect(await provider.read?.("ic-1", state)).toEqual({
    id: "ic-1",
    props: { name: "App", url: "u", ...hidden },
    inputs: { name: "App", ...hidden },
  });
  expect(await provider.update?.("ic-1", state, { name: "App", ...hidden })).toEqual({
    outs: { name: "Renamed", ...hidden },
  });
  await provider.delete?.("ic-1", state);
  expect(calls).toEqual([
    [name, { name: "App" }],
    ["ic-1", { name: "Old" }, name],
    ["ic-1", { name: "Old" }, { name: "App" }, name],
    ["ic-1", { name: "Old" }, name],
  ]);
});

test("what is gone has no id and no properties", async () => {
  definition.read = work(undefined);
  expect(await dynamicProvider(definition).read?.("ic-1", hidden)).toEqual({ id: "", props: {} });
});

test("what was created only in part is kept, with what the host needs to call again", async () => {
  definition.create = () => Promise.reject(new PartialCreation("ic-1", { name: "App" }, "half"));
  await expect(dynamicProvider(definition).create(hidden)).rejects.toMatchObject({
    id: "ic-1",
    properties: { name: "App", ...hidden },
    reasons: [expect.stringContaining("[cockpit:incomplete]")],
  });
});

test("a failed read or deletion prints nothing on the console, and everything else is printed", async () => {
  const fail = () => Promise.reject(new Error("the reason"));
  const provider = dynamicProvider({ ...definition, read: fail, delete: fail });
  const printed: unknown[][] = [];
  const spy = jest.spyOn(console, "error").mockImplementation((...parts) => void printed.push(parts));
  try {
    suppressDuplicateErrors();
    for (const call of [provider.read?.("ic-1", hidden), provider.delete?.("ic-1", hidden)]) {
      const error: unknown = await call?.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: "the reason [cockpit:internal]" });
      // As the host does.
      console.error((error as Error).stack);
      console.error(String(error));
    }
    console.error("other", 1);
  } finally {
    spy.mockRestore();
  }
  expect(printed).toEqual([["other", 1]]);
});

test("hands no control character of a name to the terminal, in any failure or message", async () => {
  const hostile = "\u001b[2J\u202eartep";
  const shown = "\\u001b[2J\\u202eartep";
  const shownWithCode = `${shown} [cockpit:internal]`;
  const fail = () => Promise.reject(new Error(hostile));
  const failing = { ...definition, check: fail, create: fail, read: fail, update: fail, delete: fail };
  const { check, create, read, update, delete: remove } = dynamicProvider(failing);
  expect((await check?.({}, {}))?.failures).toEqual([{ property: "", reason: shownWithCode }]);
  for (const call of [create({}), read?.("id", {}), update?.("id", {}, {}), remove?.("id", {})]) {
    await expect(call).rejects.toMatchObject({ message: shownWithCode });
  }
  failing.create = () => Promise.reject(new PartialCreation("ic-1", {}, hostile));
  const partial = `${shown}. The next pulumi up goes on from here. [cockpit:incomplete]`;
  await expect(dynamicProvider(failing).create({})).rejects.toMatchObject({
    message: partial,
    reasons: [partial],
  });
  definition.check = (context) => {
    context.warn(hostile);
    context.inform(hostile);
    return Promise.resolve({ inputs: {}, failures: [] });
  };
  await dynamicProvider(definition).check?.({}, {});
  expect(said).toEqual([shown, shown]);
});
