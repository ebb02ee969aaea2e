import { codesIn } from "../support/codes";
import { startEmulator, type Fault } from "../../emulator";
import {
  changes,
  creations,
  deletions,
  expectDone,
  json,
  messageOf,
  onStack,
  oneGroup,
  type Stack,
} from "./stack";

/** Each kind of request meets an answer that is not the API's: an error in words, nothing lost, and the next run finishes. */
async function expectWordsForAny(stack: Stack, action: Fault["action"], words: RegExp): Promise<void> {
  const kinds = [
    { request: creations, prepare: () => undefined },
    { request: changes, prepare: () => (stack.france.args = { ...stack.france.args, name: "Belgium" }) },
    { request: deletions, prepare: () => stack.program.pop() },
  ];
  for (const { request, prepare } of kinds) {
    prepare();
    stack.fault({ ...request, phase: "before", action });
    const message = messageOf(await stack.up());
    expect(message).toMatch(words);
    expect(message).not.toMatch(/SyntaxError|\n\s+at /);
    stack.world.clearFaults();
    expectDone(await stack.up());
    stack.expectSameGroups();
  }
  const { state } = stack.world;
  stack.fault({ ...oneGroup, action });
  expect(messageOf(await stack.refresh())).toMatch(words);
  expect(stack.world.state).toEqual(state);
  await stack.expectNoChanges();
}

test.each<[what: string, action: Fault["action"], words: RegExp]>([
  ["a page of HTML", { malformed: "html", status: 200 }, /web page|not readable JSON/],
  ["an empty 200", { malformed: "empty" }, /the answer is empty/],
  ["text", { status: 200, body: "OK" }, /not readable JSON/],
  ["half of JSON", { malformed: "json" }, /not readable JSON/],
  ["a byte order mark and no JSON", { status: 200, body: "\uFEFFnothing" }, /not readable JSON/],
  [
    "lists nested 100,000 deep",
    { status: 200, headers: json, body: "[".repeat(100_000) + "]".repeat(100_000) },
    /not as expected|not readable|nested more than 100 levels/,
  ],
])(
  "[F14, F15] %s instead of any answer is an error in words, drops nothing, and the next run finishes",
  onStack((stack, _what: string, action: Fault["action"], words: RegExp) =>
    expectWordsForAny(stack, action, words),
  ),
);

test(
  "[F16] keys that reach for prototypes touch none, and what is unknown is not kept",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const group = JSON.stringify({ ...stack.world.liveById(stack.idOf("petra")) });
    const hostile =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"polluted":true,';
    const path = `**/group/${stack.idOf("petra")}`;
    stack.fault({
      method: "GET",
      path,
      action: { status: 200, headers: json, body: group.replace("{", hostile) },
    });
    expectDone(await stack.refresh());
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.stringify(stack.world.state)).not.toContain("polluted");
    await stack.expectNoChanges();
  }),
);

test(
  "[F17] an answer about another group is an error or a look-up, and its id never comes into the state",
  onStack(async (stack) => {
    const swapped = { swapId: "another" };
    stack.fault({ ...creations, times: 1, action: swapped });
    expectDone(await stack.up());
    stack.expectSameGroups();
    stack.france.args = { ...stack.france.args, name: "Belgium" };
    stack.fault({ ...changes, action: swapped });
    expect(codesIn(messageOf(await stack.up()))).toContain("malformed-answer");
    stack.world.clearFaults();
    const { state } = stack.world;
    stack.fault({ ...oneGroup, action: swapped });
    expect(codesIn(messageOf(await stack.refresh()))).toContain("malformed-answer");
    expect(stack.world.state).toEqual(state);
    stack.world.clearFaults();
    expectDone(await stack.up());
    stack.expectSameGroups();
  }),
);

test(
  "[F18] a redirect is not followed: the other host sees nothing",
  onStack(async (stack) => {
    const other = await startEmulator();
    try {
      for (const status of [302, 307, 308]) {
        stack.fault({ path: "/rest/**", action: { redirect: `${other.url}/rest/v2/group`, status } });
        expect(messageOf(await stack.up())).toMatch(/redirects to 127\.0\.0\.1:\d+ .*not followed/);
        stack.world.clearFaults();
      }
      expect(other.requests()).toEqual([]);
    } finally {
      await other.close();
    }
  }),
);
