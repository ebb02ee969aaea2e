export {
  CockpitError,
  type CockpitErrorFacts,
  isCockpitError,
  messageOf,
  sentence,
  textOf,
  type ToType,
  withCode,
  within,
} from "./cockpit-error";
export { type ErrorCode, type ErrorDescription, errorCodes } from "./codes";
