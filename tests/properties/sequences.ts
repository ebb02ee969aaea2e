import fc from "fast-check";
import type { Properties } from "../../provider/engine/unknowns";
import { nameProblem } from "../../provider/resources/group/name";
import type { Declaration } from "./model-engine";

/** What happens to one stack, as plain data: fast-check makes it up and makes it smaller. Numbers count what is there, modulo. */
export interface Sequence {
  solutions: SolutionPlan[];
  databases: DatabasePlan[];
  rounds: Round[];
}

interface SolutionPlan {
  word: string;
  args: Properties;
  deleteBeforeReplace: boolean | undefined;
}

interface DatabasePlan extends SolutionPlan {
  solution: number;
}

export interface Round {
  edits: Edit[];
  byHand: HandAction[];
  trouble: Trouble | undefined;
  operation: "up" | "up --refresh" | "preview" | "refresh" | "destroy";
  /** What somebody types back: nothing, a name that is not the one, the name of something, or what the messages say. */
  person: { types: "nothing" | "nonsense" | "obeys" } | { types: "a name"; at: number };
  isParallel: boolean;
  /** `--replace` of one of the declared. */
  replace: number | undefined;
}

export type Edit =
  | { edit: "set"; at: number; args: Properties }
  | { edit: "omit"; at: number; key: string }
  | { edit: "move"; at: number; to: number }
  | { edit: "remove"; at: number }
  | { edit: "deleteBeforeReplace"; at: number; value: boolean | undefined }
  | ({ edit: "add solution" } & SolutionPlan)
  | ({ edit: "add database" } & DatabasePlan);

export type HandAction =
  | { hand: "rename"; at: number; name: string }
  | { hand: "set property"; at: number; key: string; value: string }
  | { hand: "set foreign property"; at: number; key: string; value: string }
  | { hand: "drop properties"; at: number }
  | { hand: "delete"; at: number }
  | { hand: "make solution"; name: string; id: string }
  | { hand: "make database"; at: number; name: string; id: string };

export type Trouble =
  | {
      trouble: "fault";
      target: FaultTarget;
      fault: FaultKind;
      isAfter: boolean;
      skip: number;
      times: number | undefined;
    }
  | { trouble: "kill"; target: FaultTarget; isAfter: boolean; nth: number };

export const faultTargets = {
  any: { path: "/rest/**" },
  login: { method: "POST", path: "**/auth/login" },
  creation: { method: "POST", path: { regex: "/group/[^/]+/(application|database)$" } },
  read: { method: "GET", path: { regex: "/group/[^/]+$" } },
  children: { method: "GET", path: "**/children" },
  get: { method: "GET", path: "/rest/**" },
  change: { method: "PUT", path: "/rest/**" },
  deletion: { method: "DELETE", path: "/rest/**" },
} as const;
export type FaultTarget = keyof typeof faultTargets;

const json = { "Content-Type": "application/json" };

/** Faults by name; those that say "I did not do it" only tell the truth before the operation. */
export const faultKinds = {
  drop: { action: { drop: true } },
  "cut at once": { action: { cut: 0 }, isAfterOnly: true },
  "cut in the middle": { action: { cut: 60 }, isAfterOnly: true },
  "a page of HTML": { action: { malformed: "html", status: 200 } },
  "a page of HTML, 404": { action: { malformed: "html", status: 404 } },
  "a page of HTML, 502": { action: { malformed: "html", status: 502 } },
  "half of JSON": { action: { malformed: "json" } },
  nothing: { action: { malformed: "empty" } },
  "another id": { action: { swapId: "another-group" }, isAfterOnly: true },
  "500": { action: { status: 500, body: { message: "Internal error" } } },
  "502": {
    action: { status: 502, body: "<html>bad gateway</html>", headers: { "Content-Type": "text/html" } },
  },
  "503": { action: { status: 503 } },
  "503, later": { action: { status: 503, headers: { "Retry-After": "0" } }, isBeforeOnly: true },
  "429": { action: { status: 429, headers: { ...json, "Retry-After": "0" } }, isBeforeOnly: true },
  "401": { action: { status: 401, body: { message: "Who are you?" } }, isBeforeOnly: true },
  "403": { action: { status: 403, body: { message: "Not for you" } }, isBeforeOnly: true },
  redirect: { action: { redirect: "http://127.0.0.1:9/elsewhere" }, isBeforeOnly: true },
} as const;
export type FaultKind = keyof typeof faultKinds;

