import type { Round, Sequence } from "./happenings/sequences";
import { runSequence } from "./run-sequence";

/** Sequences that went wrong once, made small; random ones seldom come across them. */
const unprotected = { deletionProtection: false };
const up: Round = {
  edits: [],
  byHand: [],
  troubles: [],
  operation: "up",
  person: { types: "nothing" },
  isParallel: false,
  replace: undefined,
};

test.each<[string, Sequence]>([
  [
    "a database that is not protected leaves the protection of a solution of its name alone",
    {
      solutions: [{ word: "petra", args: unprotected, deleteBeforeReplace: undefined }],
      databases: [{ word: "petra", args: unprotected, solution: 0, deleteBeforeReplace: undefined }],
      rounds: [
        up,
        {
          ...up,
          edits: [
            { edit: "set", at: 0, args: { deletionProtection: true } },
            { edit: "set", at: 0, args: { cluster: "europe-west-03" } },
          ],
          replace: 0,
        },
      ],
    },
  ],
])("%s", (_what, sequence) => runSequence(sequence));
