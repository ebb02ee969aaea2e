// @ts-check
/** As many dynamic resources whose provider does nothing: what the engine's host of dynamic providers takes for itself. */
"use strict";

const pulumi = require("@pulumi/pulumi");

const provider = `exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: "idle", outs: inputs }),
  read: async (id, props) => ({ id, props }),
  delete: async () => undefined,
})`;

class Idle extends pulumi.CustomResource {
  /** @param {string} name @param {pulumi.Inputs} inputs */
  constructor(name, inputs) {
    super("pulumi-nodejs:bench:Idle", name, { ...inputs, __provider: provider });
  }
}

const parent = new Idle("solution", {});
for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  new Idle(`database-${index}`, { parent: parent.id });
}
