import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Outcome, preparedEngine, type RunningCommand, start } from "./engine";

export const repositoryRoot = path.join(__dirname, "../..");

/** Where `scripts/prepare.js` has unpacked the package, as npm would publish it. */
export const packageFolder = path.join(repositoryRoot, "node_modules/pulumi-cockpit");

/** One step of a preview or a run, as the engine reports it. */
export interface Step {
  op: string;
  /** The logical name. */
  name: string;
  type: string;
  replaceKeys: string[];
}

export interface Run extends Outcome {
  steps: Step[];
  /** What the engine says at the severity of a warning or an error. */
  diagnostics: string;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  delete?: boolean;
  initErrors?: string[];
  sourcePosition?: string;
}

export interface ProjectOptions {
  /** JavaScript of the program, or the folder of a whole project to copy. */
  program?: string;
  folder?: string;
  /** Or a program in YAML: what Pulumi.yaml holds below name and runtime. */
  yaml?: string;
  /** Left out: the repository's own, linked, with the packed package among them. With `installed`, the test installs what the folder's package.json asks for. */
  modules?: "installed";
  name?: string;
  stack?: string;
  env?: Record<string, string>;
}

/** Any engine event; only the parts that tests look at. */
interface EngineEvent {
  resourcePreEvent?: { metadata: EventMetadata };
  diagnosticEvent?: { message: string; severity: string };
}
interface EventMetadata {
  op: string;
  urn: string;
  type: string;
  keys?: string[] | null;
}

/** A Pulumi project with a stack and a state of its own, driven by the real engine's commands. */
export class Project {
  private constructor(
    readonly folder: string,
    readonly stack: string,
    private readonly env: Record<string, string>,
  ) {}

  static async create(options: ProjectOptions): Promise<Project> {
    const folder = await mkdtemp(path.join(tmpdir(), "cockpit-project-"));
    const stack = options.stack ?? "test";
    if (options.folder !== undefined) {
      await cp(options.folder, folder, {
        recursive: true,
        filter: (source) => !source.includes("node_modules"),
      });
    } else if (options.yaml === undefined) {
      await writeFile(
        path.join(folder, "Pulumi.yaml"),
        `name: ${options.name ?? "petra"}\nruntime: nodejs\nmain: index.js\n`,
      );
      await writeFile(path.join(folder, "package.json"), `{ "name": "program", "main": "index.js" }\n`);
    }
    if (options.modules === undefined) {
      await symlink(path.join(repositoryRoot, "node_modules"), path.join(folder, "node_modules"), "junction");
    }
    const project = new Project(folder, stack, options.env ?? {});
    if (options.yaml !== undefined) {
      await project.writeYaml(options.yaml, options.name);
    }
    if (options.program !== undefined) {
      await project.write(options.program);
    }
    await rm(path.join(folder, "state"), { recursive: true, force: true });
    await mkdir(path.join(folder, "state"));
    await project.must(["stack", "init", stack]);
    return project;
  }

  /** Replaces the program. `Solution`, `Database` and `pulumi` are there already. */
  async write(program: string): Promise<void> {
    const prologue = `const pulumi = require("@pulumi/pulumi"); const { Solution, Database } = require("pulumi-cockpit");\n`;
    await writeFile(path.join(this.folder, "index.js"), prologue + program);
  }

  /** Replaces a program in YAML. */
  async writeYaml(yaml: string, name = "petra"): Promise<void> {
    await writeFile(path.join(this.folder, "Pulumi.yaml"), `name: ${name}\nruntime: yaml\n${yaml}`);
  }

  up(args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
    return this.operate(["up", "--yes", "--skip-preview", ...args], env);
  }

  preview(args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
    return this.operate(["preview", "--diff", ...args], env);
  }

  refresh(args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
    return this.operate(["refresh", "--yes", "--skip-preview", "--diff", ...args], env);
  }

  destroy(args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
    return this.operate(["destroy", "--yes", "--skip-preview", ...args], env);
  }

  /** An operation that must succeed. */
  async succeeds(run: Promise<Run>): Promise<Run> {
    const result = await run;
    if (result.exitCode !== 0) {
      throw new Error(`the engine failed:\n${result.output}`);
    }
    return result;
  }

