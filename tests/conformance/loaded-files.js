// @ts-check
/** Preloaded into a process with a channel: tells on each message which files are loaded. */
"use strict";

process.on("message", () => process.send?.(Object.keys(require.cache)));
