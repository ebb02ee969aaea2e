import { ProgramError } from "./program-error";

const oldest = [20, 18, 1];

/** On an older one the first call of something that it lacks would fail with a stack and no word about the reason. */
export function refuseOldNode(version = process.versions.node): void {
  const parts = version.split(".").map((part) => parseInt(part, 10));
  const different = oldest.findIndex((part, index) => parts[index] !== part);
  if (different !== -1 && Number(parts[different]) < Number(oldest[different])) {
    throw new ProgramError(
      "node-too-old",
      `pulumi-cockpit needs Node.js ${oldest.join(".")} or newer, and this program runs on ${version}. Install a newer one, then run npm install again.`,
    );
  }
}

refuseOldNode();
