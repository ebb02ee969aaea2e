import { z } from "zod";

const bag = z.record(z.string(), z.unknown());

const resource = z.strictObject({
  /** Its type, e.g. `petstore:index:Pet`. */
  type: z.string().regex(/^[^:]+:[^:]+:[^:]+$/, "is not a type such as petstore:index:Pet"),
  /** What a program would declare. `${other.id}` and `${other.property}` stand for what an earlier resource has become. */
  inputs: bag,
  /** Changes of these inputs that are an update in place; null takes one away. */
  update: bag.optional(),
  /** Changes that need another object. */
  replace: bag.optional(),
  /** Sets of changes that check has to refuse, by what is wrong with them. */
  invalid: z.record(z.string(), bag).default({}),
  /** Outputs that are secret, although the inputs that they come from, if any, are given in the open. */
  secrets: z.array(z.string()).default([]),
  /** What a list of its kind is narrowed to, if it can be listed. `${other.id}` as in the inputs. */
  list: bag.default({}),
  /** Outputs that differ from one read to the next. */
  volatile: z.array(z.string()).default([]),
  /** Inputs that no import can give back, such as passwords that the API never shows. */
  writeOnly: z.array(z.string()).default([]),
  /** Changes without which a deletion is refused, and the object stays. */
  unprotect: bag.optional(),
  /** Whether its creation takes several requests, so that it can be left half made. */
  partial: z.boolean().default(false),
  /** Whether a deletion only makes the provider forget it, because the service has none. */
  forgets: z.boolean().default(false),
  /** Rows that do not hold for this resource by design, each with the reason. */
  except: z.record(z.string(), z.string()).default({}),
});

/** A resource of the provider, and what becomes of it. */
export type Specimen = z.output<typeof resource>;

const command = z.union([z.string(), z.function()]);

const hooks = z.strictObject({
  /** Prints how many requests that change something the service behind the provider has seen. */
  writes: command.optional(),
  /** From now on the service accepts requests and neither carries them out nor answers. */
  stall: command.optional(),
  /** From now on the service carries requests out only once `release` is called. */
  hold: command.optional(),
  /** Ends when a request is held. */
  held: command.optional(),
  release: command.optional(),
  /** From now on, after it has made an object, the service fails. */
  breakCreation: command.optional(),
  /** Everything works again. */
  mend: command.optional(),
});

export const subjectSchema = z.strictObject({
  /** What starts the provider: it prints its port. A fresh process for every run, as the engine does it. */
  command: z.array(z.string()).min(1).optional(),
  /** Or where it listens already, e.g. `127.0.0.1:50051`: each run then begins with Handshake and Configure. */
  address: z.string().optional(),
  /** The arguments of the provider. */
  configuration: bag.default({}),
  /** Which of them are secret. */
  secretConfiguration: z.array(z.string()).default([]),
  resources: z.record(z.string(), resource),
  hooks: hooks.default({}),
});

export type Hook = "writes" | "stall" | "hold" | "held" | "release" | "breakCreation" | "mend";

/** A provider, and what the harness needs to know to judge it. */
export type Subject = Omit<z.output<typeof subjectSchema>, "hooks"> & {
  hooks: Partial<Record<Hook, () => unknown>>;
};
