import type { z } from "zod";
import type { Call, ApiClient } from "./calls";
import { ApiError, type Remedies } from "./errors";
import type { SettingNames } from "../config/settings";
import type { ApiRequest } from "./transport";
import { includesSent, type LookupResult, writeOnce } from "./write-once";
import {
  type CreateProcessRequest,
  gatewayRoutes,
  type LabelledSpec,
  type Process,
  type ProcessChange,
  type ProcessTemplate,
  type Route,
  routePath,
  type RouteValues,
  secretFields,
  type Spec,
  type SpecSettings,
  unknownRoute,
} from "./gateway-wire";
import * as wire from "./gateway-wire";

/** What to do about its failures: it is another server than Cockpit, with an address of its own. */
export function gatewayRemedies(names: SettingNames): Remedies {
  const address = `Check the address of the message gateway, ${names("gatewayUrl")}, and the network on the way there, then run the same command again.`;
  const account = `The message gateway is managed by administrators of the environment itself: check ${names("username")} and ${names("password")}.`;
  return {
    unreachable: address,
    timeout: address,
    "malformed-answer": address,
    unauthorized: account,
    forbidden: account,
    "rate-limited": "Run the same command again later; what is done already is not repeated.",
  };
}

/**
 * The message gateway: external services, processes, and the registration of users. Every method throws {@link ApiError}.
 * What its routes are, and which are published, stands in `routes.ts`; a route that a gateway doesn't know is an error
 * of code `unsupported`. Management sends the account's login, to this gateway and nowhere else.
 */
export class Gateway {
  readonly #calls: ApiClient;
  readonly #unusable: string | undefined;

  /** `unusable`: why no call may be made, if none may. */
  constructor(calls: ApiClient, unusable?: string) {
    this.#calls = calls;
    this.#unusable = unusable;
  }

  /** The external services of an environment, without their secrets; nothing where it has none. */
  async spec(specId: string): Promise<Spec | undefined> {
    return this.#calls.find("read", this.#readSpec(specId));
  }

