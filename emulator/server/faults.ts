import { z } from "zod";
import type { FaultAction, FaultReport } from "../state/options";

const milliseconds = z.int().min(0);
const status = z.int().min(100).max(599);

const actionSchema = z.union([
  z.strictObject({
    status,
    headers: z.record(z.string(), z.string()).optional(),
    /** JSON, or text as it is. */
    body: z.unknown().optional(),
  }),
  /** Closes the connection without an answer. */
  z.strictObject({ drop: z.literal(true) }),
  /** Announces the whole answer, sends that many bytes of it and closes the connection. */
  z.strictObject({ cut: z.int().min(0) }),
  /** Waits, then goes on as if nothing was. */
  z.strictObject({ delayMs: milliseconds }),
  /** Never answers; ends when the client gives up. */
  z.strictObject({ hang: z.literal(true) }),
  /** An answer that isn't what it says: a page of HTML, JSON that breaks off, or nothing at all. */
  z.strictObject({ malformed: z.enum(["html", "json", "empty"]), status: status.optional() }),
  /** The whole answer, that many bytes at a time. */
  z.strictObject({ drip: z.int().positive(), everyMs: milliseconds }),
  /** Ends the emulator's process without an answer; for the command only. */
  z.strictObject({ kill: z.literal(true) }),
  z.strictObject({ redirect: z.string(), status: status.optional() }),
  /** Answers with another `id` than the right one. */
  z.strictObject({ swapId: z.string() }),
]);

const regexSource = z.string().refine((source) => {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}, "not a regular expression");

export const faultSchema = z.strictObject({
  id: z.string().min(1).optional(),
  method: z.string().optional(),
  /** Of the path: a glob (`*` within a segment, `**` across), or `{ regex }`. */
  path: z.union([z.string(), z.strictObject({ regex: regexSource })]).optional(),
  /** Acts on the n-th matching request only, counted from 1. */
  nth: z.int().positive().optional(),
  /** Lets that many matching requests pass first. */
  after: z.int().min(0).default(0),
  /** Acts that often at most. */
  times: z.int().positive().optional(),
  /** Before the operation, or after it was committed. */
  phase: z.enum(["before", "after"]).default("before"),
  action: actionSchema,
});

export interface FiringFault {
  id: string;
  phase: "before" | "after";
  action: FaultAction;
}

/** A fault with what it does, for people. */
export interface FaultDescription extends FaultReport {
  method: string | undefined;
  path: string;
  /** How often it acts at most. */
  times: number | undefined;
  phase: "before" | "after";
  action: FaultAction;
}

interface Rule extends FaultReport {
  fault: z.output<typeof faultSchema>;
  path: RegExp;
}

export class Faults {
  private rules: Rule[] = [];
  private added = 0;

  add(fault: z.output<typeof faultSchema>): FaultReport {
    this.added++;
    const rule = {
      id: fault.id ?? `fault-${this.added}`,
      matches: 0,
      hits: 0,
      fault,
      path: pattern(fault.path),
    };
    this.rules.push(rule);
    return report(rule);
  }

  all(): FaultReport[] {
    return this.rules.map(report);
  }

  described(): FaultDescription[] {
    return this.rules.map((rule) => {
      const { method, path = "**", times, phase, action } = rule.fault;
      return {
        ...report(rule),
        method,
        path: typeof path === "string" ? path : `/${path.regex}/`,
        times,
        phase,
        action,
      };
    });
  }

  clear(): void {
    this.rules = [];
  }

  /** Whether there was one of that id. */
  remove(id: string): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    return this.rules.length < before;
  }

  /** Counts the request with every rule it matches and says which of them act, in the order they were added. */
  firing(method: string, path: string): FiringFault[] {
    return this.rules
      .filter((rule) => fires(rule, method, path))
      .map(({ id, fault: { phase, action } }) => ({ id, phase, action }));
  }
}

const report = ({ id, matches, hits }: Rule): FaultReport => ({ id, matches, hits });

function fires(rule: Rule, method: string, path: string): boolean {
  const { fault } = rule;
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) {
    return false;
  }
  if (!rule.path.test(path)) {
    return false;
  }
  rule.matches++;
  const due = fault.nth === undefined ? rule.matches > fault.after : rule.matches === fault.nth;
  if (!due || (fault.times !== undefined && rule.hits >= fault.times)) {
    return false;
  }
  rule.hits++;
  return true;
}

function pattern(path: z.output<typeof faultSchema>["path"]): RegExp {
  if (path === undefined) {
    return /^/;
  }
  if (typeof path === "object") {
    return new RegExp(path.regex);
  }
  const source = path
    .split("**")
    .map((part) =>
      part
        .split("*")
        .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
        .join("[^/]*"),
    )
    .join(".*");
  return new RegExp(`^${source}$`);
}
