import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A machine of its own: a home, a cache and a PATH that hold only what a test puts there. */
export class FakeMachine {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-machine-"));
  readonly bin = path.join(this.folder, "bin");
  readonly environment = {
    PATH: this.bin,
    HOME: this.folder,
    PULUMI_COCKPIT_CACHE: path.join(this.folder, "cache"),
  };
  readonly said: string[] = [];
  readonly log = (message: string): void => void this.said.push(message);

  /** Puts an executable there that notes that it was called and then does what the shell script says. */
  install(name: string, script: string, folder = this.bin): void {
    fs.mkdirSync(folder, { recursive: true });
    const lines = ["#!/bin/sh", `echo "$*" >> "${this.callsOf(name)}"`, "PATH=/usr/bin:/bin", script];
    fs.writeFileSync(path.join(folder, name), lines.join("\n"), { mode: 0o755 });
  }

  calls(name: string): string[] {
    const file = this.callsOf(name);
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private callsOf(name: string): string {
    return path.join(this.folder, `calls-of-${name}`);
  }
}
