/** What holds always did not hold. */
export class Violation extends Error {}

export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new Violation(what);
  }
}
