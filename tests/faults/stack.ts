import type { Fault } from "../../emulator";
import type { Outcome } from "../support/model-engine/model-engine";
import { keyOf, type Declaration } from "../support/model-engine/resource-state";
import { Program } from "../properties/generators/program";
import { World } from "../properties/world/world";

export const creations = {
  method: "POST",
  path: { regex: "/group/[^/]+/(application|database)$" },
} as const;
export const databaseCreations = { method: "POST", path: "**/database" } as const;
export const oneGroup = { method: "GET", path: { regex: "/group/ic-[^/]+$" } } as const;
export const changes = { method: "PUT", path: "/rest/**" } as const;
export const deletions = { method: "DELETE", path: "/rest/**" } as const;

/** The API's own words for a refusal. */
export const refused = (status: number, message = "not today") => ({ action: { status, body: { message } } });

export const json = { "Content-Type": "application/json" };

export const database = (
  solution: Declaration,
  name: string,
  args: Declaration["args"] = {},
): Declaration => ({
  type: "Database",
  name,
  solution,
  args: { name, deletionProtection: false, ...args },
});

/** One stack with a solution and a database, before its first `up`, on the model of the engine. */
export class Stack {
  private constructor(readonly world: World) {}

  static async start(): Promise<Stack> {
    const program = new Program({ solutions: [], databases: [] });
    const petra: Declaration = {
      type: "Solution",
      name: "petra",
      args: { name: "Petra", deletionProtection: false },
    };
    program.declarations.push(petra, database(petra, "france"));
    return new Stack(await World.start(program));
  }

  get program(): Declaration[] {
    return this.world.program.declarations;
  }

  get petra(): Declaration {
    return this.program[0] as Declaration;
  }

  get france(): Declaration {
    return this.program[1] as Declaration;
  }

  fault(fault: Fault): void {
    this.world.emulator.addFault(fault);
  }

  up(variables: Record<string, string> = {}, isParallel = false): Promise<Outcome> {
    this.world.emulator.clearRequests();
    return this.world.engine.up(this.program, variables, { isParallel });
  }

  refresh(isParallel = false): Promise<Outcome> {
    this.world.emulator.clearRequests();
    return this.world.engine.refresh({}, { isParallel });
  }

  destroy(variables: Record<string, string> = {}): Promise<Outcome> {
    this.world.emulator.clearRequests();
    return this.world.engine.destroy(variables);
  }

  /** How often that was asked since the last operation began. */
  asked(method: string, part: string | RegExp): number {
    return this.world.emulator
      .requests()
      .filter((request) => request.method === method && new RegExp(part).test(request.path)).length;
  }

  idOf(name: string): string {
    return this.world.state.find((resource) => resource.name === name)?.id ?? "";
  }

  idOfKey(key: string | undefined): string | undefined {
    return this.world.state.find((resource) => keyOf(resource) === key)?.id;
  }

  /** Somebody moves a group in Cockpit itself, with a token of the place that it goes to. */
  async moveManually(id: string, to: string): Promise<void> {
    const { url, username, password } = this.world.emulator;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const post = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
      const response = await fetch(`${url}/rest/v2/group/${path}`, {
        method: "POST",
        headers: { authorization, ...headers },
      });
      expect(response.status).toBe(200);
      return response.text();
    };
    const token = await post(`${to}/operationToken?operation=TRANSFER_GROUP`);
    await post(`${id}/transfer`, { "operation-token": token.replaceAll('"', "") });
  }

  /** What is in Cockpit is what is in the state, and as often as the program says. */
  expectSameGroups(): void {
    const live = this.world.live().map(({ id }) => id);
    expect(this.world.state.map(({ id }) => id).sort()).toEqual(live.sort());
    expect(this.world.state.map(keyOf).sort()).toEqual(this.program.map(keyOf).sort());
  }

  expectNothing(): void {
    expect(this.world.state).toEqual([]);
    expect(this.world.live()).toEqual([]);
  }

  async expectNoChanges(): Promise<void> {
    this.world.clearFaults();
    const { failures, steps } = await this.world.engine.preview(this.program);
    expect(failures).toEqual([]);
    expect(steps.map(({ op }) => op)).toEqual(this.program.map(() => "same"));
  }
}

/** The body of a test that gets a stack of its own. */
export const onStack =
  <Args extends readonly unknown[]>(run: (stack: Stack, ...args: Args) => Promise<void>) =>
  async (...args: Args): Promise<void> => {
    const stack = await Stack.start();
    try {
      await run(stack, ...args);
      expect(stack.world.emulatorFailures).toEqual([]);
    } finally {
      await stack.world.close();
    }
  };

export function expectDone({ failures }: Outcome): void {
  expect(failures).toEqual([]);
}

export function messageOf({ failures }: Outcome): string {
  expect(failures).not.toEqual([]);
  return failures.map(({ message }) => message).join("\n");
}
