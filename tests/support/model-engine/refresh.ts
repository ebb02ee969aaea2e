import type { Ledger } from "./ledger";
import type { ProviderProcess } from "./provider-process";
import type { ResourceState } from "./resource-state";
import type { StepLog } from "./step-log";

/** Reads everything; what was read before a failure is kept. */
export async function refresh(ledger: Ledger, process: ProviderProcess, log: StepLog): Promise<void> {
  const read = new Map<ResourceState, ResourceState | undefined>();
  const readable = ledger.base.filter((resource) => !resource.isPendingReplacement);
  try {
    await log.all(readable, (old) =>
      log.attempt(old, async () => {
        const { type, id } = old;
        const result = await process.read(type, id, old.outputs);
        if (!result.id) {
          read.set(old, undefined);
          return;
        }
        const outputs = { ...result.props, __provider: old.outputs["__provider"] };
        const inputs = result.inputs ?? old.inputs;
        // The engine shows what the next `up` would undo.
        await process.diff(type, result.id, outputs, old.inputs);
        read.set(old, { ...old, id: result.id, inputs, outputs, initErrors: [] });
      }),
    );
  } finally {
    ledger.refresh(read);
  }
}