/** Every display name: what shells, JSON, paths and Unicode make difficult, and some that are there twice. */
const displayName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("Petra", "France", "Test") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Zoë",
      "Zoe\u0308",
      "العربية",
      "🩺 Praxis 👩‍⚕️",
      'Petra\'s "best" & more',
      " padded ",
      "$(rm -rf) `x` ;",
      '["France"]',
      "[half",
      "Petra, France",
      "x".repeat(255),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .filter((name) => nameProblem(name) === undefined),
  },
);

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const date = fc
  .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
  .map((when) => when.toISOString());

// No nulls: to the engine they mean that nothing is given.
const jsonValue = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes("null"));

const propertyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  text,
  fc.record({ type: fc.constant("boolean"), value: fc.boolean() }),
  fc.record({ type: fc.constant("integer"), value: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant("double"), value: fc.double({ noDefaultInfinity: true, noNaN: true }) }),
  fc.record({ type: fc.constantFrom("string", "clob"), value: text }),
  fc.record({
    type: fc.constant("date"),
    value: fc.oneof(date, fc.constantFrom("2026-01-31", "2026-01-31T08:00+02:00", "2026-01-31T08:00:00.5Z")),
  }),
  fc.record({ type: fc.constant("json"), value: jsonValue }),
);

const propertyKey = fc.constantFrom("tier", "seats", "a.b", "ключ", "constructor");
/** Keys that no program declares. */
const foreignKey = fc.constantFrom("by hand", "note", "com.icure.dbs.quota.9");
const properties = fc.dictionary(propertyKey, propertyValue, { maxKeys: 3 });

const protection = fc.constantFrom(false, false, false, true, undefined);
const chosenId = fc.constantFrom("own-1", "own-2", "own-3");
const cluster = fc.constantFrom("europe-west-02", "europe-west-03", "europe-north-01");

const sharedArgs = {
  name: displayName,
  cluster,
  properties,
  deletionProtection: protection,
  hardDelete: fc.boolean(),
};
export const solutionArgs = fc.record(
  {
    ...sharedArgs,
    applicationId: fc.constantFrom("com.petra.app", "com.petra.doc", "ünï côdé"),
    groupId: chosenId.map((id) => `solution-${id}`),
  },
  { requiredKeys: ["deletionProtection"] },
);
export const databaseArgs = fc.record(
  {
    ...sharedArgs,
    shards: fc.integer({ min: 1, max: 4 }),
    replicas: fc.integer({ min: 1, max: 3 }),
    groupId: chosenId.map((id) => `database-${id}`),
  },
  { requiredKeys: ["deletionProtection"] },
);

/** Args that are often left out: fewer of them make more of what matters. */
const fewer = (args: fc.Arbitrary<Properties>): fc.Arbitrary<Properties> =>
  fc
    .tuple(args, fc.subarray(["cluster", "properties", "hardDelete", "groupId", "shards", "replicas"]))
    .map(([all, dropped]) => without(all, dropped));

function without(args: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(args).filter(([key, value]) => value !== undefined && !keys.includes(key)),
  );
}

const word = fc.constantFrom("petra", "petra", "Petra Doc", "日本", "e\u0301te\u0301", "🩺", "a-b_c");
const deleteBeforeReplace = fc.constantFrom(undefined, undefined, true, false);
const solutionPlan = fc.record({ word, args: fewer(solutionArgs), deleteBeforeReplace });
const databasePlan = fc.record({
  word,
  args: fewer(databaseArgs),
  solution: fc.nat({ max: 2 }),
  deleteBeforeReplace,
});

const at = fc.nat({ max: 7 });
const set = (key: string, value: fc.Arbitrary<unknown>, weight: number) => ({
  weight,
  arbitrary: fc.record({
    edit: fc.constant("set" as const),
    at,
    args: value.map((one): Properties => ({ [key]: one })),
  }),
});
const edit: fc.Arbitrary<Edit> = fc.oneof(
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

const handAction: fc.Arbitrary<HandAction> = fc.oneof(
  fc.record({ hand: fc.constant("rename" as const), at, name: displayName }),
  fc.record({ hand: fc.constant("set property" as const), at, key: propertyKey, value: text }),
  fc.record({ hand: fc.constant("set foreign property" as const), at, key: foreignKey, value: text }),
  fc.record({ hand: fc.constant("drop properties" as const), at }),
  fc.record({ hand: fc.constant("delete" as const), at }),
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
);

const target = fc.constantFrom(...(Object.keys(faultTargets) as FaultTarget[]));
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    trouble: fc.constant("fault" as const),
    target,
    fault: fc.constantFrom(...(Object.keys(faultKinds) as FaultKind[])),
    isAfter: fc.boolean(),
    skip: fc.nat({ max: 3 }),
    times: fc.constantFrom(1, 2, 4, undefined),
  }),
  fc.record({
    trouble: fc.constant("kill" as const),
    target: fc.constantFrom<FaultTarget>("creation", "creation", "change", "deletion", "any"),
    isAfter: fc.boolean(),
    nth: fc.integer({ min: 1, max: 3 }),
  }),
);

