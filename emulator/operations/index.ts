import type { Operation } from "../server/operation";
import { auth } from "./auth";
import { changeGroups } from "./changeGroups";
import { configureGroups } from "./configureGroups";
import { createGroups } from "./createGroups";
import { dataOwners } from "./dataOwners";
import { deleteGroups } from "./deleteGroups";
import { exchangeData } from "./exchangeData";
import { healthcareParties } from "./healthcareParties";
import { matchGroups } from "./matchGroups";
import { patients } from "./patients";
import { readGroups } from "./readGroups";
import { registration } from "./registration";
import { roles } from "./roles";
import { storage } from "./storage";
import { system } from "./system";
import { transferGroups } from "./transferGroups";
import { users } from "./users";
import { userSecrets } from "./userSecrets";

/** In the order of routing: what has a fixed word where another has `:id` comes first. */
export const operations: readonly Operation[] = [
  ...system,
  ...auth,
  ...registration,
  ...matchGroups,
  ...transferGroups,
  ...storage,
  ...configureGroups,
  ...deleteGroups,
  ...changeGroups,
  ...readGroups,
  ...createGroups,
  ...userSecrets,
  ...users,
  ...healthcareParties,
  ...patients,
  ...dataOwners,
  ...exchangeData,
  ...roles,
];
