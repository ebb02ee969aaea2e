/** Reads from the engine's output the COCKPIT_ADOPT variable that its messages offer. */
export function adoptionFrom(output: string): Record<string, string> {
  const ids = [...output.matchAll(/COCKPIT_ADOPT=(?:'(\[.*?\])'|'?([\w:@/-]+))/g)].flatMap(
    ([, several, one]) => (several === undefined ? [one ?? ""] : (JSON.parse(several) as string[])),
  );
  expect(ids).not.toEqual([]);
  return { COCKPIT_ADOPT: JSON.stringify([...new Set(ids)]) };
}
