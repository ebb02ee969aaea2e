/** Control characters but for line ends and tabs, and those that change the direction of writing. */
const controlCharacters = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** Escapes control characters of clients, seeds and files, so that a terminal prints them instead of acting on them. */
export function escapeControls(text: string): string {
  return text.replace(controlCharacters, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
