import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Browser } from "playwright-core";

/** A running browser, and a function to close it. */
export interface OpenBrowser {
  browser: Browser;
  close: () => Promise<void>;
}

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * Chromium from the package @sparticuz/chromium, which has it for Linux on x64, or one that is installed. Undefined, with a printed
 * reason, where neither runs.
 */
export async function openBrowser(): Promise<OpenBrowser | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), "cockpit-browser-"));
  const reasons: string[] = [];
  for (const find of [
    () => packaged(folder),
    ...installed.filter(existsSync).map((file) => () => Promise.resolve(file)),
  ]) {
    try {
      const browser = await chromium.launch({ executablePath: await find(), args: ["--disable-gpu"] });
      const close = async () => {
        await browser.close();
        await rm(folder, { recursive: true, force: true });
      };
      return { browser, close };
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  await rm(folder, { recursive: true, force: true });
  console.warn(`Not tried, because no browser runs here:\n${reasons.join("\n")}`);
  return undefined;
}

/** The package unpacks into the temporary folder, whatever that is at the time. */
async function packaged(folder: string): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`@sparticuz/chromium has none for ${process.platform} on ${process.arch}`);
  }
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    return await packed.executablePath();
  } finally {
    if (before === undefined) {
      delete process.env["TMPDIR"];
    } else {
      process.env["TMPDIR"] = before;
    }
  }
}