  async config(key: string, value: string, ...flags: string[]): Promise<void> {
    await this.must(["config", "set", key, value, ...flags]);
  }

  /** Any other command of the engine. */
  async must(args: string[], env: Record<string, string> = {}): Promise<string> {
    const { exitCode, output } = await this.start(args, env).finished;
    if (exitCode !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    }
    return output;
  }

  start(args: string[], env: Record<string, string> = {}): RunningCommand {
    const options = { cwd: this.folder, env: this.environment(env) };
    return start(
      preparedEngine().pulumi,
      [...args, "--non-interactive", ...stackOf(args, this.stack)],
      options,
    );
  }

  /** A command of the shell that finds the engine's and the package's own by name, as a pipeline does. */
  async shell(command: string, env: Record<string, string | undefined> = {}): Promise<Outcome> {
    const bin = path.join(this.folder, "bin");
    await mkdir(bin, { recursive: true });
    const commands = {
      pulumi: `"${preparedEngine().pulumi}"`,
      "pulumi-cockpit": `node "${path.join(packageFolder, "dist/cli/command.js")}"`,
      "cockpit-emulator": `node "${path.join(packageFolder, "dist/emulator/command.js")}"`,
      "pulumi-resource-cockpit": `node "${path.join(packageFolder, "plugin.js")}"`,
    };
    await Promise.all(
      Object.entries(commands).map(([name, target]) =>
        writeFile(path.join(bin, name), `#!/bin/sh\nexec ${target} "$@"\n`, { mode: 0o755 }),
      ),
    );
    const all = { ...this.environment({}), ...env };
    return start("sh", ["-c", command], {
      cwd: this.folder,
      env: { ...all, PATH: `${bin}${path.delimiter}${all.PATH ?? ""}` },
    }).finished;
  }

  private environment(env: Record<string, string>): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...preparedEngine().env,
      PULUMI_BACKEND_URL: `file://${path.join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      // The event log is one of its features for tools.
      PULUMI_DEBUG_COMMANDS: "1",
      PULUMI_HOME: path.join(this.folder, "home"),
      ...this.env,
      ...env,
    };
  }

  /** The resources of ours in the state, root and providers left out. */
  async resources(): Promise<StateResource[]> {
    const all = await this.allResources();
    return all.filter(({ type }) => isOurs(type));
  }

  async allResources(): Promise<StateResource[]> {
    const deployment = JSON.parse(await this.stateText()) as { deployment: { resources?: StateResource[] } };
    return deployment.deployment.resources ?? [];
  }

  async resource(name: string): Promise<StateResource> {
    const found = (await this.resources()).find(({ urn }) => urn.endsWith(`::${name}`));
    if (!found) {
      throw new Error(`the state holds no ${name}`);
    }
    return found;
  }

  stateText(): Promise<string> {
    return this.must(["stack", "export"]);
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async operate(args: string[], env: Record<string, string>): Promise<Run> {
    const log = path.join(this.folder, "events.json");
    await rm(log, { force: true });
    const outcome = await this.start([...args, "--event-log", log], env).finished;
    const events = await readEvents(log);
    return {
      ...outcome,
      steps: events
        .flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [stepOf(resourcePreEvent.metadata)] : []))
        .filter(({ type }) => isOurs(type)),
      diagnostics: events
        .flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []))
        .filter(({ severity }) => severity === "warning" || severity === "error")
        .map(({ message }) => message)
        .join("\n"),
    };
  }
}

/** A resource in either form; components and providers left out. */
function isOurs(type: string): boolean {
  return /^(pulumi-nodejs:cockpit:|cockpit:index:(?!OnboardedSolution))/.test(type);
}

function stackOf([command = "", verb]: string[], stack: string): string[] {
  const isOfNoStack =
    ["package", "plugin", "schema", "do"].includes(command) || (command === "stack" && verb === "init");
  return isOfNoStack ? [] : ["--stack", stack];
}

function stepOf({ op, urn, type, keys }: EventMetadata): Step {
  return { op, name: urn.slice(urn.lastIndexOf("::") + 2), type, replaceKeys: keys ?? [] };
}

async function readEvents(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
}
