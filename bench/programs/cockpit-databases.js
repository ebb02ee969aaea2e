// @ts-check
/** The same databases by pulumi-cockpit. */
"use strict";

const { Database, Solution } = require("pulumi-cockpit");

const solution = new Solution("solution", { cluster: "europe-west-02", deletionProtection: false });
for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  new Database(`database-${index}`, {
    solutionId: solution.id,
    cluster: "europe-west-02",
    deletionProtection: false,
  });
}
