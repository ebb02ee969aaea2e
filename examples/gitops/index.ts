import { Config } from "@pulumi/pulumi";
import { Database, Solution } from "pulumi-cockpit";

/** What Cockpit calls each database, and the cluster that it is on: Pulumi.STACK.yaml has them. */
const databases = new Config().requireObject<Record<string, string>>("databases");

// Each stack has an account and an environment of its own, so the names may be the same.
const petra = new Solution("petra", { name: "Petra", applicationId: "com.petra.app" });

export const databaseIds = Object.fromEntries(
  Object.entries(databases).map(([country, cluster]) => {
    const database = new Database(`petra-${country.toLowerCase()}`, {
      name: `Petra ${country}`,
      solutionId: petra.id,
      cluster,
    });
    return [country, database.id];
  }),
);
