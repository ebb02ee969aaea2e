import type { Fault } from "../../emulator";
import {
  changes,
  databaseCreations,
  deletions,
  expectDone,
  messageOf,
  onStack,
  oneGroup,
  refused,
  type Stack,
} from "./stack";

/** The answer of a creation is lost in some way: one request, one group, and the run goes through. */
async function expectOneInSpiteOf(stack: Stack, action: Fault["action"]): Promise<void> {
  stack.fault({ ...databaseCreations, phase: "after", times: 1, action });
  expectDone(await stack.up());
  expect(stack.asked("POST", "/database$")).toBe(1);
  stack.expectSameGroups();
  await stack.expectNoChanges();
}

test.each<[how: string, action: Fault["action"]]>([
  ["dropped", { drop: true }],
  ["reset in the middle of its body", { cut: 40 }],
])(
  "[F1, F5] an answer to a creation that is %s: one request, one group",
  onStack((stack, _how: string, action: Fault["action"]) => expectOneInSpiteOf(stack, action)),
);

test(
  "[F2] a look-up after a lost answer goes on while the server is down",
  onStack(async (stack) => {
    stack.fault({ ...oneGroup, after: 1, times: 3, action: { status: 503 } });
    await expectOneInSpiteOf(stack, { drop: true });
  }),
);

test(
  "[F2] a look-up that never succeeds says what may exist, and the next run names the command that takes it over",
  onStack(async (stack) => {
    stack.fault({ ...databaseCreations, phase: "after", action: { drop: true } });
    stack.fault({ method: "GET", path: { regex: "/group/ic-france" }, action: { status: 503 } });
    expect(messageOf(await stack.up())).toMatch(/ic-france-[\w-]+.* may exist/);
    stack.world.clearFaults();
    const [, id = ""] = /COCKPIT_ADOPT=([\w-]+)/.exec(messageOf(await stack.up())) ?? [];
    expectDone(await stack.up({ COCKPIT_ADOPT: id }));
    stack.expectSameGroups();
    await stack.expectNoChanges();
  }),
);

test(
  "[F3] lost answers to updates are not errors and leave no difference",
  onStack(async (stack) => {
    expectDone(await stack.up());
    stack.france.args = { ...stack.france.args, name: "Belgium", properties: { seats: 3 } };
    stack.fault({ ...changes, phase: "after", nth: 1, action: { drop: true } });
    stack.fault({ method: "PUT", path: "**/properties", phase: "after", nth: 1, action: { drop: true } });
    expectDone(await stack.up());
    const belgium = stack.world.liveById(stack.idOf("france"));
    expect(belgium).toMatchObject({ name: "Belgium", properties: [{ type: { identifier: "seats" } }] });
    await stack.expectNoChanges();
  }),
);

test(
  "[F4] a deletion whose answer is lost is asked for again, and absence is success",
  onStack(async (stack) => {
    expectDone(await stack.up());
    stack.fault({ ...deletions, phase: "after", times: 1, action: { drop: true } });
    expectDone(await stack.destroy());
    stack.expectNothing();
  }),
);

test(
  "[F6] a creation that met 429 is sent again no sooner than Retry-After says",
  onStack(async (stack) => {
    stack.fault({ ...databaseCreations, nth: 1, action: { status: 429, headers: { "Retry-After": "7" } } });
    const before = stack.world.clock.now();
    expectDone(await stack.up());
    expect(stack.world.clock.now() - before).toBeGreaterThanOrEqual(7_000);
    expect(stack.asked("POST", "/database$")).toBe(2);
    stack.expectSameGroups();
  }),
);

test.each(["Sat, 31 Jan 2026 08:00:09 GMT", "0", "-5", "soon"])(
  "[F7] 429 with Retry-After %s: few requests, waits within bounds",
  onStack(async (stack, value: string) => {
    const action = { status: 429, headers: { "Retry-After": value } };
    stack.fault({ ...databaseCreations, times: 2, action });
    const before = stack.world.clock.now();
    expectDone(await stack.up());
    expect(stack.world.clock.now() - before).toBeLessThan(60_000);
    expect(stack.asked("POST", "/database$")).toBe(3);
    stack.expectSameGroups();
  }),
);

test(
  "[F7] 429 with a Retry-After beyond the operation's time is an error at once, and the next run finishes",
  onStack(async (stack) => {
    stack.fault({ ...databaseCreations, action: { status: 429, headers: { "Retry-After": "86400" } } });
    expect(messageOf(await stack.up())).toMatch(/asked to wait 86400 s.*Run the same command again later/);
    expect(stack.asked("POST", "/database$")).toBe(1);
    stack.world.clearFaults();
    expectDone(await stack.up());
    stack.expectSameGroups();
  }),
);

test(
  "[F8] a read that meets four times 503 succeeds with the fifth request",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const path = `**/group/${stack.idOf("petra")}`;
    stack.fault({ method: "GET", path, times: 4, action: { status: 503 } });
    expectDone(await stack.refresh());
    expect(stack.asked("GET", `/group/${stack.idOf("petra")}$`)).toBe(5);
    stack.expectSameGroups();
  }),
);

const unclear = (["before", "after"] as const).flatMap((phase) =>
  [500, 502, 503, 504].map((status) => [status, phase] as const),
);
test.each(unclear)(
  "[F9] a creation that is answered %d %s it was committed is looked up first, and sent again only where it is absent",
  onStack(async (stack, status: number, phase: "before" | "after") => {
    stack.fault({ ...databaseCreations, phase, times: 1, ...refused(status) });
    expectDone(await stack.up());
    expect(stack.asked("POST", "/database$")).toBe(phase === "before" ? 2 : 1);
    stack.expectSameGroups();
    await stack.expectNoChanges();
  }),
);