  /**
   * Creates the external services of an environment. Where it has some, that is an error of code `conflict`; so it is
   * when the answer was lost and those that are there carry another label.
   */
  async createSpec(specId: string, spec: LabelledSpec): Promise<Spec> {
    this.#hide(spec);
    const call = aSpec({
      ...this.#to(gatewayRoutes.createSpec, { specId }),
      operation: `create the external services of ${specId}`,
      body: spec,
    });
    return writeOnce(this.#calls, {
      attempt: (budget) => this.#calls.attempt(call, budget),
      findResult: async () => ownSpec(await this.spec(specId), spec.label),
      unknownText: `The external services of \`${specId}\` may exist`,
      notFoundText: `Afterwards, no external services of \`${specId}\` were found.`,
    });
  }

  /** Replaces the external services of an environment; `rev` is their current revision, else it is an error of code `conflict`. */
  async updateSpec(specId: string, rev: string, spec: LabelledSpec): Promise<Spec> {
    this.#hide(spec);
    const call = aSpec({
      ...this.#to(gatewayRoutes.updateSpec, { specId }),
      operation: `update the external services of ${specId}`,
      body: { ...spec, rev },
    });
    return writeOnce(this.#calls, {
      attempt: (budget) => this.#calls.attempt(call, budget),
      findResult: async () => updatedSpec(await this.spec(specId), rev, spec),
      unknownText: `The external services of \`${specId}\` may have been changed`,
      notFoundText: `Afterwards, the external services of \`${specId}\` were unchanged.`,
    });
  }

  async deleteSpec(specId: string): Promise<"deleted" | "absent"> {
    return this.#delete({
      ...this.#to(gatewayRoutes.deleteSpec, { specId }),
      operation: `delete the external services of ${specId}`,
    });
  }

  /** What processes can be made from. */
  async templates(specId: string): Promise<ProcessTemplate[]> {
    return this.#calls.call("read", {
      ...this.#to(gatewayRoutes.listTemplates, { specId }),
      operation: `list the process templates of ${specId}`,
      answer: wire.templates,
    });
  }

  /**
   * Creates a process; a group may have any number of them. `unknown-outcome` means that the process may exist: on a
   * gateway that lists nothing, one whose answer was lost can't be found again. `isKnown`: not the one that was lost.
   */
  async createProcess(
    specId: string,
    request: CreateProcessRequest,
    isKnown: (id: string) => boolean = () => false,
  ): Promise<{ id: string }> {
    const { groupId, templateId, language } = request;
    const call: Call<typeof wire.createdProcess> = {
      ...this.#to(gatewayRoutes.createProcess, { specId, templateId, groupId }),
      operation: `create process "${request.name ?? templateId}" in group ${groupId}`,
      query: { language },
      body: wire.processBody(request),
      answer: wire.createdProcess,
    };
    const findResult = async (): Promise<LookupResult<{ id: string }>> => {
      const processes = await this.processes(specId, groupId).catch((error: unknown) => {
        throw unlisted(error, request);
      });
      return findCreatedProcess(
        processes.filter(({ id }) => !isKnown(id)),
        request,
      );
    };
    return writeOnce(this.#calls, {
      attempt: (budget) => this.#calls.attempt(call, budget),
      findResult,
      unknownText: `The process may exist in group \`${groupId}\``,
      notFoundText: `Afterwards, no such process in group \`${groupId}\` was found.`,
    });
  }

  /** The processes of a group. */
  async processes(specId: string, groupId: string): Promise<Process[]> {
    return this.#calls.call("read", {
      ...this.#to(gatewayRoutes.listProcesses, { specId }),
      operation: `list the processes of group ${groupId}`,
      query: { groupId },
      answer: wire.processes,
    });
  }

  /** One process; nothing where it is not there. */
  async process(specId: string, id: string): Promise<Process | undefined> {
    const operation = `read process ${id}`;
    return this.#calls.find(
      "read",
      aProcess(id, { ...this.#to(gatewayRoutes.readProcess, { specId, processId: id }), operation }),
    );
  }

  /** Replaces a process's texts, language, name, parent organisation and sharing; not its template or group. */
  async updateProcess(specId: string, id: string, change: ProcessChange): Promise<Process> {
    const route = this.#to(gatewayRoutes.updateProcess, { specId, processId: id });
    const body = { ...wire.processBody(change), language: change.language };
    return this.#calls.call(
      "idempotent-write",
      aProcess(id, { ...route, operation: `update process ${id}`, body }),
    );
  }

  async deleteProcess(specId: string, id: string): Promise<"deleted" | "absent"> {
    const route = this.#to(gatewayRoutes.deleteProcess, { specId, processId: id });
    return this.#delete({ ...route, operation: `delete process ${id}` });
  }

  #readSpec(specId: string): Call<typeof wire.spec> {
    const operation = `read the external services of ${specId}`;
    return aSpec({ ...this.#to(gatewayRoutes.readSpec, { specId }), operation });
  }

  async #delete(call: Omit<Call<typeof wire.anyText>, "answer">): Promise<"deleted" | "absent"> {
    const answer = await this.#calls.find("idempotent-write", {
      ...call,
      plain: true,
      answer: wire.anyText,
    });
    return answer === undefined ? "absent" : "deleted";
  }

  #to<Pattern extends string>(route: Route<Pattern>, values: RouteValues<Pattern>): Target {
    if (this.#unusable) {
      const operation = "call the message gateway";
      throw new ApiError({ code: "invalid-setting", operation, problem: this.#unusable });
    }
    return {
      method: route.method,
      path: routePath(route, values),
      unknownRoute: (answer) => unknownRoute(route, answer),
    };
  }

  /** So that no error shows a secret, even when the gateway repeats it. */
  #hide({ captcha, email, sms }: SpecSettings): void {
    for (const service of [captcha, email, sms]) {
      for (const [field, value] of Object.entries(service ?? {})) {
        if (secretFieldNames.has(field) && typeof value === "string") {
          this.#calls.answers.redactor.add(value);
        }
      }
    }
  }
}

type Target = Pick<ApiRequest, "method" | "path"> & Required<Pick<Call<z.ZodType>, "unknownRoute">>;

const secretFieldNames = new Set<string>(secretFields);

/** A spec may hold secrets when a gateway is careless: no error shows one. */
function aSpec(call: Omit<Call<typeof wire.spec>, "answer">): Call<typeof wire.spec> {
  return { ...call, answer: wire.spec, confidential: true };
}

