import { themes, type Row } from "./matrix";

/** For each row the files with tests that show it. */
export type Proofs = ReadonlyMap<number, readonly string[]>;

/** `docs/faults.md`, laid out as Prettier would. */
export function faultsPage(proofs: Proofs): string {
  return `${[
    "# What may go wrong, and what holds then",
    "The promise behind every row: what is in Cockpit is what is in the state, nothing is created twice, nothing is lost. The file that is named shows it: those in `tests/engine` on the real Pulumi engine, the others in `tests/faults` through the real provider on a model of that engine, those in `provider` one call at a time. Its tests have the row in their title: `[F12]` is row 12. A test compares this page with them and with the rows in `tests/faults/matrix.ts`.",
    ...themes.flatMap(({ title, rows }) => [
      `## ${title}`,
      tableOf(
        rows.filter(({ row }) => proofs.has(row)),
        proofs,
      ),
    ]),
    "## Not run here",
    "What no test here can bring about, and why.",
    table(
      ["#", "fault", "why"],
      themes.flatMap(({ rows }) =>
        rows.flatMap(({ row, fault, notRun }) =>
          notRun === undefined ? [] : [[String(row), fault, notRun]],
        ),
      ),
    ),
  ].join("\n\n")}\n`;
}

function tableOf(rows: readonly Row[], proofs: Proofs): string {
  return table(
    ["#", "fault", "brought about by", "what holds", "shown by"],
    rows.map(({ row, fault, injected, holds }) => [
      String(row),
      fault,
      injected,
      holds,
      (proofs.get(row) ?? []).map((file) => `\`${file}\``).join(", "),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...all.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...others] = all;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}
