import * as pulumi from "@pulumi/pulumi";
import { Database, OnboardedSolution, Solution } from ".";

const warnings: string[] = [];
beforeAll(async () => {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }), call: () => ({}) },
    "petra",
    "test",
  );
  jest.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    warnings.push(message);
    return Promise.resolve();
  });
});
beforeEach(() => warnings.splice(0));

test("deletedWith is refused on a resource and on a component", () => {
  const anchor = new Solution("anchor");
  const refusal = expect.objectContaining({ code: "option-refused" }) as Error;
  expect(() => new Database("france", { solutionId: "ic-1" }, { deletedWith: anchor })).toThrow(refusal);
  expect(() => new OnboardedSolution("petra", { database: {} }, { deletedWith: anchor })).toThrow(refusal);
});

test("options that keep protection from being asked in time are warned of", () => {
  const args = { solutionId: "ic-1" };
  new Database("plain", args, { protect: true, deleteBeforeReplace: true, ignoreChanges: ["name"] });
  expect(warnings).toEqual([]);
  new Database("kept", args, { retainOnDelete: true });
  new Database("replaced", args, { replaceWith: [new Solution("anchor")] });
  new Database("ignored", args, { ignoreChanges: ["deletionProtection"] });
  expect(warnings).toEqual([
    expect.stringMatching(/^Database "kept": with retainOnDelete/),
    expect.stringMatching(/^Database "replaced": replaceWith/),
    expect.stringMatching(/^Database "ignored": ignoreChanges holds deletionProtection/),
  ]);
});
