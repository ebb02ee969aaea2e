import * as cockpit from "@pulumi-cockpit/cockpit";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
// Whether solutions and databases may be replaced or deleted; protected unless said otherwise.
const deletionProtection = config.getBoolean("protected");

const petra = new cockpit.Solution("petra", {
  name: "Petra",
  applicationId: "com.petra.app",
  properties: { tier: "production" },
  deletionProtection,
});
const france = new cockpit.Database("france", {
  name: "Petra France",
  solutionId: petra.id,
  deletionProtection,
});

// What the wizard of Cockpit makes, in one component.
const clinic = new cockpit.OnboardedSolution("clinic", {
  solution: { name: "Clinic", deletionProtection },
  database: { name: "Clinic Belgium", deletionProtection },
  organisation: { name: "Clinic Corp", email: "care@clinic.example", token: { expiresIn: "90d" } },
});

const lookedUp = cockpit.getDatabaseOutput({ id: france.id });

export const databaseId = france.id;
export const solutionOfDatabase = lookedUp.solutionId;
export const organisationId = clinic.variables.apply((variables) => variables["PARENT_ORGANISATION_ID"]);
