export { Cockpit } from "./cockpit";
export { ApiError, type ApiErrorCode, ifSupported, ifVisible, isApiError, withRemark } from "./errors";
export type { Groups } from "./groups";
export { isAsSent } from "./message-gateway";
export { Gateway } from "./message-gateway";
export {
  type CaptchaSiteKeys,
  type CreateProcessRequest,
  type LabelledSpec,
  type Process,
  type ProcessChange,
  type ProcessTemplate,
  type ProcessTexts,
  secretFields,
  type Spec,
  type Workflow,
  workflows,
} from "./gateway-types";
export type { HealthcareParty } from "./healthcare-parties";
export { segmentProblem } from "./path";
export {
  type CustomProperty,
  type CustomPropertyType,
  type PropertyStub,
  readCustomProperty,
  writeCustomProperty,
} from "./properties";
export { isBuiltin, isSameSet, type Role, roleIdOf, type UserType, userTypes } from "./roles";
export type { Clock } from "./retry";
export type { LoginIdentifier, NewUser, TokenFacts, TokenLife, User, UserFields, Users } from "./users";
export { authenticationClasses } from "./wire";
export type { EnvironmentAccess, ExternalJwt, Group, GroupKind, OperationToken } from "./wire";
