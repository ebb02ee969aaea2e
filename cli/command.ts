#!/usr/bin/env node
/** The executable `pulumi-cockpit`: what a team does around `pulumi`. */
import { line } from "./summary/escape";
import { runSummary, summaryUsage } from "./summary/command";

/** Loaded when it is asked for: the provider is behind it. */
const adopt = () => import("./adopt/command.js");
const confirm = () => import("./confirm/command.js");

const usage = async () => `Usage: pulumi-cockpit <command>

${summaryUsage}

${(await confirm()).confirmUsage}

${(await adopt()).adoptUsage}
`;

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "summary":
      return runSummary(args);
    case "confirm":
      return (await confirm()).runConfirm(args, process.env);
    case "adopt":
      return (await adopt()).runAdopt(args, process.env);
    case undefined:
    case "help":
    case "--help":
      process.stdout.write(await usage());
      return 0;
    default:
      process.stderr.write(
        `pulumi-cockpit: there is no command ${JSON.stringify(command)}.\n\n${await usage()}`,
      );
      return 2;
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`pulumi-cockpit: ${line(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = 2;
  },
);
