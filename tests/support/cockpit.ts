import { startEmulator, type Emulator } from "../../emulator";
import { Project, type ProjectOptions } from "./project";

/** An emulator of its own and projects that talk to it; `dispose` stops and removes everything. */
export class Cockpit {
  private readonly projects: Project[] = [];

  private constructor(readonly emulator: Emulator) {}

  static async start(options: Parameters<typeof startEmulator>[0] = {}): Promise<Cockpit> {
    return new Cockpit(await startEmulator(options));
  }

  async project(options: ProjectOptions): Promise<Project> {
    const project = await Project.create({
      ...options,
      env: { ...this.login(), ...options.env },
    });
    this.projects.push(project);
    return project;
  }

  login(): Record<string, string> {
    return {
      COCKPIT_URL: this.emulator.url,
      COCKPIT_GATEWAY_URL: this.emulator.gatewayUrl,
      COCKPIT_USERNAME: this.emulator.username,
      COCKPIT_PASSWORD: this.emulator.password,
    };
  }

  /** Solutions and databases that are not deleted. */
  liveGroups() {
    return this.emulator
      .groups()
      .filter((group) => group.deletionDate === undefined && group.superGroup !== undefined);
  }

  liveGroup(name: string) {
    const found = this.liveGroups().filter((group) => group.name === name);
    if (found.length !== 1 || !found[0]) {
      throw new Error(`${found.length} live groups are called ${name}`);
    }
    return found[0];
  }

  /** What somebody does in Cockpit itself, e.g. `PUT`, `group/ic-1/name/Other`. */
  async asAdministrator(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.request(`${this.emulator.url}/rest/v2/${path}`, method, body);
  }

  /** What somebody does at the message gateway below the environment's spec id, e.g. `GET`, `spec`. */
  async gatewayAsAdministrator(method: string, path: string, body?: unknown): Promise<unknown> {
    const { gatewayUrl, environmentId } = this.emulator;
    return this.request(`${gatewayUrl}/${environmentId}/${path}`, method, body);
  }

  private async request(address: string, method: string, body?: unknown): Promise<unknown> {
    const { username, password } = this.emulator;
    const response = await fetch(address, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${address} by hand: ${response.status} ${await response.text()}`);
    }
    if (response.status === 204) {
      return undefined;
    }
    // A single text is answered bare.
    return response.headers.get("content-type")?.startsWith("text/") === true
      ? response.text()
      : response.json();
  }

  /** What was asked since the last call, without the login. */
  requestsSince(): string[] {
    const requests = this.emulator
      .requests()
      .filter(({ path }) => !path.startsWith("/rest/v2/auth/") && !path.startsWith("/emulator/"))
      .map(({ method, path }) => `${method} ${path.replace("/rest/v2", "")}`);
    this.emulator.clearRequests();
    return requests;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.projects.map((project) => project.dispose()));
    await this.emulator.close();
  }
}
