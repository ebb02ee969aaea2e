/** The plugin as a process: the engine starts it and reads its port, which is all that may be on the standard output. */
import {
  engineAddress,
  keepSpaceForNewObjectsSmall,
  leaveWebAssemblyUnoptimised,
  onEngineGone,
} from "../host/engine";
import { servePlugin } from "./server";

const address = engineAddress();
if (address) {
  onEngineGone(address, () => process.exit(1));
}

leaveWebAssemblyUnoptimised();
keepSpaceForNewObjectsSmall();

servePlugin().then(
  ({ port }) => process.stdout.write(`${port}\n`),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
