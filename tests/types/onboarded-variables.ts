/** Judged by the compiler alone: a misspelt variable is an error, and what the arguments don't promise may be missing. */
import type { Output } from "@pulumi/pulumi";
import { OnboardedSolution, writeEnvFile, type OnboardedSolutionArgs } from "pulumi-cockpit";

const petra = new OnboardedSolution("petra", {
  database: {},
  processes: { "patient-registration": {}, login: { sms: {} }, late_reminders: {} },
});

export const specId: Output<string> = petra.variables.EXTERNAL_SERVICES_SPEC_ID;
export const possible: (Output<string> | undefined)[] = [
  petra.variables.PARENT_ORGANISATION_ID,
  petra.variables.PARENT_ORGANISATION_TOKEN,
  petra.variables.KERBERUS_SITE_KEY,
  petra.variables.EMAIL_AUTHENTICATION_PROCESS_ID,
  petra.variables.PATIENT_REGISTRATION_EMAIL_AUTHENTICATION_PROCESS_ID,
  petra.variables.LOGIN_SMS_AUTHENTICATION_PROCESS_ID,
  petra.variables.LATE_REMINDERS_EMAIL_AUTHENTICATION_PROCESS_ID,
];
export const processId: Output<string> = petra.processes.login.id;

export const impossible = [
  // @ts-expect-error: no such variable
  petra.variables.EXTERNAL_SERVICE_SPEC_ID,
  // @ts-expect-error: no such channel
  petra.variables.MAIL_AUTHENTICATION_PROCESS_ID,
  // @ts-expect-error: no such process
  petra.variables.LOG_IN_EMAIL_AUTHENTICATION_PROCESS_ID,
  // @ts-expect-error: no such process
  petra.processes.log_in,
];
// @ts-expect-error: the arguments may give no organisation
export const organisationId: Output<string> = petra.variables.PARENT_ORGANISATION_ID;

writeEnvFile(".env", petra.variables);
writeEnvFile(".env", { ID: "1", ...petra.variables });
const { KERBERUS_SITE_KEY, ...others } = petra.variables;
writeEnvFile(".env", { ...others, CAPTCHA: KERBERUS_SITE_KEY });

declare const args: OnboardedSolutionArgs;
const some: OnboardedSolution = new OnboardedSolution("some", args);
export const ofSome = [some.variables.REMINDERS_EMAIL_AUTHENTICATION_PROCESS_ID, some.processes.reminders];
// @ts-expect-error: no such variable, whatever the processes
void some.variables.EXTERNAL_SERVICES_SPECID;
export const anyOnboarded: OnboardedSolution = petra;
