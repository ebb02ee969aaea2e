import { v5 as uuidV5 } from "uuid";
import type { ResourceName } from "./resource";

/** Ours alone, and never to change: every id that was ever computed depends on it. */
const namespace = "6f1f9f5c-5c0b-5f0e-9c1d-3d8b7b0a7c55";

/**
 * The UUID of what a resource creates. Cockpit lets the client choose ids, so they are computed from what every run of the
 * program has in common: a run that was cut off after its POST is met again instead of repeated.
 *
 * @param traits what makes another object of it when it changes.
 * @param generation 0 first; the next one where the object of the one before was deleted, because Cockpit gives no id twice.
 */
export function computedUuid(
  type: string,
  resource: ResourceName,
  traits: readonly (string | number | null)[],
  generation: number,
): string {
  const { project, stack, parents, name } = resource;
  // At the root of the stack the id is what it was before parents counted.
  const place = parents === undefined ? name : [parents, name];
  return uuidOf([project, stack, type, place, ...traits, generation]);
}

/** The UUID of what belongs to an object and is made with it. */
export function dependentUuid(ownerId: string, role: string, generation: number): string {
  return uuidOf([ownerId, role, generation]);
}

function uuidOf(parts: readonly (string | number | null | readonly string[])[]): string {
  return uuidV5(JSON.stringify(parts), namespace);
}