function aProcess(
  id: string,
  call: Omit<Call<typeof wire.process>, "answer" | "verify">,
): Call<typeof wire.process> {
  const verify = (process: Process) =>
    process.id === id ? undefined : `the gateway answered for another process, ${process.id}`;
  return { ...call, answer: wire.process, verify };
}

function ownSpec(found: Spec | undefined, label: string): LookupResult<Spec> {
  if (!found || found.label === label) {
    return found && { value: found };
  }
  return { conflict: `the environment has external services that ${managedBy(found)}` };
}

/** Secrets can't be compared; the label, and all that is shown, must be what was sent. */
function updatedSpec(found: Spec | undefined, rev: string, sent: LabelledSpec): LookupResult<Spec> {
  if (!found) {
    return { conflict: "the external services were deleted meanwhile" };
  }
  if (found.rev === rev) {
    return undefined;
  }
  if (found.label === sent.label && includesSent(found, comparableSpec(sent))) {
    return { value: found };
  }
  return { conflict: `the external services were changed meanwhile; now they ${managedBy(found)}` };
}

function managedBy({ label }: Spec): string {
  return label ? `carry the label "${label}"` : "carry no label";
}

/** What is not given inside a service is the gateway's choice. */
function comparableSpec(spec: LabelledSpec): object {
  return Object.fromEntries(
    Object.entries(spec).map(([name, part]: [string, unknown]) => [
      name,
      typeof part === "object" && part !== null ? comparableService(part) : part,
    ]),
  );
}

function comparableService(service: object): object {
  const fields = Object.entries(service);
  return Object.fromEntries(
    fields.filter(([field, value]) => value !== undefined && !secretFieldNames.has(field)),
  );
}

/** What a creation whose answer was lost has left among the new processes of its group: the one that was sent. */
function findCreatedProcess(
  processes: Process[],
  request: CreateProcessRequest,
): LookupResult<{ id: string }> {
  const [found, second] = processes.filter((process) => isAsSent(process, request));
  if (found && second) {
    const problem = `several new processes of this template, language, name and text exist: ${found.id}, ${second.id}. Delete all but one in Cockpit`;
    throw new ApiError({ code: "conflict", operation: "look up the process", problem });
  }
  return found && { value: { id: found.id } };
}

/** Whether a process is what a request asks for: its template, language, name and texts. */
export function isAsSent(process: Process, request: CreateProcessRequest): boolean {
  return isSameProcess(process, request) && isSameSpec(process, request);
}

/** What an answer leaves out tells nothing against it. */
function isSameProcess(process: Process, request: CreateProcessRequest): boolean {
  return (
    (process.groupId ?? request.groupId) === request.groupId &&
    process.templateId === request.templateId &&
    (request.language === undefined || (process.language ?? request.language) === request.language)
  );
}

function isSameSpec(process: Process, request: CreateProcessRequest): boolean {
  // A channel that one has and the other lacks is a difference, unless the answer shows no texts at all.
  const showsTexts = process.email !== undefined || process.sms !== undefined;
  const hasOtherChannels =
    (process.email === undefined) !== (request.email === undefined) ||
    (process.sms === undefined) !== (request.sms === undefined);
  if (showsTexts && hasOtherChannels) {
    return false;
  }
  const pairs = [
    [process.name, request.name],
    [process.email?.subject, request.email?.subject],
    [process.email?.body, request.email?.body],
    [process.sms?.message, request.sms?.message],
    [process.parentOrganisationId, request.parentOrganisationId],
  ];
  return pairs.every(([stored, sent]) => stored === undefined || stored === sent);
}

/** What a look-up's failure means on a gateway that lists nothing. */
function unlisted(error: unknown, { groupId }: CreateProcessRequest): unknown {
  if (!(error instanceof ApiError) || error.code !== "unsupported") {
    return error;
  }
  return new ApiError({
    code: "unsupported",
    operation: error.operation,
    problem: `this gateway lists no processes (${error.status ?? "no answer"}), so that it can't be found again. Look in Cockpit whether group ${groupId} has it. Where it has, the next creation makes a second one: delete it there first, or record its id with \`managed: false\`.`,
    status: error.status,
  });
}
