import { randomUUID } from "node:crypto";
import { z } from "zod";
import { shortTokenSeconds } from "../contract/assumptions";
import { conflict, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { flag, integer, listOfIds, text } from "../server/fields";
import { operation } from "../server/operation";
import { documentsOf, saveDocument } from "../state/data-owners";
import type { HealthcareParty } from "../contract/model";
import type { State } from "../state/state";
import { digest } from "../state/store";
import { saveUser } from "../state/users";
import { manageable, readableGroup } from "./access";
import { healthcarePartyInput, type HealthcarePartyInput } from "./data-owner-fields";
import { createHealthcareParty, healthcarePartyFields, modifyDataOwner } from "./data-owner-rules";
import { matchHealthcareParties, partyFilter } from "./match-healthcare-parties";
import { pageOf } from "./pages";
import { createUser } from "./user-rules";

const withRevision = z.object({ rev: text });
const revisionOptional = z.object({ rev: text.optional() });
const many = z.array(healthcarePartyInput);
const idsAndRevisions = z.object({ ids: z.array(z.object({ id: z.string(), rev: z.string().optional() })) });
const paging = z.object({ startDocumentId: text.optional(), limit: integer.optional() });

/** Within the caller's own group, and within a named one. Fixed words come before `:id`. */
const forms = ["/hcparty", "/hcparty/inGroup/:groupId"] as const;

type Place = { groupId?: string };

export const healthcareParties = [
  operation({ method: "GET", path: "/hcparty/current" }, (state, _input, caller) =>
    partyById(state, caller, {}, caller.record.user.healthcarePartyId ?? "of the current user"),
  ),
  operation({ method: "GET", path: "/hcparty", query: paging }, (state, { query }, caller) =>
    pageOf(
      liveParties(state, caller, {}, query.startDocumentId),
      query.limit,
      ({ id }) => id,
      (party) => party,
    ),
  ),
  operation({ method: "GET", path: "/hcparty/:id/children" }, (state, { path }, caller) =>
    liveParties(state, caller, {}).filter(({ parentId }) => parentId === path.id),
  ),
  operation({ method: "POST", path: "/hcparty/delete/batch", body: listOfIds }, (state, { body }, caller) =>
    body.ids.map((id) => softDeleteParty(state, caller, {}, id)),
  ),
  operation(
    { method: "POST", path: "/hcparty/delete/batch/withrev", body: idsAndRevisions },
    (state, { body }, caller) => body.ids.map(({ id, rev }) => softDeleteParty(state, caller, {}, id, rev)),
  ),
  operation(
    { method: "POST", path: "/hcparty/inGroup/:groupId/delete/batch", body: idsAndRevisions },
    (state, { path, body }, caller) =>
      body.ids.map(({ id, rev }) => softDeleteParty(state, caller, path, id, rev)),
  ),
  operation(
    {
      method: "POST",
      path: "/hcparty/register/inGroup/:groupId",
      query: z.object({
        parentHcPartyId: text.optional(),
        token: text.optional(),
        useShortToken: flag.default(false),
      }),
      body: healthcarePartyInput,
    },
    (state, { path, query, body }, caller) => {
      manageable(state, caller, path.groupId);
      const parentId = query.parentHcPartyId ?? body.parentId;
      if (parentId !== undefined) {
        partyById(state, caller, path, parentId);
      }
      const party = createHealthcareParty(state, path.groupId, { ...body, parentId });
      const email = telecomOf(body, "email");
      const mobilePhone = telecomOf(body, "mobile");
      const name =
        body.name ?? [body.firstName, body.lastName].filter((part) => part !== undefined).join(" ");
      const { user, ...record } = createUser(
        state,
        path.groupId,
        { healthcarePartyId: party.id, name, email, mobilePhone },
        { isAdmin: false },
      );
      const token = query.token ?? randomUUID();
      const validity = query.useShortToken ? shortTokenSeconds : -1;
      const kept = { token: digest(token), creationTime: state.now(), validity };
      saveUser(state.store, { ...record, user: { ...user, authenticationTokens: { registration: kept } } });
      return { userLogin: `${path.groupId}/${user.id}`, userId: user.id, token };
    },
  ),
  ...forms.flatMap((form) => [
    operation(
      { method: "POST", path: `${form}/byIds`, body: listOfIds, reads: true },
      (state, { path, body }, caller) => {
        const all = new Map(liveParties(state, caller, path).map((party) => [party.id, party]));
        return body.ids.map((id) => all.get(id)).filter((party) => party !== undefined);
      },
    ),
    operation(
      { method: "POST", path: `${form}/match`, body: partyFilter, reads: true },
      (state, { path, body }, caller) => [...matchHealthcareParties(liveParties(state, caller, path), body)],
    ),
    operation({ method: "POST", path: `${form}/batch`, body: many }, (state, { path, body }, caller) =>
      body.map((party) => addParty(state, caller, path, party)),
    ),
    operation({ method: "PUT", path: `${form}/batch`, body: many }, (state, { path, body }, caller) =>
      body.map((party) => modifyParty(state, caller, path, party)),
    ),
    operation(
      { method: "POST", path: `${form}/undelete/:id`, query: withRevision },
      (state, { path, query }, caller) => {
        const { party, groupId } = changeableParty(state, caller, path, path.id, query.rev);
        return saveDocument(state.store.healthcareParties, groupId, { ...party, deletionDate: undefined });
      },
    ),
    operation(
      { method: "DELETE", path: `${form}/purge/:id`, query: withRevision },
      (state, { path, query }, caller) => {
        const { party, groupId } = changeableParty(state, caller, path, path.id, query.rev);
        state.store.healthcareParties.remove([groupId, party.id]);
        return { id: party.id, rev: party.rev };
      },
    ),
    operation({ method: "POST", path: form, body: healthcarePartyInput }, (state, { path, body }, caller) =>
      addParty(state, caller, path, body),
    ),
    operation({ method: "PUT", path: form, body: healthcarePartyInput }, (state, { path, body }, caller) =>
      modifyParty(state, caller, path, body),
    ),
    operation({ method: "GET", path: `${form}/:id` }, (state, { path }, caller) =>
      partyById(state, caller, path, path.id),
    ),
    operation(
      { method: "DELETE", path: `${form}/:id`, query: revisionOptional },
      (state, { path, query }, caller) => softDeleteParty(state, caller, path, path.id, query.rev),
    ),
  ]),
  operation(
    { method: "DELETE", path: "/hcparty/:id/inGroup/:groupId", query: revisionOptional },
    (state, { path, query }, caller) => softDeleteParty(state, caller, path, path.id, query.rev),
  ),
];

function telecomOf({ addresses = [] }: HealthcarePartyInput, type: "email" | "mobile"): string | undefined {
  const telecoms = addresses.flatMap(({ telecoms = [] }) => telecoms);
  const number = telecoms.find(({ telecomType }) => telecomType === type)?.telecomNumber;
  return typeof number === "string" ? number : undefined;
}

/** Every user of a group may read its healthcare parties. */
function liveParties(state: State, caller: Caller, { groupId = caller.groupId }: Place, start?: string) {
  readableGroup(state, caller, groupId);
  return [...documentsOf(state.store.healthcareParties, groupId, start)].filter(
    ({ deletionDate }) => deletionDate === undefined,
  );
}

const absent = (id: string, groupId: string) =>
  notFound(`There is no healthcare party ${id} in the group ${groupId}.`);

/** A deleted one can be read by its id, with its `deletionDate`, where the assumptions have it so for groups. */
function partyById(state: State, caller: Caller, { groupId = caller.groupId }: Place, id: string) {
  readableGroup(state, caller, groupId);
  const party = state.store.healthcareParties.get([groupId, id]);
  const shown = party?.deletionDate === undefined || state.settings.assumptions.deletedGroup === "tombstone";
  if (party === undefined || !shown) {
    throw absent(id, groupId);
  }
  return party;
}

function addParty(
  state: State,
  caller: Caller,
  { groupId = caller.groupId }: Place,
  input: HealthcarePartyInput,
) {
  manageable(state, caller, groupId);
  return createHealthcareParty(state, groupId, input);
}

function modifyParty(state: State, caller: Caller, place: Place, input: HealthcarePartyInput) {
  const { party, groupId } = changeableParty(state, caller, place, input.id);
  if (party.deletionDate !== undefined) {
    throw absent(input.id, groupId);
  }
  return modifyDataOwner(state.store.healthcareParties, groupId, party, {
    ...healthcarePartyFields(input),
    rev: input.rev,
  });
}

function softDeleteParty(state: State, caller: Caller, place: Place, id: string, rev?: string) {
  const { party, groupId } = changeableParty(state, caller, place, id, rev);
  if (party.deletionDate !== undefined) {
    throw absent(id, groupId);
  }
  const buried = { ...party, deletionDate: state.now() };
  const saved = saveDocument<HealthcareParty>(state.store.healthcareParties, groupId, buried);
  return { id, rev: saved.rev };
}

/** For administrators of the group, and for the healthcare party itself. */
function changeableParty(
  state: State,
  caller: Caller,
  { groupId = caller.groupId }: Place,
  id: string,
  revision?: string,
) {
  const itself = groupId === caller.groupId && id === caller.record.user.healthcarePartyId;
  if (!itself) {
    manageable(state, caller, groupId);
  }
  const party = state.store.healthcareParties.get([groupId, id]);
  if (party === undefined) {
    throw absent(id, groupId);
  }
  if (revision !== undefined && revision !== party.rev) {
    throw conflict(`The healthcare party ${id} was changed since revision ${revision}.`);
  }
  return { party, groupId };
}
