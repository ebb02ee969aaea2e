#!/usr/bin/env node
import { parseArgs } from "node:util";
import { StartupError } from "./errors";
import { startEmulator, type Emulator } from "./index";

const help = `cockpit-emulator: an embedded Cockpit for development and tests

Usage: cockpit-emulator [--port N] [--data DIR] [--host HOST] [--seed FILE]

  --port N     the port to listen on; 0 for any free one (default 4950)
  --data DIR   the folder that keeps the state (default .cockpit-emulator)
  --host HOST  the address to listen on (default 127.0.0.1, this machine only)
  --seed FILE  a JSON file with the environments, clusters and token lifetimes to begin with
  --help       this text
`;

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const emulator = await startEmulator({
    port: readPort(values.port),
    host: values.host,
    data: values.data,
    ...(values.seed !== undefined && { seed: values.seed }),
    // A kill as it comes from outside: nothing is tidied up.
    kill: () => process.kill(process.pid, "SIGKILL"),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void emulator.close().then(() => process.exit(0)));
  process.stdout.write(welcome(emulator, values.data));
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "4950" },
        data: { type: "string", default: ".cockpit-emulator" },
        host: { type: "string", default: "127.0.0.1" },
        seed: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${help}`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new StartupError(`--port takes a number from 0 to 65535, not "${text}".`);
  return port;
}

const welcome = (
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
  export COCKPIT_ENVIRONMENTS='${JSON.stringify(Object.fromEntries(environments.map((environment) => [environment.id, environment])))}'
`;

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof StartupError ? `${error.message}\n` : `${String((error as Error).stack ?? error)}\n`,
  );
  process.exitCode = 1;
});
