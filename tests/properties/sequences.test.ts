import { sequences } from "./generators/sequences";
import { runSequence } from "./run-sequence";
import { testRandomly } from "./test-randomly";

testRandomly(
  "[F33] whatever happens in a random sequence, nothing is created twice and nothing is lost",
  sequences,
  200,
  runSequence,
);
