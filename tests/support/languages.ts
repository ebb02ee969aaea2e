import { execFile, execFileSync } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { kept } from "./kept";
import { repositoryRoot } from "./project";

/** `test` where all tools of a language are there; otherwise one that is counted as skipped, and says why. */
export function testWith(tools: Record<string, readonly string[]>): jest.It {
  for (const [tool, args] of Object.entries(tools)) {
    try {
      execFileSync(tool, args, { stdio: "ignore" });
    } catch {
      console.warn(`Skipped: ${[tool, ...args].join(" ")} does not work on this machine`);
      return test.skip;
    }
  }
  return test;
}

/** The project of a language in examples/languages. */
export function exampleIn(language: string): string {
  return path.join(repositoryRoot, "examples/languages", language);
}

const sdk = "pulumi==3.272.0";

/** What Python needs on its path so that Pulumi's own packages are there already when a virtual environment is made. */
export async function pythonEnvironment(): Promise<Record<string, string>> {
  const packages = await kept(`python/${sdk.replace("==", "-")}`, async (folder) => {
    const pip = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", folder];
    await promisify(execFile)("python3", [...pip, sdk], { timeout: 120_000 });
  });
  return { PYTHONPATH: packages, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
}
