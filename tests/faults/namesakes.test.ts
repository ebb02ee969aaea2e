import { database, expectDone, messageOf, onStack } from "./stack";

test(
  "[F51] of several databases of its name the one is offered that is as declared, and a replacement says which one it deletes",
  onStack(async (stack) => {
    const [petra] = stack.program;
    const inNorth = { name: "France", cluster: "europe-north-01" };
    stack.program.push(database(stack.petra, "second", inNorth));
    stack.france.args = { ...stack.france.args, name: "France" };
    expectDone(await stack.up());
    const second = stack.idOf("second");

    // The state is lost.
    const { engine } = stack.world;
    engine.import(engine.state.filter(({ name }) => name === petra?.name));
    stack.program.splice(1, Infinity, database(stack.petra, "renamed", inNorth));
    const refused = await stack.up();
    expect(messageOf(refused)).toContain(`COCKPIT_ADOPT=${second}`);
    expectDone(await stack.up({ COCKPIT_ADOPT: second }));
    expect(stack.idOf("renamed")).toBe(second);

    stack.program[1] = database(stack.petra, "renamed", { ...inNorth, cluster: "europe-west-03" });
    const replaced = await stack.up();
    expectDone(replaced);
    expect(replaced.warnings.join("\n")).toMatch(
      new RegExp(
        `changing cluster .* deletes the database "France" \\(id ${second}.* with no users and all its records`,
      ),
    );
  }),
);
