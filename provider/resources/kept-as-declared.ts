/** A text with one kind of line ends. */
export function oneLineEnd(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** An e-mail address as servers compare it. */
export function oneCase(email: string): string {
  return email.toLowerCase();
}

/**
 * What Cockpit keeps now, as the state has it where both mean the same: a server that writes an address in small letters, or a
 * text with other line ends, would otherwise be drift for ever. A change in the program is still sent.
 */
export function asInState<Value extends string | undefined>(
  state: string | undefined,
  live: Value,
  essence: (text: string) => string,
): Value | string {
  return state !== undefined && live !== undefined && essence(state) === essence(live) ? state : live;
}
