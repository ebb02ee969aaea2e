import type { Round, Sequence } from "./happenings/sequences";
import { runSequence } from "./run-sequence";

/** Sequences that went wrong once, made small; random ones seldom come across them. */
const unprotected = { deletionProtection: false };
const ownId = { ...unprotected, groupId: "solution-own-1" };
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
  [
    "two resources never get one id, not even where the first one's group was deleted for good",
    {
      solutions: [{ word: "petra", args: ownId, deleteBeforeReplace: undefined }],
      databases: [],
      rounds: [
        up,
        {
          ...up,
          edits: [{ edit: "add solution", word: "petra", args: ownId, deleteBeforeReplace: undefined }],
          byHand: [{ hand: "delete for good", at: 0 }],
        },
      ],
    },
  ],
])("%s", (_what, sequence) => runSequence(sequence));
