export { isAsSent } from "./create-process";
export { Gateway, gatewayRemedies } from "./gateway";
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
} from "./types";
