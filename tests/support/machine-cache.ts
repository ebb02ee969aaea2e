import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const root = process.env["PULUMI_COCKPIT_CACHE"] ?? path.join(homedir(), ".cache", "pulumi-cockpit");

/**
 * What is created once for a machine, such as `python/NAME`. A run that is interrupted leaves nothing that the next one takes for whole.
 */
export async function cachedFolder(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(root, name);
  if (existsSync(folder)) {
    return folder;
  }
  mkdirSync(path.dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  try {
    await make(partial);
    if (!existsSync(folder)) {
      renameSync(partial, folder);
    }
    return folder;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
