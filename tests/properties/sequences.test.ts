import fc from "fast-check";
import { runSequence } from "./run-sequence";
import { sequences } from "./happenings/sequences";

const { COCKPIT_PROPERTY_RUNS = "200", COCKPIT_PROPERTY_SEED, COCKPIT_PROPERTY_PATH } = process.env;
const numRuns = Number(COCKPIT_PROPERTY_RUNS);

test(
  `whatever happens in ${numRuns} random sequences, nothing is made twice and nothing is lost`,
  async () => {
    await fc.assert(fc.asyncProperty(sequences, runSequence), {
      numRuns,
      ...(COCKPIT_PROPERTY_SEED === undefined ? {} : { seed: Number(COCKPIT_PROPERTY_SEED) }),
      ...(COCKPIT_PROPERTY_PATH === undefined ? {} : { path: COCKPIT_PROPERTY_PATH }),
    });
  },
  60_000 + numRuns * 5_000,
);
