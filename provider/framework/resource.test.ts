import { z } from "zod";
import { defineResource } from "./resource";
import { Run } from "./run";
import type { Properties } from "./values";

const resource = { project: "petra", stack: "test", name: "one" };
const live = { name: "One", shards: 3, userId: "u-1", serial: "s-1" };
const context = { run: new Run() };
let found: typeof live | undefined;

const Thing = defineResource({
  type: "Thing",
  description: "",
  example: "",
  inputs: z.strictObject({ name: z.string(), shards: z.int().optional(), userId: z.string() }),
  outputs: { serial: z.string() },
  create: (_context, _resource, inputs) => Promise.resolve({ id: "1", state: { ...inputs, serial: "s-1" } }),
  read: (_context, _id, state) => Promise.resolve(state),
  import: () => Promise.resolve(found),
  update: (_context, _id, state, inputs) => Promise.resolve({ ...state, ...inputs }),
  delete: () => Promise.resolve(),
});

beforeEach(() => (found = live));

const read = (state: Properties) => Thing.read(context, "1", state, resource);
const diff = (state: Properties) => Thing.diff(context, "1", state, { name: "One" }, resource);

test("a refresh takes from Cockpit what a state lacks or holds otherwise, and keeps the rest", async () => {
  expect(await read({ name: "First", userId: 1, later: true })).toEqual({
    ...live,
    name: "First",
    later: true,
  });
});

test("what can't be read is said, with what completes it, and only where nothing does", async () => {
  const unreadable = { code: "unreadable-state", message: expect.stringContaining("serial") as string };
  await expect(diff({ name: "One", userId: "u-1" })).rejects.toMatchObject(unreadable);
  found = undefined;
  await expect(read({ name: "One", userId: "u-1" })).rejects.toMatchObject(unreadable);
});
