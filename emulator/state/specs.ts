import type { SpecRecord } from "../contract/gateway-model";
import type { Spec } from "../contract/spec-rules";
import { nextRevision } from "./groups";
import type { Store } from "./store";

/** The gateway's own bookkeeping, whatever a client sends of it. */
const ownFields = ["rev", "captchaSiteKeys"];

export function saveSpec(store: Store, specId: string, given: Spec): SpecRecord {
  const spec = Object.fromEntries(Object.entries(given).filter(([name]) => !ownFields.includes(name)));
  const record = { rev: nextRevision(store.specs.get(specId)?.rev), spec };
  store.specs.put(specId, record);
  return record;
}
