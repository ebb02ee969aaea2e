import { drift } from "./drift";
import { lifecycle } from "./lifecycle";
import { login } from "./login";
import { names } from "./names";
import { network } from "./network";
import { program } from "./program";
import type { Row } from "./row";

export type { Row } from "./row";

export const themes: readonly { title: string; rows: readonly Row[] }[] = [
  { title: "Network and server", rows: network },
  { title: "Login", rows: login },
  { title: "Concurrency and drift", rows: drift },
  { title: "Lifecycle and process death", rows: lifecycle },
  { title: "Names and secrets", rows: names },
  { title: "Changes of the program", rows: program },
];

/** The fault matrix: what may go wrong, and where it is shown that nothing is lost and nothing is made twice. */
export const matrix: readonly Row[] = themes.flatMap(({ rows }) => rows);
