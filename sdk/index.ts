// First of all: what follows may need what an old Node.js lacks.
import "./node-version";
export type { PropertyInputs, PropertyValue, PropertyValues, TypedPropertyValue } from "./custom-properties";
export { writeEnvFile } from "./env-file";
export * from "./generated";
export {
  OnboardedSolution,
  type OnboardedOrganisationArgs,
  type OnboardedProcessArgs,
  type OnboardedSolutionArgs,
  type OnboardedTokenArgs,
  type OnboardedVariables,
  type StepOptions,
} from "./onboarded-solution";
export type { LookUpInputs } from "./look-up";
export { AmbiguousError, NotFoundError } from "./look-up-errors";
