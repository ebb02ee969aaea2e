export type { PropertyInputs, PropertyValue, PropertyValues, TypedPropertyValue } from "./custom-properties";
export { AccessToken, type AccessTokenArgs } from "./access-token";
export { Administrator, type AdministratorArgs } from "./administrator";
export { AuthenticationProcess, type AuthenticationProcessArgs } from "./authentication-process";
export { Database, type DatabaseArgs } from "./database";
export { ExternalServices, type ExternalServicesArgs } from "./external-services";
export { writeEnvFile } from "./env-file";
export {
  OnboardedSolution,
  type OnboardedOrganisationArgs,
  type OnboardedProcessArgs,
  type OnboardedSolutionArgs,
} from "./onboarded-solution";
export { IndexUpdate, type IndexUpdateArgs } from "./index-update";
export { ParentOrganisation, type ParentOrganisationArgs } from "./parent-organisation";
export { Solution, type SolutionArgs } from "./solution";
export { TransferToken, type TransferTokenArgs } from "./transfer-token";
