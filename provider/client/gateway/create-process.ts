import { ApiError } from "../errors";
import type { Finding } from "../write-once";
import type { CreatedProcess, CreateProcessRequest, Process } from "./types";

/** What a creation whose answer was lost has left among the new processes of its group: the one that was sent. */
export function findCreated(
  processes: Process[],
  request: CreateProcessRequest,
): Finding<Pick<CreatedProcess, "id">> {
  const [found, second] = processes.filter((process) => isAsSent(process, request));
  if (found && second) {
    const problem = `several new processes of this template, language, name and text exist: ${found.id}, ${second.id}. Delete all but one in Cockpit`;
    throw new ApiError({ code: "conflict", operation: "look up the process", problem });
  }
  return found && { value: { id: found.id } };
}

/** Whether a process is what a request asks for: its template, language, name and texts. */
export function isAsSent(process: Process, request: CreateProcessRequest): boolean {
  return hasPlaceOf(process, request) && saysTheSame(process, request);
}

/** What an answer leaves out tells nothing against it. */
function hasPlaceOf(process: Process, request: CreateProcessRequest): boolean {
  return (
    (process.groupId ?? request.groupId) === request.groupId &&
    process.templateId === request.templateId &&
    (request.language === undefined || (process.language ?? request.language) === request.language)
  );
}

function saysTheSame(process: Process, request: CreateProcessRequest): boolean {
  // A channel that one has and the other lacks is a difference, unless the answer shows no texts at all.
  const showsTexts = process.email !== undefined || process.sms !== undefined;
  const hasOtherChannels =
    (process.email === undefined) !== (request.email === undefined) ||
    (process.sms === undefined) !== (request.sms === undefined);
  if (showsTexts && hasOtherChannels) return false;
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
export function unlisted(error: unknown, { groupId }: CreateProcessRequest): unknown {
  if (!(error instanceof ApiError) || error.code !== "unsupported") return error;
  return new ApiError({
    code: "unsupported",
    operation: error.operation,
    problem: `this gateway lists no processes (${error.status ?? "no answer"}), so that it can't be found again. Look in Cockpit whether group ${groupId} has it. Where it has, the next creation makes a second one: delete it there first, or record its id with \`managed: false\`.`,
    status: error.status,
  });
}
