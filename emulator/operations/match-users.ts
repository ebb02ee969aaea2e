import { z } from "zod";
import type { User } from "../contract/model";

export const userFilter = z.discriminatedUnion("$type", [
  z.object({ $type: z.literal("AllUsersFilter") }),
  z.object({ $type: z.literal("UserByIdsFilter"), ids: z.array(z.string()) }),
  z.object({ $type: z.literal("UserByNameEmailPhoneFilter"), searchString: z.string() }),
  z.object({ $type: z.literal("UserByHealthcarePartyIdFilter"), healthcarePartyId: z.string() }),
  z.object({ $type: z.literal("UsersByPatientIdFilter"), patientId: z.string() }),
]);

export function matchesFilter(user: User, filter: z.output<typeof userFilter>): boolean {
  switch (filter.$type) {
    case "AllUsersFilter":
      return true;
    case "UserByIdsFilter":
      return filter.ids.includes(user.id);
    case "UserByNameEmailPhoneFilter":
      return [user.name, user.email, user.mobilePhone].some((text) => contains(text, filter.searchString));
    case "UserByHealthcarePartyIdFilter":
      return user.healthcarePartyId === filter.healthcarePartyId;
    case "UsersByPatientIdFilter":
      return user.patientId === filter.patientId;
  }
}

/** Published as a free-text search; how the server's index cuts words is not. */
const contains = (text: string | undefined, part: string) =>
  text?.toLowerCase().includes(part.trim().toLowerCase()) === true;
