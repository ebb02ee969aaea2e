import { codesIn } from "../support/codes";
import { database, databaseCreations, expectDone, messageOf, onStack, refused } from "./stack";

test(
  "[F21] a login that ends among eight creations is renewed once, and each group is there once",
  onStack(async (stack) => {
    expectDone(await stack.up());
    stack.program.push(...Array.from({ length: 8 }, (_, n) => database(stack.petra, `more ${n}`)));
    stack.fault({ ...databaseCreations, nth: 5, ...refused(401) });
    expectDone(await stack.up({}, true));
    expect(stack.asked("POST", "/auth/login$")).toBe(2);
    expect(stack.asked("POST", "/database$")).toBe(9);
    stack.expectSameGroups();
  }),
);

test(
  "[F22] a wrong password fails with few logins, shows no secret and leaves the state as it is",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const { state } = stack.world;
    stack.world.password = "canary-of-a-password";
    for (const operation of [() => stack.refresh(true), () => stack.destroy()]) {
      const message = messageOf(await operation());
      expect(codesIn(message)).toContain("unauthorized");
      expect(message).not.toContain("canary-of-a-password");
      expect(stack.asked("POST", "/auth/login$")).toBeLessThanOrEqual(2);
      expect(stack.world.state).toEqual(state);
    }
  }),
);

test(
  "[F23] 403 for one group fails that one and keeps it in the state; the others are read",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const france = stack.idOf("france");
    await stack.world.manualChanges.ask("PUT", `group/${stack.idOf("petra")}/name/Renamed`);
    stack.fault({ method: "GET", path: `**/group/${france}`, ...refused(403) });
    expect(messageOf(await stack.refresh(true))).toMatch(/403/);
    expect(stack.idOf("france")).toBe(france);
    const solution = stack.world.state.find(({ name }) => name === "petra");
    expect(solution?.outputs["name"]).toBe("Renamed");
  }),
);
