import type { Operation } from "../server/operation";
import { auth } from "./auth";
import { changeGroups } from "./change-groups";
import { configureGroups } from "./configure-groups";
import { createGroups } from "./create-groups";
import { dataOwners } from "./data-owners";
import { deleteGroups } from "./delete-groups";
import { devices } from "./devices";
import { exchangeData } from "./exchange-data";
import { healthcareParties } from "./healthcare-parties";
import { matchGroups } from "./match-groups";
import { patients } from "./patients";
import { readGroups } from "./read-groups";
import { recoveryData } from "./recovery-data";
import { registration } from "./registration";
import { roles } from "./roles";
import { storage } from "./storage";
import { system } from "./system";
import { transferGroups } from "./transfer-groups";
import { users } from "./users";
import { userSecrets } from "./user-secrets";

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
  ...devices,
  ...dataOwners,
  ...exchangeData,
  ...recoveryData,
  ...roles,
];
