// First of all: what follows may need what an old Node.js lacks.
import "./node-version";
export type { PropertyInputs, PropertyValue, PropertyValues, TypedPropertyValue } from "./custom-properties";
export { AccessToken, type AccessTokenArgs } from "./access-token";
export { Administrator, type AdministratorArgs } from "./administrator";
export { AuthenticationProcess, type AuthenticationProcessArgs } from "./authentication-process";
export { Database, type DatabaseArgs } from "./database";
export { DefaultRoles, type DefaultRolesArgs } from "./default-roles";
export { ExternalJwt, type ExternalJwtArgs } from "./external-jwt";
export { ExternalServices, type ExternalServicesArgs } from "./external-services";
export { writeEnvFile } from "./env-file";
export {
  OnboardedSolution,
  type OnboardedOrganisationArgs,
  type OnboardedProcessArgs,
  type OnboardedSolutionArgs,
  type OnboardedTokenArgs,
  type OnboardedVariables,
  type StepOptions,
} from "./onboarded-solution";
export { IndexUpdate, type IndexUpdateArgs } from "./index-update";
export { ParentOrganisation, type ParentOrganisationArgs } from "./parent-organisation";
export { Role, type RoleArgs } from "./role";
export { Solution, type SolutionArgs } from "./solution";
export { TransferToken, type TransferTokenArgs } from "./transfer-token";
export { User, type UserArgs } from "./user";
export { getClusters, getClustersOutput, type GetClustersArgs, type GetClustersResult } from "./get-clusters";
export {
  getDatabase,
  getDatabaseOutput,
  type GetDatabaseArgs,
  type GetDatabaseByIdArgs,
  type GetDatabaseByNameArgs,
  type GetDatabaseResult,
} from "./get-database";
export {
  getDatabases,
  getDatabasesOutput,
  type GetDatabasesArgs,
  type GetDatabasesResult,
} from "./get-databases";
export { getEnvironments, getEnvironmentsOutput, type GetEnvironmentsResult } from "./get-environments";
export {
  getExternalServices,
  getExternalServicesOutput,
  type GetExternalServicesArgs,
  type GetExternalServicesResult,
} from "./get-external-services";
export { getPermissions, getPermissionsOutput, type GetPermissionsResult } from "./get-permissions";
export { getPlan, getPlanOutput, type GetPlanArgs, type GetPlanResult } from "./get-plan";
export { getRoles, getRolesOutput, type GetRolesArgs, type GetRolesResult } from "./get-roles";
export {
  getSolution,
  getSolutionOutput,
  type GetSolutionArgs,
  type GetSolutionByIdArgs,
  type GetSolutionByNameArgs,
  type GetSolutionResult,
} from "./get-solution";
export {
  getSolutions,
  getSolutionsOutput,
  type GetSolutionsArgs,
  type GetSolutionsResult,
} from "./get-solutions";
export { getStorage, getStorageOutput, type GetStorageArgs, type GetStorageResult } from "./get-storage";
export {
  getUser,
  getUserOutput,
  type GetUserArgs,
  type GetUserByEmailArgs,
  type GetUserByIdArgs,
  type GetUserResult,
} from "./get-user";
export { getUsers, getUsersOutput, type GetUsersArgs, type GetUsersResult } from "./get-users";
export type { LookUpInputs } from "./look-up";
export { AmbiguousError, NotFoundError } from "./look-up-errors";
