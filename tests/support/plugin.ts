import { servePlugin, type PluginServer } from "../../provider/plugin/server";
import type { Cockpit } from "./cockpit";

/** The plugin in the test's own process, to which an engine is attached instead of starting one. */
export class AttachedPlugin {
  private constructor(
    private readonly server: PluginServer,
    /** What the plugin finds in its environment; a test may change it between two runs. */
    readonly variables: Record<string, string>,
  ) {}

  static async start(cockpit: Cockpit): Promise<AttachedPlugin> {
    const variables = cockpit.login();
    return new AttachedPlugin(await servePlugin((name) => variables[name]), variables);
  }

  /** For the engine. */
  get env(): Record<string, string> {
    return { PULUMI_DEBUG_PROVIDERS: `cockpit:${this.server.port}` };
  }

  get address(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  async stop(): Promise<void> {
    await this.server.close();
  }
}
