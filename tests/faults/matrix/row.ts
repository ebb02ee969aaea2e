/** One fault that the provider has to survive with nothing lost and nothing made twice. */
export interface Row {
  row: number;
  fault: string;
  /** Where and how it is brought about. */
  injected: string;
  holds: string;
  /** The tests that show it, by file and name. */
  proofs: readonly Proof[];
  /** What of it can't be run here, and why. */
  notRun?: string;
}

export interface Proof {
  file: string;
  /** The names as they stand in the file, placeholders included. */
  tests: readonly string[];
}

export const room = (file: string, ...tests: string[]) => proof(`tests/faults/${file}`, tests);
export const engine = (file: string, ...tests: string[]) => proof(`tests/engine/${file}`, tests);
export const api = (file: string, ...tests: string[]) => proof(`provider/client/${file}`, tests);
export const resources = (file: string, ...tests: string[]) => proof(`provider/resources/${file}`, tests);
export const properties = (file: string, ...tests: string[]) => proof(`tests/properties/${file}`, tests);

function proof(stem: string, tests: readonly string[]): Proof {
  return { file: `${stem}.test.ts`, tests };
}
