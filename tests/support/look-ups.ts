import type { Context } from "../../provider/runtime/context";
import { createContext } from "../../provider/runtime/create-context";
import { Cockpit } from "./cockpit";
import {
  asAdministratorOf,
  companies,
  environmentsSetting,
  seedOfCompanies,
  type Company,
} from "./environments";

/** An emulator of three companies, what look-ups work with, and groups made manually. */
export class LookUpBench {
  private readonly contexts: Context[] = [];

  private constructor(readonly cockpit: Cockpit) {}

  static async start(options: Parameters<typeof Cockpit.start>[0] = {}): Promise<LookUpBench> {
    return new LookUpBench(await Cockpit.start({ seed: seedOfCompanies, ...options }));
  }

  /** A program that names these environments under their own keys. */
  inSeveral(...keys: Parameters<typeof environmentsSetting>[1][]): Context {
    return this.context({ "cockpit:environments": environmentsSetting(this.cockpit, ...keys) });
  }

  /** A program that is configured for one environment without a key, or as this account. */
  inOne(company: Company, login?: { username: string; password: string }): Context {
    const { emulator } = this.cockpit;
    const { login: username, password } = companies[company];
    const account = login ?? { username, password };
    return this.context({
      "cockpit:url": emulator.url,
      "cockpit:gatewayUrl": emulator.gatewayUrl,
      "cockpit:username": account.username,
      "cockpit:password": account.password,
    });
  }

  context(configuration: Record<string, string>): Context {
    const context = createContext({
      configuration: (key) => configuration[key],
      variables: () => undefined,
      warn: () => undefined,
      inform: () => undefined,
    });
    this.contexts.push(context);
    return context;
  }

  solution(company: Company, id: string, name = id, more = ""): Promise<string> {
    return this.group(company, "application", id, name, companies[company].id, more);
  }

  database(company: Company, solutionId: string, id: string, name = id, more = ""): Promise<string> {
    return this.group(company, "database", id, name, solutionId, more);
  }

  delete(company: Company, id: string): Promise<string> {
    return asAdministratorOf(this.cockpit, company, "DELETE", `group/${id}`);
  }

  /** What an administrator does in Cockpit, with a body. */
  async asAdministrator(company: Company, method: string, path: string, body: unknown): Promise<void> {
    const { emulator } = this.cockpit;
    const { login, password } = companies[company];
    const address = path.startsWith("http") ? path : `${emulator.url}/rest/v2/${path}`;
    const response = await fetch(address, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path} by ${company}: ${response.status} ${await response.text()}`);
    }
  }

  async dispose(): Promise<void> {
    for (const context of this.contexts) {
      const all = await context.environments.all().catch(() => []);
      await Promise.all(all.map(({ cockpit }) => cockpit.close()));
    }
    await this.cockpit.dispose();
  }

  private async group(
    company: Company,
    kind: "application" | "database",
    id: string,
    name: string,
    parent: string,
    more: string,
  ): Promise<string> {
    const query = `name=${encodeURIComponent(name)}&superGroup=${parent}${more}`;
    await asAdministratorOf(this.cockpit, company, "POST", `group/${id}/${kind}?${query}`);
    return id;
  }
}
