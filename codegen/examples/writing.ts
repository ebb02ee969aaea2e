import { indented, type Program, type Shapes, type Step } from "./program";

export type Writer = (program: Program, shapes: Shapes) => string;

export const text = JSON.stringify;

function stepOf(program: Program, variable: string): Step | undefined {
  return program.steps.find((step) => step.variable === variable);
}

export const isLookUp = (program: Program, variable: string): boolean =>
  stepOf(program, variable)?.kind === "lookUp";

/** With a comma after each and a line of its own, unless there is nothing. */
export function lines(
  open: string,
  items: readonly string[],
  close: string,
  by?: string,
  comma = ",",
): string {
  return items.length === 0
    ? `${open}${close}`
    : `${open}${indented(`\n${items.map((item) => `${item}${comma}`).join("\n")}`, by)}\n${close}`;
}