const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(edit, { maxLength: 3 }),
  byHand: fc.oneof(
    { weight: 2, arbitrary: fc.constant<HandAction[]>([]) },
    { weight: 1, arbitrary: fc.array(handAction, { maxLength: 2 }) },
  ),
  trouble: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: trouble }),
  operation: fc.oneof(
    { weight: 8, arbitrary: fc.constant("up" as const) },
    { weight: 2, arbitrary: fc.constant("up --refresh" as const) },
    { weight: 2, arbitrary: fc.constant("refresh" as const) },
    { weight: 1, arbitrary: fc.constant("preview" as const) },
    { weight: 1, arbitrary: fc.constant("destroy" as const) },
  ),
  person: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ types: "obeys" as const }) },
    { weight: 2, arbitrary: fc.constant({ types: "nothing" as const }) },
    { weight: 1, arbitrary: fc.constant({ types: "nonsense" as const }) },
    { weight: 1, arbitrary: fc.record({ types: fc.constant("a name" as const), at }) },
  ),
  isParallel: fc.constantFrom(false, false, true),
  replace: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: at }),
});

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  solutions: fc.array(solutionPlan, { minLength: 1, maxLength: 3 }),
  databases: fc.array(databasePlan, { maxLength: 5 }),
  rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
});

/** The program to begin with. Logical names are numbered, so that they are unique among resources of one type. */
export class Program {
  readonly declarations: Declaration[] = [];
  readonly #counts = { Solution: 0, Database: 0 };

  constructor({ solutions, databases }: Pick<Sequence, "solutions" | "databases">) {
    solutions.forEach((plan) => this.#addSolution(plan));
    databases.forEach((plan) => this.#addDatabase(plan));
  }

  change(edit: Edit): void {
    if (edit.edit === "add solution") {
      this.#addSolution(edit);
    } else if (edit.edit === "add database") {
      this.#addDatabase(edit);
    } else {
      this.#changeOne(edit, nth(this.declarations, edit.at));
    }
  }

  #changeOne(
    edit: Exclude<Edit, { edit: "add solution" | "add database" }>,
    declaration: Declaration | undefined,
  ): void {
    if (!declaration) {
      return;
    }
    const { args, type } = declaration;
    switch (edit.edit) {
      case "set": {
        const { groupId, ...rest } = edit.args;
        const chosen = typeof groupId === "string" ? { groupId: `${type.toLowerCase()}-${groupId}` } : {};
        const foreign = type === "Solution" ? ["shards"] : ["applicationId"];
        declaration.args = without({ ...args, ...rest, ...chosen }, foreign);
        return;
      }
      case "omit":
        declaration.args = without(args, [edit.key]);
        return;
      case "move":
        if (type === "Database") {
          declaration.solution = nth(this.#solutions(), edit.to)?.name;
        }
        return;
      case "deleteBeforeReplace":
        declaration.deleteBeforeReplace = edit.value;
        return;
      case "remove":
        for (const gone of [declaration, ...this.#databasesOf(declaration)]) {
          this.declarations.splice(this.declarations.indexOf(gone), 1);
        }
    }
  }

  #addSolution({ word, args, deleteBeforeReplace }: SolutionPlan): void {
    const name = `${word} ${this.#counts.Solution++}`;
    this.declarations.push({ type: "Solution", name, args, deleteBeforeReplace });
  }

  #addDatabase({ word, args, solution, deleteBeforeReplace }: DatabasePlan): void {
    const parent = nth(this.#solutions(), solution);
    if (parent) {
      const name = `${word} ${this.#counts.Database++}`;
      this.declarations.push({ type: "Database", name, args, solution: parent.name, deleteBeforeReplace });
    }
  }

  #solutions(): Declaration[] {
    return this.declarations.filter(({ type }) => type === "Solution");
  }

  #databasesOf({ type, name }: Declaration): Declaration[] {
    return type === "Solution" ? this.declarations.filter(({ solution }) => solution === name) : [];
  }
}

export function nth<Item>(items: readonly Item[], at: number): Item | undefined {
  return items.length === 0 ? undefined : items[at % items.length];
}
