import type { Output } from "@pulumi/pulumi";
import { asked } from "./mocks";
import { databases } from "./index";

/** With the engine mocked: no Pulumi CLI, no network, milliseconds. The same file runs in Jest and in Vitest. */
const valueOf = <Value>(output: Output<Value>) => new Promise<Value>((resolve) => output.apply(resolve));

test("each database lies in the solution that was found, protected, on a cluster in Europe", async () => {
  expect(databases).toHaveLength(2);
  for (const database of databases) {
    expect(await valueOf(database.solutionId)).toBe("ic-petra");
    expect(await valueOf(database.cluster)).toMatch(/^europe-/);
    expect(await valueOf(database.deletionProtection)).not.toBe(false);
  }
  expect(asked).toEqual(["cockpit:index:getSolution"]);
});
