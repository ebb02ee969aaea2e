import { ApiError } from "../errors";
import type { Finding } from "../write-once";
import type { CreatedProcess, CreateProcessRequest, Process } from "./types";

/**
 * What a creation whose answer was lost has left among the processes of its group: the one of its template and language
 * with the texts that were sent. One with other texts is somebody else's.
 */
export function findCreated(
  processes: Process[],
  request: CreateProcessRequest,
): Finding<Pick<CreatedProcess, "id">> {
  const alike = processes.filter((process) => hasPlaceOf(process, request));
  const [found, second] = alike.filter((process) => saysTheSame(process, request));
  if (found && second) {
    const problem = `several processes of this template, language and text exist: ${found.id}, ${second.id}. Delete all but one in Cockpit`;
    throw new ApiError({ kind: "conflict", operation: "look up the process", problem });
  }
  if (found) return { value: { id: found.id } };
  const other = alike.find(({ language }) => language === request.language);
  return (
    other && {
      conflict: `the group has a process of this template and language with other texts: ${other.id}`,
      existingId: other.id,
    }
  );
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
  if (!(error instanceof ApiError) || error.kind !== "unsupported") return error;
  return new ApiError({
    kind: "unsupported",
    operation: error.operation,
    problem: `this gateway lists no processes (${error.status ?? "no answer"}), so that it can't be found again. Look in Cockpit whether group ${groupId} has it. Where it has, the next creation may answer with a conflict or make a second one: delete it there first, or record its id with \`managed: false\`.`,
    status: error.status,
  });
}
