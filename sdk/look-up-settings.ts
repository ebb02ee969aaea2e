let settings: string | undefined;

/** What the look-ups of this program are configured with, once there was one; without secrets. */
export function rememberLookUpSettings(fingerprint: string): void {
  settings = fingerprint;
}

/**
 * Look-ups run in the program's process and resources in the engine's. The provider compares what both are configured with and
 * takes this away again, so that it is never in the state.
 */
export function lookUpSettings(): { __lookUps?: string } {
  return settings === undefined ? {} : { __lookUps: settings };
}
