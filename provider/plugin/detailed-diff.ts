import { isDeepStrictEqual } from "node:util";
import type { Diff } from "../framework/diff";
import type { PropertyPath } from "../framework/field";
import { unknownValue, type Properties } from "../framework/values";

export type Change = "add" | "delete" | "update";

/** One line of a preview. */
export interface PropertyChange {
  /** As the engine reads it: `email.port`, `servers[0]`, `properties["a b"]`. */
  path: string;
  change: Change;
  replaces: boolean;
  /** Between the inputs of then and now; otherwise between what is there and the inputs of now. */
  isOfInputs: boolean;
}

/** Exactly what differs, as deep as it goes. */
export function detailedDiff(
  { updates, replaces }: Diff,
  { inputs, state, news }: { inputs: Properties; state: Properties; news: Properties },
): PropertyChange[] {
  return [...updates, ...replaces].flatMap((key) => {
    const isReplacing = replaces.includes(key);
    const ofInputs = changesBetween(inputs[key], news[key], [key]);
    const changes = ofInputs.length > 0 ? ofInputs : changesBetween(state[key], news[key], [key]);
    const all = changes.length > 0 ? changes : [{ path: [key], change: "update" as const }];
    return all.map(({ path, change }) => ({
      path: pathText(path),
      change,
      replaces: isReplacing,
      isOfInputs: ofInputs.length > 0,
    }));
  });
}

function changesBetween(
  before: unknown,
  after: unknown,
  path: PropertyPath,
): { path: PropertyPath; change: Change }[] {
  if (after !== unknownValue && isDeepStrictEqual(before, after)) {
    return [];
  }
  if (before === undefined || after === undefined) {
    return [{ path, change: before === undefined ? "add" : "delete" }];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const longest = Math.max(before.length, after.length);
    return Array.from({ length: longest }, (_, index) => index).flatMap((index) =>
      changesBetween(before[index], after[index], [...path, index]),
    );
  }
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      changesBetween(before[key], after[key], [...path, key]),
    );
  }
  return [{ path, change: "update" }];
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function pathText(path: PropertyPath): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") {
        return `[${part}]`;
      }
      const isPlain = /^[A-Za-z_$][\w$]*$/.test(part);
      return isPlain ? `${index === 0 ? "" : "."}${part}` : `["${part.replaceAll('"', '\\"')}"]`;
    })
    .join("");
}
