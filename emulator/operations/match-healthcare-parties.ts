import { z } from "zod";
import type { HealthcareParty } from "../contract/model";

interface Identifier {
  system?: string | undefined;
  value?: string | undefined;
}

type Filter =
  | { $type: "AllHealthcarePartiesFilter" }
  | { $type: "HealthcarePartyByIdsFilter"; ids: string[] }
  | { $type: "HealthcarePartyByNameFilter"; name: string; descending?: boolean | undefined }
  | { $type: "HealthcarePartyByParentIdFilter"; parentId: string }
  | { $type: "HealthcarePartyByIdentifiersFilter"; identifiers: Identifier[] }
  | {
      $type: "HealthcarePartyByTagCodeFilter";
      tagType?: string | undefined;
      tagCode?: string | undefined;
      codeType?: string | undefined;
      codeCode?: string | undefined;
    }
  | { $type: "UnionFilter"; filters: Filter[] }
  | { $type: "IntersectionFilter"; filters: Filter[] }
  | { $type: "ComplementFilter"; superSet: Filter; subset: Filter };

export const partyFilter: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion("$type", [
    z.object({ $type: z.literal("AllHealthcarePartiesFilter") }),
    z.object({ $type: z.literal("HealthcarePartyByIdsFilter"), ids: z.array(z.string()) }),
    z.object({
      $type: z.literal("HealthcarePartyByNameFilter"),
      name: z.string(),
      descending: z.boolean().optional(),
    }),
    z.object({ $type: z.literal("HealthcarePartyByParentIdFilter"), parentId: z.string() }),
    z.object({
      $type: z.literal("HealthcarePartyByIdentifiersFilter"),
      identifiers: z.array(z.object({ system: z.string().optional(), value: z.string().optional() })),
    }),
    z.object({
      $type: z.literal("HealthcarePartyByTagCodeFilter"),
      tagType: z.string().optional(),
      tagCode: z.string().optional(),
      codeType: z.string().optional(),
      codeCode: z.string().optional(),
    }),
    z.object({ $type: z.literal("UnionFilter"), filters: z.array(partyFilter) }),
    z.object({ $type: z.literal("IntersectionFilter"), filters: z.array(partyFilter) }),
    z.object({ $type: z.literal("ComplementFilter"), superSet: partyFilter, subset: partyFilter }),
  ]),
);

export function matchHealthcareParties(parties: readonly HealthcareParty[], filter: Filter): Set<string> {
  const where = (fits: (party: HealthcareParty) => boolean) =>
    new Set(parties.filter(fits).map(({ id }) => id));
  switch (filter.$type) {
    case "AllHealthcarePartiesFilter":
      return where(() => true);
    case "HealthcarePartyByIdsFilter":
      return where(({ id }) => filter.ids.includes(id));
    case "HealthcarePartyByNameFilter":
      return where((party) => fullName(party).includes(normalizedName(filter.name)));
    case "HealthcarePartyByParentIdFilter":
      return where(({ parentId }) => parentId === filter.parentId);
    case "HealthcarePartyByIdentifiersFilter":
      return where(({ identifier }) =>
        filter.identifiers.some(({ system, value }) =>
          listOf<Identifier>(identifier).some((one) => one.system === system && one.value === value),
        ),
      );
    case "HealthcarePartyByTagCodeFilter": {
      const { tagType, tagCode, codeType, codeCode } = filter;
      return where(
        ({ tags, codes }) => hasStub(tags, tagType, tagCode) && hasStub(codes, codeType, codeCode),
      );
    }
    case "UnionFilter":
      return new Set(filter.filters.flatMap((each) => [...matchHealthcareParties(parties, each)]));
    case "IntersectionFilter": {
      const sets = filter.filters.map((each) => matchHealthcareParties(parties, each));
      return where(({ id }) => sets.every((set) => set.has(id)));
    }
    case "ComplementFilter": {
      const taken = matchHealthcareParties(parties, filter.subset);
      const all = matchHealthcareParties(parties, filter.superSet);
      return where(({ id }) => all.has(id) && !taken.has(id));
    }
  }
}

const listOf = <Item>(value: unknown) => (Array.isArray(value) ? (value as Item[]) : []);

/** A filter field that is not given matches everything. */
const hasStub = (stubs: unknown, type: string | undefined, code: string | undefined) =>
  (type === undefined && code === undefined) ||
  listOf<{ type?: string; code?: string }>(stubs).some(
    (stub) => (type === undefined || stub.type === type) && (code === undefined || stub.code === code),
  );

const fullName = ({ name, firstName, lastName }: HealthcareParty) =>
  normalizedName([name, lastName, firstName].filter((part) => typeof part === "string").join(" "));

/** Without accents, case and blanks, as the server's index has names. */
const normalizedName = (name: string) =>
  name
    .normalize("NFD")
    .replace(/[^\p{Letter}\p{Number}]/gu, "")
    .toLowerCase();
