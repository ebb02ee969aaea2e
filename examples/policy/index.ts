import { PolicyPack } from "@pulumi/policy";
import { allowedClusters, noDemoInProduction, protectedInProduction } from "./production";
import { administratorsByDomain, roleLimits, tokenLifetime } from "./people";

/** Of both forms of the provider: a team copies this folder, and says in a configuration what it allows. */
new PolicyPack("cockpit", {
  enforcementLevel: "mandatory",
  policies: [
    allowedClusters,
    protectedInProduction,
    noDemoInProduction,
    administratorsByDomain,
    tokenLifetime,
    roleLimits,
  ],
});
