// @ts-check
/** The same databases by the plugin, in the fewest words that a generated SDK would send. */
"use strict";

const pulumi = require("@pulumi/pulumi");

class Resource extends pulumi.CustomResource {
  /** @param {string} type @param {string} name @param {pulumi.Inputs} inputs */
  constructor(type, name, inputs) {
    super(`cockpit:index:${type}`, name, inputs);
  }
}

const solution = new Resource("Solution", "solution", {
  cluster: "europe-west-02",
  deletionProtection: false,
});
for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  new Resource("Database", `database-${index}`, {
    solutionId: solution.id,
    cluster: "europe-west-02",
    deletionProtection: false,
  });
}
