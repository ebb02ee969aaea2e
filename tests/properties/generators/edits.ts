import fc from "fast-check";
import type { Properties } from "../../../provider/framework/values";
import { at } from "./picking";
import {
  databasePlan,
  deleteBeforeReplace,
  fragileSolutionPlan,
  solutionPlan,
  type DatabasePlan,
  type SolutionPlan,
} from "./plans";
import type { EnvironmentKey } from "../cockpit/environments";
import type { TokenKind } from "../cockpit/tokens";
import { chosenId, cluster, displayName, properties, protection } from "../args/groups";

/** Another environment, or none, for one of the solutions. */
export interface TransferEdit {
  edit: "transfer";
  at: number;
  to: EnvironmentKey | undefined;
  token: TokenKind;
}

/** Types of the components that something may be declared in; "its solution" is a database's own. */
export const parents = [undefined, "Care", "Clinic", "Care$Clinic", "its solution"] as const;
export type Parents = (typeof parents)[number];

/** What the engine takes for another resource, or would if nobody told it, though whoever writes the program may mean the same. */
export type Regrouping =
  | { edit: "regroup"; at: number; parents: Parents; hasAlias: boolean }
  | { edit: "rename"; at: number; word: string; hasAlias: boolean }
  /** Another one of its name, under other parents. */
  | { edit: "twin"; at: number; parents: Parents; args: Properties }
  /** Another one by a name that was given up. */
  | { edit: "reuse"; at: number; args: Properties }
  | { edit: "option"; at: number; option: "deletedWith" | "retainOnDelete" | undefined }
  /** In Pulumi.yaml: with `pulumi stack rename`, or into a stack that is empty. */
  | { edit: "rename project"; keepsState: boolean };

/** A change of the program. */
export type Edit =
  | { edit: "set"; at: number; args: Properties }
  | { edit: "omit"; at: number; key: string }
  | { edit: "move"; at: number; to: number }
  | { edit: "remove"; at: number }
  | { edit: "deleteBeforeReplace"; at: number; value: boolean | undefined }
  | TransferEdit
  | Regrouping
  | ({ edit: "add solution" } & SolutionPlan)
  | ({ edit: "add database" } & DatabasePlan);

const set = (key: string, value: fc.Arbitrary<unknown>, weight: number) => ({
  weight,
  arbitrary: fc.record({
    edit: fc.constant("set" as const),
    at,
    args: value.map((one): Properties => ({ [key]: one })),
  }),
});

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  set("name", displayName, 3),
  set("properties", properties, 4),
  set("cluster", cluster, 3),
  set("deletionProtection", protection, 4),
  set("hardDelete", fc.boolean(), 1),
  set("shards", fc.integer({ min: 1, max: 4 }), 1),
  set("applicationId", fc.constantFrom("com.petra.app", "com.petra.next"), 1),
  set("groupId", chosenId, 1),
  {
    weight: 3,
    arbitrary: fc.record({
      edit: fc.constant("omit" as const),
      at,
      key: fc.constantFrom("name", "properties", "cluster", "deletionProtection", "applicationId", "groupId"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ edit: fc.constant("move" as const), at, to: at }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant("remove" as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({
      edit: fc.constant("deleteBeforeReplace" as const),
      at,
      value: deleteBeforeReplace,
    }),
  },
  {
    weight: 1,
    arbitrary: solutionPlan.map((plan) => ({ edit: "add solution" as const, ...plan })),
  },
  {
    weight: 2,
    arbitrary: databasePlan.map((plan) => ({ edit: "add database" as const, ...plan })),
  },
);

/** Changes that replace the group. */
export const replacingEdit: fc.Arbitrary<Edit> = fc.oneof(
  set("cluster", cluster, 4),
  set("shards", fc.integer({ min: 1, max: 4 }), 1),
  set("groupId", chosenId, 1),
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("remove" as const), at }) },
  { weight: 1, arbitrary: fragileSolutionPlan.map((plan) => ({ edit: "add solution" as const, ...plan })) },
);

export const transfer: fc.Arbitrary<TransferEdit> = fc.record({
  edit: fc.constant("transfer" as const),
  at,
  to: fc.constantFrom("target", "target", "source", undefined),
  token: fc.oneof(
    { weight: 6, arbitrary: fc.constant("fresh" as const) },
    { weight: 2, arbitrary: fc.constant("of the program" as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom<TokenKind>(
        "used",
        "just expired",
        "long expired",
        "of somebody else",
        "none",
        "as it was",
        "of the program, as it was",
      ),
    },
  ),
});

export const editOrTransfer: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: edit },
  { weight: 1, arbitrary: transfer },
);

/** Changes that may conflict with a transfer. */
export const collidingEdit: fc.Arbitrary<Edit> = fc.oneof(
  set("name", displayName, 1),
  set("properties", properties, 1),
  set("cluster", cluster, 1),
  set("deletionProtection", protection, 1),
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("move" as const), at, to: at }) },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("remove" as const), at }) },
  {
    weight: 1,
    arbitrary: databasePlan.map((plan) => ({ edit: "add database" as const, ...plan })),
  },
);

const some = fc.constantFrom(...parents);
const few = fc.record(
  { deletionProtection: protection, cluster, name: fc.constantFrom("Petra", "France") },
  { requiredKeys: [] },
);
const hasAlias = fc.boolean();

export const regrouping: fc.Arbitrary<Regrouping> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ edit: fc.constant("regroup" as const), at, parents: some, hasAlias }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      edit: fc.constant("rename" as const),
      at,
      word: fc.constantFrom("petra", "care"),
      hasAlias,
    }),
  },
  { weight: 3, arbitrary: fc.record({ edit: fc.constant("twin" as const), at, parents: some, args: few }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant("reuse" as const), at, args: few }) },
  {
    weight: 2,
    arbitrary: fc.record({
      edit: fc.constant("option" as const),
      at,
      option: fc.constantFrom("deletedWith", "retainOnDelete", undefined),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ edit: fc.constant("rename project" as const), keepsState: fc.boolean() }),
  },
);

export const regroupingEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: regrouping },
  set("deletionProtection", protection, 2),
  set("cluster", cluster, 1),
  set("name", fc.constantFrom("Petra", "France"), 1),
  {
    weight: 1,
    arbitrary: fc.record({ edit: fc.constant("omit" as const), at, key: fc.constantFrom("cluster", "name") }),
  },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("move" as const), at, to: at }) },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("remove" as const), at }) },
  { weight: 1, arbitrary: databasePlan.map((plan) => ({ edit: "add database" as const, ...plan })) },
);
