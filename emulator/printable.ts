/** Control characters but for line ends and tabs, and those that change the direction of writing. */
const controlCharacters = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** What a terminal prints and does not act upon, whatever clients, seeds and files have put into it. */
export function escapeControls(text: string): string {
  return text.replace(controlCharacters, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
