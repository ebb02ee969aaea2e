import type { Outcome } from "../support/model-engine/model-engine";
import { keyOf } from "../support/model-engine/resource-state";
import { database, deletions, expectDone, messageOf, onStack, refused } from "./stack";
import { confirmationsIn } from "../support/confirmation";

test(
  "[F36] a creation whose second step fails is kept as incomplete, and the next run goes on with one POST in all",
  onStack(async (stack) => {
    stack.france.args = { ...stack.france.args, properties: { seats: 3 } };
    stack.fault({ method: "PUT", path: "**/properties", ...refused(400) });
    expect(messageOf(await stack.up())).toMatch(/was created, but is not complete.*goes on from here/);
    expect(stack.world.state.map(({ initErrors }) => initErrors.length)).toEqual([0, 1]);
    stack.expectSameGroups();
    stack.world.clearFaults();
    expectDone(await stack.up());
    expect(stack.asked("POST", "/database$")).toBe(0);
    expect(stack.world.liveById(stack.idOf("france"))?.properties).toHaveLength(1);
    await stack.expectNoChanges();
  }),
);

test(
  "[F42] a database that is taken over is protected unless the program says otherwise",
  onStack(async (stack) => {
    expectDone(await stack.up());
    await stack.world.manualChanges.ask(
      "POST",
      `group/by-hand/database?name=Old&superGroup=${stack.idOf("petra")}`,
    );
    stack.program.push({ ...stack.france, name: "old", args: { name: "Old", groupId: "by-hand" } });
    expectDone(await stack.up({ COCKPIT_ADOPT: "by-hand" }));
    stack.program.pop();
    expect(messageOf(await stack.up())).toMatch(/the database "Old".*\[cockpit:protected\]/);
    expect(stack.asked("DELETE", "/group/")).toBe(0);
    expect(stack.world.liveById("by-hand")).toBeDefined();
  }),
);

const kept = (outcome: Outcome) => ({
  COCKPIT_CONFIRM_DELETE: JSON.stringify(confirmationsIn(messageOf(outcome))),
});
const spent = /names it with a code that is not for this change.*\[cockpit:protected\]/;

test(
  "[F42] a confirmation that a pipeline has kept deletes nothing that is created again, even under the same id",
  onStack(async (stack) => {
    const protectedFrance = database(stack.petra, "france", { deletionProtection: true, hardDelete: true });
    stack.program[1] = protectedFrance;
    expectDone(await stack.up());
    const id = stack.idOf("france");
    stack.program.pop();
    const confirmed = kept(await stack.up());
    expect(messageOf(await stack.up({ COCKPIT_CONFIRM_DELETE: '["petra","france"]' }))).toMatch(
      /names it without the code/,
    );
    expectDone(await stack.up(confirmed));
    expect(stack.world.liveById(id)).toBeUndefined();

    stack.program.push(protectedFrance);
    expectDone(await stack.up(confirmed));
    expect(stack.idOf("france")).toBe(id);
    stack.program.pop();
    expect(messageOf(await stack.up(confirmed))).toMatch(spent);
    expect(stack.world.liveById(id)).toBeDefined();
  }),
);

test(
  "[F42] a database that was confirmed as unused is not deleted once somebody uses it",
  onStack(async (stack) => {
    stack.program[1] = database(stack.petra, "france", { deletionProtection: true });
    expectDone(await stack.up());
    const id = stack.idOf("france");
    const unused = kept(await stack.destroy());
    await stack.world.manualChanges.ask("POST", `user/inGroup/${id}`, { id: "ada", login: "ada" });
    const refusal = await stack.destroy(unused);
    expect(messageOf(refusal)).toMatch(/with 1 user and all its records is protected/);
    expect(messageOf(refusal)).toMatch(spent);
    expectDone(await stack.destroy(kept(refusal)));
    stack.expectNothing();
  }),
);

test.each([404, 410])(
  "[F44] a deletion of what is gone already (%d) is a success",
  onStack(async (stack, status: number) => {
    expectDone(await stack.up());
    stack.fault({ ...deletions, phase: "after", ...refused(status) });
    expectDone(await stack.destroy());
    stack.expectNothing();
  }),
);

test(
  "[F44] a deletion of what is in use names what blocks it, keeps the state, and goes through once that is gone",
  onStack(async (stack) => {
    stack.petra.args = { ...stack.petra.args, hardDelete: true };
    expectDone(await stack.up());
    await stack.world.manualChanges.ask(
      "POST",
      `group/blocker/database?name=Blocker&superGroup=${stack.idOf("petra")}`,
    );
    const refusal = messageOf(await stack.destroy());
    expect(refusal).toMatch(/its database "Blocker".*type the name of each back/);
    const [typed = ""] = confirmationsIn(refusal);
    const confirmed = await stack.destroy({ COCKPIT_CONFIRM_DELETE: typed });
    expect(messageOf(confirmed)).toMatch(/409 Conflict.*blocker/);
    expect(stack.world.state.map(keyOf)).toEqual(["Solution petra"]);
    await stack.world.manualChanges.delete("blocker");
    expectDone(await stack.destroy());
    stack.expectNothing();
  }),
);
