// @ts-check
/** The engine's own floor: as many resources, with nobody behind them. */
"use strict";

const pulumi = require("@pulumi/pulumi");

for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  new pulumi.ComponentResource("bench:index:Component", `database-${index}`);
}
