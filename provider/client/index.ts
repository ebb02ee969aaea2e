export { Cockpit, type CockpitOptions, type ConnectionSettings } from "./cockpit";
export { ApiError, type ApiErrorCode, ifSupported, ifVisible, isApiError, withRemark } from "./errors";
export type { CreatedGroup, CreateGroupRequest, Groups } from "./groups";
export { isAsSent } from "./message-gateway";
export { Gateway, gatewayRemedies } from "./message-gateway";
export {
  type Captcha,
  type CaptchaSiteKeys,
  type CreatedProcess,
  type CreatedSpec,
  type CreateProcessRequest,
  type EmailService,
  type LabelledSpec,
  type Process,
  type ProcessChange,
  type ProcessTemplate,
  type ProcessTexts,
  SECRET_FIELDS,
  type Sender,
  type Shown,
  type SmsService,
  type Spec,
  type SpecSettings,
  type Workflow,
  WORKFLOWS,
} from "./gateway-types";
export type {
  Address,
  CodeStub,
  CreatedHealthcareParty,
  HealthcareParties,
  HealthcareParty,
  HealthcarePartyFields,
  NewHealthcareParty,
  Telecom,
} from "./healthcare-parties";
export { segmentProblem } from "./path";
export {
  type CustomProperty,
  type CustomPropertyType,
  type PropertyStub,
  readCustomProperty,
  writeCustomProperty,
} from "./properties";
export {
  type DefaultRoles,
  isBuiltin,
  isSameSet,
  type Role,
  roleIdOf,
  type Roles,
  type UserType,
  userTypes,
} from "./roles";
export type { Clock } from "./retry";
export type {
  Account,
  CreatedUser,
  LoginIdentifier,
  NewUser,
  TokenFacts,
  TokenLife,
  User,
  UserFields,
  Users,
} from "./users";
export { authenticationClasses } from "./wire";
export type { EnvironmentAccess, ExternalJwt, Group, GroupKind, OperationToken } from "./wire";
