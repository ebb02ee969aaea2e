import * as pulumi from "@pulumi/pulumi";
import { Database, Solution, TransferToken } from "pulumi-cockpit";

/** `pulumi config set environment target` and `pulumi up` transfer the solution. */
const environment = new pulumi.Config().require("environment");

/** A new token for each environment that the configuration names, used by the transfer to it. */
const entrance = new TransferToken("entrance", { environment });

const petra = new Solution("petra", {
  name: "Petra",
  applicationId: "com.petra.app",
  environment,
  transferToken: entrance.token,
});

new Database("petra-france", { name: "Petra France", solutionId: petra.id });
new Database("petra-belgium", { name: "Petra Belgium", solutionId: petra.id });

export const specId = petra.specId;
