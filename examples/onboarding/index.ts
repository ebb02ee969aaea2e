import { readFileSync } from "node:fs";
import { Config } from "@pulumi/pulumi";
import { OnboardedSolution, type ExternalServicesArgs } from "pulumi-cockpit";

const config = new Config();
const publicKey = config.get("organisationPublicKey");

/** A mail server of one's own where there is one; else Cockpit's demo set-up. */
function externalServices(): ExternalServicesArgs {
  const host = config.get("smtpHost");
  if (!host) {
    return { demo: true };
  }
  return {
    sender: { email: "hello@petra.example" },
    captcha: { type: "kerberus" },
    email: {
      type: "smtp",
      host,
      port: config.requireNumber("smtpPort"),
      user: config.require("smtpUser"),
      password: config.requireSecret("smtpPassword"),
    },
  };
}

const petra = new OnboardedSolution("petra", {
  solution: { name: "Petra", applicationId: "com.petra.app" },
  database: { name: "Petra France", cluster: "europe-west-02" },
  // Its key pair is created by `node make-keys.mjs`; what that prints may be declared, so that its loss is noticed.
  organisation: {
    name: "Petra Corp",
    email: "care@petra.example",
    ...(publicKey ? { publicKey } : {}),
    token: { expiresIn: "90d" },
  },
  externalServices: externalServices(),
  processes: {
    "patient-registration": {
      name: "Patients by e-mail",
      email: {
        subject: "{{it.validationCode}} is your code for Petra",
        body: readFileSync("registration-email.html", "utf8"),
      },
    },
    "healthcare-party-registration": { name: "Doctors by e-mail", email: {} },
    login: { name: "Login by e-mail" },
  },
});

// For an app's .env: pulumi stack output --shell
export const {
  EXTERNAL_SERVICES_SPEC_ID,
  PARENT_ORGANISATION_ID,
  PARENT_ORGANISATION_USERNAME,
  PARENT_ORGANISATION_TOKEN,
  EMAIL_AUTHENTICATION_PROCESS_ID,
  HEALTHCARE_PARTY_REGISTRATION_EMAIL_AUTHENTICATION_PROCESS_ID,
  LOGIN_EMAIL_AUTHENTICATION_PROCESS_ID,
  KERBERUS_SITE_KEY,
} = petra.variables;
