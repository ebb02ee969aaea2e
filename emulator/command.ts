#!/usr/bin/env node
import { parseArgs } from "node:util";
import { StartupError } from "./contract/errors";
import { byId, execute, variablesOf } from "./execute";
import { startEmulator, type Emulator } from "./index";
import { onLauncherGone } from "./launcher";
import { escapeControls } from "./printable";

const help = `cockpit-emulator: an embedded Cockpit for development and tests

Usage: cockpit-emulator [options]
       cockpit-emulator exec [options] -- COMMAND [ARGUMENTS]

  exec runs a command with an emulator of its own, whose address and login it finds in COCKPIT_URL,
  COCKPIT_GATEWAY_URL, COCKPIT_USERNAME and COCKPIT_PASSWORD, and ends with the command's exit code.

  --port N               the port to listen on; 0 for any free one (default 4950; with exec 0)
  --data DIR             the folder that keeps the state (default .cockpit-emulator; with exec none)
  --host HOST            the address to listen on (default 127.0.0.1, this machine only)
  --seed FILE            a JSON file with the environments, clusters and token lifetimes to begin with
  --allow-origin ORIGIN  web pages that may use it besides those of this machine; may be repeated
  --allow-host NAME      a name with a dot by which it is reached; may be repeated
  --help                 this text
`;

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const separator = given.indexOf("--");
  const [own, command] =
    separator === -1 ? [given, []] : [given.slice(0, separator), given.slice(separator + 1)];
  const { values, positionals } = readArguments(own);
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const executes = positionals[0] === "exec";
  if (positionals.length > (executes ? 1 : 0) || executes !== command.length > 0) {
    throw new StartupError(
      `${executes ? "exec takes a command after --, such as: cockpit-emulator exec -- npm test" : `"${[...positionals, ...command].join(" ")}" is not understood`}.\n\n${help}`,
    );
  }
  const data = values.data ?? (executes ? undefined : ".cockpit-emulator");
  const emulator = await startEmulator({
    port: readPort(values.port ?? (executes ? "0" : "4950")),
    host: values.host,
    ...(data !== undefined && { data }),
    ...(values.seed !== undefined && { seed: values.seed }),
    allowedHosts: values["allow-host"],
    allowedOrigins: values["allow-origin"],
    // A kill as it comes from outside: nothing is tidied up.
    kill: () => process.kill(process.pid, "SIGKILL"),
  });
  if (executes) {
    onLauncherGone(() => process.kill(process.pid, "SIGTERM"));
    try {
      process.exitCode = await execute(command, variablesOf(emulator, process.env));
    } finally {
      await emulator.close();
    }
    return;
  }
  const stop = () => void emulator.close().then(() => process.exit(0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, stop);
  }
  onLauncherGone(stop);
  process.stdout.write(escapeControls(startupMessage(emulator, data ?? "")));
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: "string" },
        data: { type: "string" },
        host: { type: "string", default: "127.0.0.1" },
        seed: { type: "string" },
        "allow-origin": { type: "string", multiple: true, default: [] },
        "allow-host": { type: "string", multiple: true, default: [] },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${help}`);
  }
}
function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new StartupError(`--port takes a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

const startupMessage = (
  { url, gatewayUrl, username, password, environmentId, environments }: Emulator,
  data: string,
) => `Cockpit emulator at ${url}, its state in ${data}
Message gateway at ${gatewayUrl}

Environment ${environmentId}. To use it in a Pulumi stack:
  pulumi config set cockpit:url ${url}
  pulumi config set cockpit:gatewayUrl ${gatewayUrl}
  pulumi config set cockpit:username ${username}
  pulumi config set --secret cockpit:password ${password}
or in the shell:
  export COCKPIT_URL=${url}
  export COCKPIT_GATEWAY_URL=${gatewayUrl}
  export COCKPIT_USERNAME=${username}
  export COCKPIT_PASSWORD=${password}
${severalEnvironments(environments)}
ready
`;

const severalEnvironments = (environments: Emulator["environments"]) =>
  environments.length < 2
    ? ""
    : `or all ${environments.length} environments, by their ids or any other keys:
  export COCKPIT_ENVIRONMENTS='${byId(environments)}'
`;

main().catch((error: unknown) => {
  const text = error instanceof StartupError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${escapeControls(text)}\n`);
  process.exitCode = 1;
});
