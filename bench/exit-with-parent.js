// @ts-check
/** Preloaded into a forked process: a killed bench leaves nothing running. */
"use strict";

process.on("disconnect", () => process.exit(1));
