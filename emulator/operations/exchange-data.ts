import { z } from "zod";
import { badRequest, conflict, forbidden, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { integer, listOfIds, text } from "../server/fields";
import { operation } from "../server/operation";
import { documentsOf, saveDocument } from "../state/data-owners";
import type { ExchangeData } from "../contract/model";
import type { State } from "../state/state";
import { checkId } from "./access";
import { pageOf } from "./pages";

/** Encrypted by the clients for each other; the server keeps it and tells who shares with whom. */
const exchangeDataInput = z.object({
  id: z.string(),
  rev: z.string().optional(),
  delegator: z.string(),
  delegate: z.string(),
  exchangeKey: z.record(z.string(), z.string()),
  accessControlSecret: z.record(z.string(), z.string()),
  delegatorSignature: z.record(z.string(), z.string()).default({}),
  sharedSignatureKey: z.record(z.string(), z.string()),
  sharedSignature: z.string(),
});
type ExchangeDataInput = z.output<typeof exchangeDataInput>;

const paging = { startDocumentId: text.optional(), limit: integer.optional() };

/** The first read by every client that logs in as a data owner, hence here. Fixed words come before `:id`. */
export const exchangeData = [
  operation({ method: "POST", path: "/exchangedata", body: exchangeDataInput }, (state, { body }, caller) =>
    createExchangeData(state, caller, body),
  ),
  operation(
    { method: "POST", path: "/exchangedata/bulk", body: z.array(exchangeDataInput) },
    (state, { body }, caller) =>
      body.map((each) => {
        const { id, rev } = createExchangeData(state, caller, each);
        return { id, rev };
      }),
  ),
  operation(
    { method: "PUT", path: "/exchangedata", body: exchangeDataInput },
    (state, { body: { rev, ...fields } }, caller) => {
      const before = exchangeDataById(state, caller, fields.id);
      if (rev !== before.rev) {
        throw conflict(`The exchange data ${fields.id} was changed since revision ${rev ?? "none"}.`);
      }
      if (fields.delegator !== before.delegator || fields.delegate !== before.delegate) {
        throw badRequest("Who shares with whom can't be changed.");
      }
      return saveDocument<ExchangeData>(state.store.exchangeData, caller.groupId, fields);
    },
  ),
  operation(
    { method: "POST", path: "/exchangedata/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) => ownExchangeData(state, caller).filter(({ id }) => body.ids.includes(id)),
  ),
  operation(
    { method: "GET", path: "/exchangedata/byParticipant/:id/counterparts" },
    (state, { path }, caller) => counterparts(state, caller, path.id),
  ),
  operation(
    {
      method: "GET",
      path: "/exchangedata/byParticipant/counterparts",
      query: z.object({ dataOwnerId: text }),
    },
    (state, { query }, caller) => counterparts(state, caller, query.dataOwnerId),
  ),
  operation(
    { method: "GET", path: "/exchangedata/byParticipant/:id", query: z.object(paging) },
    (state, { path, query }, caller) => page(state, caller, path.id, query),
  ),
  operation(
    {
      method: "GET",
      path: "/exchangedata/byParticipant",
      query: z.object({ ...paging, dataOwnerId: text }),
    },
    (state, { query }, caller) => page(state, caller, query.dataOwnerId, query),
  ),
  operation(
    { method: "GET", path: "/exchangedata/byDelegatorDelegate/:delegator/:delegate" },
    (state, { path }, caller) => between(state, caller, path.delegator, path.delegate),
  ),
  operation(
    {
      method: "GET",
      path: "/exchangedata/byDelegatorDelegate",
      query: z.object({ delegatorId: text, delegateId: text }),
    },
    (state, { query }, caller) => between(state, caller, query.delegatorId, query.delegateId),
  ),
  operation({ method: "GET", path: "/exchangedata/:id" }, (state, { path }, caller) =>
    exchangeDataById(state, caller, path.id),
  ),
];

type Shared = Pick<ExchangeData, "delegator" | "delegate">;

function isParticipant({ isAdmin, record: { user } }: Caller, { delegator, delegate }: Shared): boolean {
  const own = [user.healthcarePartyId, user.patientId, user.deviceId];
  return isAdmin || own.includes(delegator) || own.includes(delegate);
}

const ownExchangeData = (state: State, caller: Caller, start?: string): ExchangeData[] =>
  [...documentsOf(state.store.exchangeData, caller.groupId, start)].filter((each) =>
    isParticipant(caller, each),
  );

const involving = (all: readonly ExchangeData[], id: string) =>
  all.filter(({ delegator, delegate }) => delegator === id || delegate === id);

const page = (
  state: State,
  caller: Caller,
  participant: string,
  { startDocumentId, limit }: { startDocumentId?: string | undefined; limit?: number | undefined },
) =>
  pageOf(
    involving(ownExchangeData(state, caller, startDocumentId), participant),
    limit,
    ({ id }) => id,
    (each) => each,
  );

const between = (state: State, caller: Caller, delegator: string, delegate: string) =>
  ownExchangeData(state, caller).filter((each) => each.delegator === delegator && each.delegate === delegate);

const counterparts = (state: State, caller: Caller, id: string) => [
  ...new Set(
    involving(ownExchangeData(state, caller), id).map(({ delegator, delegate }) =>
      delegator === id ? delegate : delegator,
    ),
  ),
];

function createExchangeData(
  state: State,
  caller: Caller,
  { rev, ...fields }: ExchangeDataInput,
): ExchangeData {
  checkId(fields.id);
  if (rev !== undefined) {
    throw badRequest("New exchange data has no revision.");
  }
  if (!isParticipant(caller, fields)) {
    throw forbidden("Exchange data is made by one of those who share.");
  }
  if (state.store.exchangeData.has([caller.groupId, fields.id])) {
    throw conflict(`Exchange data with the id ${fields.id} exists already.`);
  }
  return saveDocument<ExchangeData>(state.store.exchangeData, caller.groupId, fields);
}

function exchangeDataById(state: State, caller: Caller, id: string): ExchangeData {
  const found = state.store.exchangeData.get([caller.groupId, id]);
  if (found === undefined || !isParticipant(caller, found)) {
    throw notFound(`There is no exchange data ${id}.`);
  }
  return found;
}
