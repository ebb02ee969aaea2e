import fc from "fast-check";

const { COCKPIT_PROPERTY_RUNS, COCKPIT_PROPERTY_SEED = "1", COCKPIT_PROPERTY_PATH } = process.env;

/**
 * A test of many random values, by the options that CONTRIBUTING.md names: the same ones each time unless they say otherwise.
 * A failure says its seed and path.
 */
export function testRandomly<Value>(
  name: string,
  values: fc.Arbitrary<Value>,
  usualRuns: number,
  check: (value: Value) => Promise<void>,
): void {
  const numRuns = COCKPIT_PROPERTY_RUNS === undefined ? usualRuns : Number(COCKPIT_PROPERTY_RUNS);
  const options = {
    numRuns,
    ...(COCKPIT_PROPERTY_SEED === "random" ? {} : { seed: Number(COCKPIT_PROPERTY_SEED) }),
    ...(COCKPIT_PROPERTY_PATH === undefined ? {} : { path: COCKPIT_PROPERTY_PATH }),
  };
  test(name, () => fc.assert(fc.asyncProperty(values, check), options), 60_000 + numRuns * 5_000);
}
