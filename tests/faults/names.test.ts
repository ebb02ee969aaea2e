import type { Properties } from "../../provider/framework/values";
import { database, expectDone, messageOf, onStack } from "./stack";

const hostile = ["", ".", "..", "%2e%2e", "a/b", "a\\b", "a?x", "a#x", "a\nb", "\u0085", "x".repeat(65_536)];

test.each<[property: string, argsWith: (text: string) => Properties]>([
  ["groupId", (groupId) => ({ groupId })],
  ["solutionId", (solutionId) => ({ solutionId })],
  ["name", (name) => ({ name })],
])(
  "[F48, F49] a %s that could leave its place in an address is refused before anything is sent",
  onStack(async (stack, property: string, argsWith: (text: string) => Properties) => {
    for (const text of hostile) {
      const args = { solutionId: "petra", ...database(stack.petra, "france", argsWith(text)).args };
      stack.program.splice(0, Infinity, { type: "Database", name: "france", args });
      const message = messageOf(await stack.up({ COCKPIT_ADOPT: text }));
      expect(message).toMatch(new RegExp(`${property}: (must|may|holds)`));
      expect(stack.world.emulator.requests()).toEqual([]);
    }
  }),
);

test(
  "[F48] an id in the state that could leave its place in an address is sent nowhere, by no operation",
  onStack(async (stack) => {
    expectDone(await stack.up());
    const france = stack.idOf("france");
    const { environmentId } = stack.world.emulator;
    const harmless = new RegExp(
      `^(POST /auth/login|GET /user/current|GET /group/(${environmentId}|${france})(/children)?|DELETE /group/${france})$`,
    );
    for (const id of hostile) {
      Object.assign(stack.world.state.find(({ name }) => name === "petra") ?? {}, { id });
      for (const operation of [() => stack.refresh(), () => stack.destroy()]) {
        messageOf(await operation());
        expect(stack.world.state.map((resource) => resource.id)).toContain(id);
        for (const { method, path } of stack.world.emulator.requests()) {
          expect(`${method} ${path.replace("/rest/v2", "")}`).toMatch(harmless);
        }
      }
    }
    expect(stack.world.live().map(({ name }) => name)).toEqual(["Petra"]);
  }),
);
