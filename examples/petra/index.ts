import { Config } from "@pulumi/pulumi";
import { Database, Solution } from "pulumi-cockpit";

const config = new Config();

// Patients and gynaecologists share data, so both work in one solution.
const petra = new Solution("petra", {
  name: "Petra",
  applicationId: "com.petra.app",
});

// Invoices need no medical data, so they are kept apart.
const invoicing = new Solution("petra-invoicing", {
  name: config.require("invoicingName"),
  applicationId: "com.petra.invoicing",
});

// Records stay where the patients are.
const france = new Database("petra-france", {
  name: "Petra France",
  solutionId: petra.id,
  cluster: "europe-west-02",
});

const belgium = new Database("petra-belgium", {
  name: "Petra Belgium",
  solutionId: petra.id,
  cluster: "europe-west-03",
  properties: { tier: "production", launched: { type: "date", value: "2026-01-31" } },
});

const invoices = new Database("petra-invoices", {
  name: "Invoices",
  solutionId: invoicing.id,
  cluster: "europe-west-02",
});

export const solutions = { petra: petra.id, invoicing: invoicing.id };
export const databases = { france: france.id, belgium: belgium.id, invoices: invoices.id };
export const specId = petra.specId;
