import { z } from "zod";
import { badRequest, conflict, forbidden, notFound } from "../contract/errors";
import type { RecoveryData } from "../contract/model";
import type { Caller } from "../server/caller";
import { operation } from "../server/operation";
import { saveDocument } from "../state/data-owners";
import type { State } from "../state/state";
import { checkId } from "./access";

const recoveryDataInput = z.object({
  id: z.string(),
  rev: z.string().optional(),
  recipient: z.string(),
  encryptedSelf: z.string(),
  type: z.enum(["KEYPAIR_RECOVERY", "EXCHANGE_KEY_RECOVERY"]),
  expirationInstant: z.number().optional(),
});

/** What brings lost keys back, encrypted by a key that only the client knows; whoever has that finds it by its id. */
export const recoveryData = [
  operation(
    { method: "POST", path: "/recoverydata", body: recoveryDataInput },
    (state, { body: { rev, ...fields } }, caller) => {
      checkId(fields.id);
      if (rev !== undefined) {
        throw badRequest("A new document has no revision.");
      }
      if (state.store.recoveryData.has([caller.groupId, fields.id])) {
        throw conflict(`There is recovery data ${fields.id} already.`);
      }
      return saveDocument<RecoveryData>(state.store.recoveryData, caller.groupId, fields);
    },
  ),
  operation({ method: "GET", path: "/recoverydata/:id" }, (state, { path }, caller) =>
    existingRecoveryData(state, caller, path.id),
  ),
  operation({ method: "DELETE", path: "/recoverydata/:id" }, (state, { path }, caller) => {
    const { id, rev } = existingRecoveryData(state, caller, path.id);
    state.store.recoveryData.remove([caller.groupId, id]);
    return { id, rev };
  }),
];

function existingRecoveryData(state: State, caller: Caller, id: string): RecoveryData {
  const found = state.store.recoveryData.get([caller.groupId, id]);
  if (found === undefined || (found.expirationInstant ?? Infinity) <= state.now()) {
    throw notFound(`There is no recovery data ${id}.`);
  }
  const { healthcarePartyId, patientId, deviceId } = caller.record.user;
  if (!caller.isAdmin && ![healthcarePartyId, patientId, deviceId].includes(found.recipient)) {
    throw forbidden("That is meant for another.");
  }
  return found;
}
