import { messageOf } from "../errors";

/** Control characters but for line ends and tabs, and those that change the direction of writing. */
const unsafeCharacters =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** {@link readable}, of whatever was thrown, with its code. */
export function readableMessage(error: unknown): string {
  return readable(messageOf(error));
}

/** A message that does nothing to the terminal it is printed on, whatever names and ids of the server's stand in it. */
export function readable(message: string): string {
  return message.replace(
    unsafeCharacters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
