import { keyOf, type Declaration } from "../support/model-engine/resource-state";
import {
  changes,
  database,
  databaseCreations,
  deletions,
  expectDone,
  json,
  messageOf,
  onStack,
  refused,
} from "./stack";

test(
  "[F26] an id that somebody else's database has is an error with the ways on, and that database stays as it is",
  onStack(async (stack) => {
    const { environmentId } = stack.world.emulator;
    await stack.world.manualChanges.ask(
      "POST",
      `group/mine/application?name=Mine&superGroup=${environmentId}`,
    );
    await stack.world.manualChanges.ask("POST", "group/taken/database?name=Theirs&superGroup=mine");
    const before = stack.world.liveById("taken");
    stack.france.args = { ...stack.france.args, groupId: "taken" };
    expect(messageOf(await stack.up())).toMatch(/"Theirs" \(id taken.*\[cockpit:already-exists-different\]/);
    expect(messageOf(await stack.up({ COCKPIT_ADOPT: "taken" }))).toMatch(
      /not what is declared.*Nothing was changed/,
    );
    expect(stack.world.liveById("taken")).toEqual(before);
  }),
);

test(
  "[F27] 409 for another operation under way is an error in words, and the next run finishes",
  onStack(async (stack) => {
    const underWay = refused(409, "Another operation is under way.");
    expectDone(await stack.up());
    stack.france.args = { ...stack.france.args, name: "Belgium" };
    stack.fault({ ...changes, times: 1, ...underWay });
    expect(messageOf(await stack.up())).toMatch(/409 Conflict: Another operation is under way/);
    expectDone(await stack.up());
    stack.program.pop();
    stack.fault({ ...deletions, times: 1, ...underWay });
    expect(messageOf(await stack.up())).toMatch(/409 Conflict: Another operation is under way/);
    expectDone(await stack.up());
    stack.expectSameGroups();
  }),
);

test(
  "[F28] what was deleted manually is created again under another id; without a refresh, an update says what to do",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const old = stack.idOf("france");
    await stack.world.manualChanges.delete(old);
    stack.france.args = { ...stack.france.args, name: "Belgium" };
    expect(messageOf(await stack.up())).toMatch(/Run pulumi refresh.*\[cockpit:deleted-outside\]/);
    expectDone(await stack.refresh());
    expect(stack.world.state.map(keyOf)).toEqual(["Solution petra"]);
    expectDone(await stack.up());
    expect(stack.idOf("france")).not.toBe(old);
    stack.expectSameGroups();
    await stack.expectNoChanges();
  }),
);

test.each([1, 2])(
  "[F29] a group that is not found %d time(s) right after its creation is there once, taken at once or by command",
  onStack(async (stack, times: number) => {
    stack.fault({ ...databaseCreations, phase: "after", nth: 1, action: { drop: true } });
    stack.fault({ method: "GET", path: { regex: "/group/ic-france" }, times, ...refused(404) });
    const { failures } = await stack.up();
    expect(failures).toHaveLength(times - 1);
    if (times > 1) {
      const [, id = ""] = /COCKPIT_ADOPT=([\w-]+)/.exec(failures[0]?.message ?? "") ?? [];
      expectDone(await stack.up({ COCKPIT_ADOPT: id }));
    }
    stack.expectSameGroups();
    await stack.expectNoChanges();
  }),
);

test(
  "[F30] a list that misses groups drops none of them: each miss is confirmed by a read",
  onStack(async (stack) => {
    stack.program.push(database(stack.petra, "belgium"), database(stack.petra, "spain"));
    expectDone(await stack.up());
    const body = JSON.stringify({ rows: [], nextKeyPair: null });
    stack.fault({ method: "GET", path: "**/children", action: { status: 200, headers: json, body } });
    expectDone(await stack.refresh());
    expect(stack.asked("GET", "/children$")).toBeGreaterThan(0);
    stack.expectSameGroups();
  }),
);

test(
  "[F31] what was renamed manually is drift of its name, put right in place",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const id = stack.idOf("france");
    await stack.world.manualChanges.ask("PUT", `group/${id}/name/Other`);
    expectDone(await stack.refresh());
    const preview = await stack.world.engine.preview(stack.program);
    expect(preview.steps).toContainEqual(
      expect.objectContaining({ op: "update", resource: "Database france" }),
    );
    expectDone(await stack.up());
    expect(stack.world.liveById(id)?.name).toBe("france");
    await stack.expectNoChanges();
  }),
);

test(
  "[F31] a database that was moved manually stays in the state under its id, and no run makes or deletes one in its place",
  onStack(async (stack) => {
    // The second of two, so that the solution's list is asked, which misses it.
    stack.program.push(database(stack.petra, "belgium", { deletionProtection: true }));
    expectDone(await stack.up());
    const id = stack.idOf("belgium");
    const { environmentId } = stack.world.emulator;
    await stack.world.manualChanges.ask(
      "POST",
      `group/other/application?name=Other&superGroup=${environmentId}`,
    );
    await stack.moveManually(id, "other");
    const live = stack.world.live().map((group) => group.id);
    for (const operation of [() => stack.refresh(), () => stack.up(), () => stack.refresh()]) {
      await operation();
      expect(stack.idOf("belgium")).toBe(id);
      expect(stack.world.live().map((group) => group.id)).toEqual(live);
      expect(stack.asked("POST", "/database$")).toBe(0);
      expect(stack.asked("DELETE", "/group/")).toBe(0);
    }
  }),
);

test(
  "[F32] fields of a newer API are no difference and do not come into the state",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const id = stack.idOf("france");
    const body = { ...stack.world.liveById(id), brandNew: { of: "2030" } };
    stack.fault({ method: "GET", path: `**/group/${id}`, action: { status: 200, body } });
    expectDone(await stack.refresh());
    expect(JSON.stringify(stack.world.state)).not.toContain("brandNew");
    await stack.expectNoChanges();
  }),
);

test(
  "[F34] a hundred solutions and a hundred databases at once, answered out of order: each is there once",
  onStack(async (stack) => {
    const names = Array.from({ length: 99 }, (_, n) => `more ${n}`);
    const more = names.map((name): Declaration => ({
      ...stack.petra,
      name,
      args: { ...stack.petra.args, name },
    }));
    stack.program.push(...more, ...more.map((solution) => database(solution, solution.name)));
    for (const [lastDigits, delayMs] of [
      ["[0-4]", 12],
      ["[5-9]", 6],
    ] as const) {
      const path = { regex: `${lastDigits}/(application|database)$` };
      stack.fault({ method: "POST", path, phase: "after", action: { delayMs } });
    }
    expectDone(await stack.up({}, true));
    expect(stack.asked("POST", "/(application|database)$")).toBe(200);
    expect(new Set(stack.world.state.map(({ id }) => id)).size).toBe(200);
    for (const { name, outputs, dependsOn } of stack.world.state.filter(({ type }) => type === "Database")) {
      expect(outputs).toMatchObject({ name, solutionId: stack.idOfKey(dependsOn) });
    }
    stack.expectSameGroups();
  }),
);
