export { Cockpit } from "./cockpit";
export { ApiError, type ApiErrorCode, ifSupported, ifVisible, isApiError } from "./errors";
export type { Groups } from "./groups";
export { Gateway, isAsSent } from "./message-gateway";
export {
  type CaptchaSiteKeys,
  type CreateProcessRequest,
  type LabelledSpec,
  type Process,
  type ProcessChange,
  type ProcessTemplate,
  type ProcessTexts,
  SECRET_FIELDS,
  type Spec,
  type Workflow,
  WORKFLOWS,
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
export type { NewUser, TokenFacts, TokenLife, User, Users } from "./users";
export type { EnvironmentAccess, Group, GroupKind, OperationToken } from "./wire";
