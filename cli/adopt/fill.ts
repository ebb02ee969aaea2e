import { z } from "zod";
import { entryOf, formOf, type Target } from "./import-file";
import { slugOf } from "./names";
import type { Plan, Planned } from "./plan";

const entry = z.looseObject({
  type: z.string(),
  name: z.string().default(""),
  id: z.string().optional(),
  logicalName: z.string().optional(),
  parent: z.string().optional(),
  component: z.boolean().optional(),
});
type Entry = z.output<typeof entry>;

const importFile = z.looseObject({ resources: z.array(entry) });

export interface Filled {
  /** The file with the ids that were found. */
  text: string;
  filled: number;
  /** Why each of the others has still none. */
  open: string[];
}

/** What `pulumi preview --import-file` writes where an id belongs. */
const placeholder = "<PLACEHOLDER>";

/**
 * Fills in the ids of what a program declares and no state knows yet, as far as one thing and no other has its name.
 *
 * @throws {Error} where the text is not such a file.
 */
export function fillIds(text: string, { resources }: Plan, target: Omit<Target, "form">): Filled {
  const file = importFile.parse(JSON.parse(text));
  const wanted = file.resources.filter(
    ({ type, id, component }) =>
      formOf(type) !== undefined && component !== true && (id === undefined || id === placeholder),
  );
  const matches = new Map(wanted.map((each) => [each, candidatesFor(each, wanted, resources)]));
  const uses = new Map<Planned, number>();
  for (const [only, ...others] of matches.values()) {
    if (only && others.length === 0) {
      uses.set(only, (uses.get(only) ?? 0) + 1);
    }
  }
  const open: string[] = [];
  const filled = file.resources.map((each) => {
    const found = matches.get(each);
    const [only] = found ?? [];
    const form = formOf(each.type);
    if (!found || !form) {
      return each;
    }
    if (only && found.length === 1 && uses.get(only) === 1) {
      const parents = parentsOf(each, file.resources);
      return { ...each, ...entryOf(only, logicalName(each), parents, { ...target, form }), name: each.name };
    }
    open.push(`${each.type} ${JSON.stringify(logicalName(each))}: ${reasonFor(found)}`);
    return each;
  });
  return {
    text: `${JSON.stringify({ ...file, resources: filled }, undefined, 4)}\n`,
    filled: wanted.length - open.length,
    open,
  };
}

function reasonFor(found: readonly Planned[]): string {
  const [first, ...others] = found;
  if (!first) {
    return "nothing in Cockpit has this name";
  }
  return others.length > 0
    ? `several have this name: ${found.map(({ existing }) => existing.id).join(", ")}`
    : `${first.existing.id} has this name, and so has another resource of the program`;
}

/** By the whole name first: in the program, or in Cockpit; else by its end, `france` for what adopt would call `petra-france`. */
function candidatesFor(each: Entry, wanted: readonly Entry[], resources: readonly Planned[]): Planned[] {
  const ofType = resources.filter(({ type }) => each.type.endsWith(`:${type}`));
  const isAlone = wanted.filter(({ type }) => type === each.type).length === 1;
  if (each.type.endsWith(":ExternalServices") && isAlone) {
    return ofType;
  }
  const slug = slugOf(logicalName(each));
  const byWhole = ofType.filter(({ name, existing }) =>
    [name, slugOf(nameInCockpit(existing))].includes(slug),
  );
  return byWhole.length > 0 ? byWhole : ofType.filter(({ name }) => name.endsWith(`-${slug}`));
}

function nameInCockpit({ state, id }: Planned["existing"]): string {
  return typeof state["name"] === "string" ? state["name"] : id;
}

function logicalName({ name, logicalName: logical }: Entry): string {
  return logical ?? name;
}

/** The types of its parents, the outermost first. */
function parentsOf({ parent }: Entry, all: readonly Entry[]): string {
  const above = parent === undefined ? undefined : all.find(({ name }) => name === parent);
  return above ? [parentsOf(above, all), above.type].filter((each) => each !== "").join("$") : "";
}
