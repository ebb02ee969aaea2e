import { ProgramError } from "./program-error";

const minVersion = [20, 18, 1];

/** On an older one the first call of something that it lacks would fail with a stack and no word about the reason. */
export function refuseOldNode(version = process.versions.node): void {
  const parts = version.split(".").map((part) => parseInt(part, 10));
  const different = minVersion.findIndex((part, index) => parts[index] !== part);
  if (different !== -1 && Number(parts[different]) < Number(minVersion[different])) {
    throw new ProgramError(
      "node-too-old",
      `pulumi-cockpit needs Node.js ${minVersion.join(".")} or newer, and this program runs on ${version}. Install a newer one, then run npm install again.`,
    );
  }
}

refuseOldNode();
