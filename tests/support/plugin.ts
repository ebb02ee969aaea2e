import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Cockpit } from "./cockpit";
import { packageFolder } from "./project";

/** A process of the packed plugin, to which an engine is attached instead of starting one of its own for each command. */
export class AttachedPlugin {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: string,
  ) {}

  /** With further environment variables, which an attached plugin doesn't get from the engine. */
  static async start(cockpit: Cockpit, variables: Record<string, string> = {}): Promise<AttachedPlugin> {
    const child = spawn(process.execPath, [path.join(packageFolder, "plugin.js")], {
      env: { ...process.env, ...cockpit.login(), ...variables },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = (await Promise.race([once(child.stdout, "data"), once(child, "close")])) as unknown[];
    if (!Buffer.isBuffer(printed)) {
      throw new Error("the plugin ended before it said its port");
    }
    return new AttachedPlugin(child, printed.toString().trim());
  }

  /** For the engine. */
  get env(): Record<string, string> {
    return { PULUMI_DEBUG_PROVIDERS: `cockpit:${this.port}` };
  }

  async stop(): Promise<void> {
    const closed = once(this.child, "close");
    this.child.kill();
    await closed;
  }
}
