import { keyOf } from "../properties/engine/resource-state";
import { deletions, expectDone, messageOf, onStack, refused } from "./stack";
import { toTypeBack } from "../support/confirmation";

test(
  "a creation whose second step fails is kept as incomplete, and the next run goes on with one POST in all",
  onStack(async (stack) => {
    stack.france.args = { ...stack.france.args, properties: { seats: 3 } };
    stack.fault({ method: "PUT", path: "**/properties", ...refused(400) });
    expect(messageOf(await stack.up())).toMatch(/was created, but is not complete.*goes on from here/);
    expect(stack.world.state.map(({ initErrors }) => initErrors.length)).toEqual([0, 1]);
    stack.expectTheSame();
    stack.world.calm();
    expectDone(await stack.up());
    expect(stack.asked("POST", "/database$")).toBe(0);
    expect(stack.world.liveById(stack.idOf("france"))?.properties).toHaveLength(1);
    await stack.expectQuiet();
  }),
);

test(
  "a database that is taken over is protected unless the program says otherwise",
  onStack(async (stack) => {
    expectDone(await stack.up());
    await stack.world.hands.ask("POST", `group/by-hand/database?name=Old&superGroup=${stack.idOf("petra")}`);
    stack.program.push({ ...stack.france, name: "old", args: { name: "Old", groupId: "by-hand" } });
    expectDone(await stack.up({ COCKPIT_ADOPT: "by-hand" }));
    stack.program.pop();
    expect(messageOf(await stack.up())).toMatch(/the database "Old".* is protected.*It was not deleted/);
    expect(stack.asked("DELETE", "/group/")).toBe(0);
    expect(stack.world.liveById("by-hand")).toBeDefined();
  }),
);

test.each([404, 410])(
  "a deletion of what is gone already (%d) is a success",
  onStack(async (stack, status: number) => {
    expectDone(await stack.up());
    stack.fault({ ...deletions, phase: "after", ...refused(status) });
    expectDone(await stack.destroy());
    stack.expectNothing();
  }),
);

test(
  "a deletion of what is in use names what blocks it, keeps the state, and goes through once that is gone",
  onStack(async (stack) => {
    stack.petra.args = { ...stack.petra.args, hardDelete: true };
    expectDone(await stack.up());
    await stack.world.hands.ask(
      "POST",
      `group/blocker/database?name=Blocker&superGroup=${stack.idOf("petra")}`,
    );
    const refusal = messageOf(await stack.destroy());
    expect(refusal).toMatch(/its database "Blocker".*type the name of each back/);
    const [typed = ""] = toTypeBack(refusal);
    const confirmed = await stack.destroy({ COCKPIT_CONFIRM_DELETE: typed });
    expect(messageOf(confirmed)).toMatch(/409 Conflict.*blocker/);
    expect(stack.world.state.map(keyOf)).toEqual(["Solution petra"]);
    await stack.world.hands.delete("blocker");
    expectDone(await stack.destroy());
    stack.expectNothing();
  }),
);
