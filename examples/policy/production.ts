import { isProduction, productionStacks, rule } from "./rule";

/** Where records may lie. Without a list every cluster is allowed. */
export const allowedClusters = rule<{ clusters: string[] }>({
  name: "allowed-clusters",
  description: "Solutions and databases lie on clusters that the team allows, and say on which.",
  kinds: ["Solution", "Database"],
  settings: { clusters: { type: "array", items: { type: "string" }, default: [] } },
  violations: ({ type, props }, { clusters }) => {
    const cluster = props["cluster"] as string | undefined;
    if (clusters.length === 0 || (cluster !== undefined && clusters.includes(cluster))) {
      return [];
    }
    // A solution holds no records, so it may leave the choice to Cockpit.
    if (cluster === undefined && type.endsWith(":Solution")) {
      return [];
    }
    return [
      `${cluster === undefined ? "It says no cluster" : `The cluster ${cluster} is not allowed`}: set cluster to one of ${clusters.join(", ")}.`,
    ];
  },
});

export const protectedInProduction = rule<{ stacks: string[] }>({
  name: "protected-in-production",
  description:
    "In production, solutions and databases keep their protection, and their storage when they are deleted.",
  kinds: ["Solution", "Database"],
  settings: productionStacks,
  violations: ({ urn, props }, { stacks }) => {
    if (!isProduction(urn, stacks)) {
      return [];
    }
    return [
      ...(props["deletionProtection"] === false
        ? [
            "It is not protected: leave deletionProtection out, and type its name back where it really is to go.",
          ]
        : []),
      ...(props["hardDelete"] === true
        ? ["A deletion would remove its storage for good: leave hardDelete out."]
        : []),
    ];
  },
});

export const noDemoInProduction = rule<{ stacks: string[] }>({
  name: "no-demo-in-production",
  description: "In production, messages are sent by the team's own providers, not by Cockpit's demo set-up.",
  kinds: ["ExternalServices"],
  settings: productionStacks,
  violations: ({ urn, props }, { stacks }) =>
    isProduction(urn, stacks) && props["demo"] === true
      ? [
          "The demo set-up sends 200 e-mails and no SMS: give captcha, email and sms of your own instead of demo.",
        ]
      : [],
});
