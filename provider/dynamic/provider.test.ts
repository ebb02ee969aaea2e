import { PartialCreation, type Resource } from "../framework/resource";
import type { Context } from "../runtime/context";
import { createContext } from "../runtime/create-context";
import { dynamicProvider } from "./provider";

const hostile = "\u001b[2J\u202eartep";
const shown = "\\u001b[2J\\u202eartep";
const shownWithCode = `${shown} [cockpit:internal]`;
const said: string[] = [];

jest.mock("./process", () => ({
  configure: () => undefined,
  sharedContext: () =>
    createContext({
      configuration: () => undefined,
      variables: () => undefined,
      warn: (message) => void said.push(message),
      inform: (message) => void said.push(message),
    }),
}));

const failing = (error: () => Error): Resource<Context> => {
  const fail = () => Promise.reject(error());
  const work = { check: fail, create: fail, read: fail, update: fail, delete: fail, diff: fail };
  return { ...work, inputsOf: () => ({}), type: "Solution" } as unknown as Resource<Context>;
};

test("hands no control character of a name to the terminal, in any failure or message", async () => {
  const { check, create, read, update, delete: remove } = dynamicProvider(failing(() => new Error(hostile)));
  expect((await check?.({}, {}))?.failures).toEqual([{ property: "", reason: shownWithCode }]);
  for (const call of [create({}), read?.("id", {}), update?.("id", {}, {}), remove?.("id", {})]) {
    await expect(call).rejects.toMatchObject({ message: shownWithCode });
  }
  const incomplete = dynamicProvider(failing(() => new PartialCreation("ic-1", {}, hostile)));
  const partial = `${shown}. The next pulumi up goes on from here. [cockpit:incomplete]`;
  await expect(incomplete.create({})).rejects.toMatchObject({ message: partial, reasons: [partial] });
  const talking = failing(() => new Error());
  talking.check = (context) => {
    context.warn(hostile);
    context.inform(hostile);
    return Promise.resolve({ inputs: {}, failures: [] });
  };
  await dynamicProvider(talking).check?.({}, {});
  expect(said).toEqual([shown, shown]);
});
