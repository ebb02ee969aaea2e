import fc from "fast-check";
import { environmentKey, type EnvironmentKey } from "../cockpit/environments";
import { at } from "./picking";
import { chosenId, displayName, foreignKey, propertyKey, text } from "../args/groups";

/** What somebody changes in Cockpit itself. */
export type ManualAction =
  | { hand: "rename"; at: number; name: string }
  | { hand: "set property"; at: number; key: string; value: string }
  | { hand: "set foreign property"; at: number; key: string; value: string }
  | { hand: "drop properties"; at: number }
  | { hand: "delete"; at: number }
  /** Not among the random ones yet: see once-found.test.ts. */
  | { hand: "delete for good"; at: number }
  /** Moves the solution, or that of the database. */
  | { hand: "transfer"; at: number; to: EnvironmentKey }
  | { hand: "make solution"; name: string; id: string }
  | { hand: "make database"; at: number; name: string; id: string };

/** Creates an object that conflicts with what the program is about to create. */
const creatingAction = [
  fc.record({
    hand: fc.constant("make solution" as const),
    name: displayName,
    id: chosenId.map((id) => `solution-${id}`),
  }),
  fc.record({
    hand: fc.constant("make database" as const),
    at,
    name: displayName,
    id: chosenId.map((id) => `database-${id}`),
  }),
] as const;

const deletingAction = fc.record({ hand: fc.constant("delete" as const), at });

export const manualAction: fc.Arbitrary<ManualAction> = fc.oneof(
  fc.record({ hand: fc.constant("rename" as const), at, name: displayName }),
  fc.record({ hand: fc.constant("set property" as const), at, key: propertyKey, value: text }),
  fc.record({ hand: fc.constant("set foreign property" as const), at, key: foreignKey, value: text }),
  fc.record({ hand: fc.constant("drop properties" as const), at }),
  deletingAction,
  ...creatingAction,
);

export const collidingManualAction: fc.Arbitrary<ManualAction> = fc.oneof(...creatingAction, deletingAction);

export const transferringManualAction: fc.Arbitrary<ManualAction> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      hand: fc.constant("transfer" as const),
      at,
      to: fc.constantFrom(...environmentKey),
    }),
  },
  { weight: 1, arbitrary: manualAction },
);
