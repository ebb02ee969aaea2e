import { Config } from "@pulumi/pulumi";
import { Database, OnboardedSolution, Solution } from "pulumi-cockpit";

const config = new Config();

// Patients and gynaecologists share data, so both work in one solution: all that Cockpit's wizard sets up for it.
const petra = new OnboardedSolution("petra", {
  solution: { name: "Petra", applicationId: "com.petra.app" },
  database: { name: "Petra France", cluster: "europe-west-02" },
  organisation: { name: "Petra Corp", email: "care@petra.example" },
  externalServices: { demo: true },
  processes: { "patient-registration": { name: "Patients by e-mail" } },
});

// Invoices need no medical data, so they are kept apart. Their readers get codes by the same external services.
const invoicing = new Solution(
  "petra-invoicing",
  { name: config.require("invoicingName"), applicationId: "com.petra.invoicing" },
  { dependsOn: petra.externalServices ?? [] },
);

// Records stay where the patients are.
const belgium = new Database("petra-belgium", {
  name: "Petra Belgium",
  solutionId: petra.solution.id,
  cluster: "europe-west-03",
  properties: { tier: "production", launched: { type: "date", value: "2026-01-31" } },
});

const invoices = new Database("petra-invoices", {
  name: "Invoices",
  solutionId: invoicing.id,
  cluster: "europe-west-02",
});

export const solutions = { petra: petra.solution.id, invoicing: invoicing.id };
export const databases = { france: petra.database.id, belgium: belgium.id, invoices: invoices.id };

// What the app needs: pulumi stack output --shell
export const {
  EXTERNAL_SERVICES_SPEC_ID,
  EMAIL_AUTHENTICATION_PROCESS_ID,
  PARENT_ORGANISATION_ID,
  KERBERUS_SITE_KEY,
} = petra.variables;
