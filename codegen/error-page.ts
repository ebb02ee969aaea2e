import type { ErrorDescription } from "../provider/errors";

/** The page that a code in a message leads to. */
export function errorPage(codes: Readonly<Record<string, ErrorDescription>>): string {
  const rows = Object.entries(codes).sort(([one], [other]) => one.localeCompare(other));
  return `# Errors

Messages end with a code, such as \`[cockpit:already-exists]\`. It stays the same when the words change: search for it here.
Errors of look-ups (\`getDatabase\` and the like) carry it in their property \`code\` too.

${rows.map(([code, row]) => section(code, row)).join("\n")}`;
}

function section(code: string, { meaning, cause, remedy }: ErrorDescription): string {
  return `## ${code}

${meaning}

- **Cause:** ${cause}
- **Remedy:** ${remedy}
`;
}
