/** What an answer may be at most. Anything larger is not an answer of the API, and would end the process by its memory. */
export const maxAnswerBytes = 16 * 1024 * 1024;
/** Of all answers of one operation, such as the pages of a list. */
const maxCharacters = 1.25 * maxAnswerBytes;
/** Values, fields and brackets of all answers of one operation: small ones take far more memory than their characters. */
const maxParts = 700_000;
const maxListLength = 50_000;
const maxDepth = 100;

/** What one operation has received so far. */
export interface Received {
  characters: number;
  parts: number;
}

/** Reads a body piece by piece into one buffer: kept as they come, very small pieces take thousands of times their size. */
export async function readBody(body: AsyncIterable<Buffer>): Promise<string> {
  let buffer = Buffer.alloc(0);
  let length = 0;
  for await (const piece of body) {
    if (length + piece.length > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, length + piece.length));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    piece.copy(buffer, length);
    length += piece.length;
  }
  return buffer.toString("utf8", 0, length);
}

/** Adds an answer to what was received: says why it is too much, if it is, before anything is made of it. */
export function excess(text: string, received: Received): string | undefined {
  received.characters += text.length;
  if (received.characters > maxCharacters) {
    return `the answers have more than ${maxCharacters} characters in all`;
  }
  const lengths: number[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '"':
        at = endOfText(text, at);
        break;
      case "[":
      case "{":
        received.parts++;
        lengths.push(1);
        if (lengths.length > maxDepth) {
          return `the answer is nested more than ${maxDepth} levels deep`;
        }
        break;
      case "]":
      case "}":
        lengths.pop();
        break;
      case ",": {
        received.parts++;
        const length = (lengths.pop() ?? 0) + 1;
        if (length > maxListLength) {
          return `the answer has a list of more than ${maxListLength} entries`;
        }
        lengths.push(length);
        break;
      }
      case ":":
        received.parts++;
        break;
    }
    if (received.parts > maxParts) {
      return `the answers have more than ${maxParts} values in all`;
    }
  }
  return undefined;
}

/** Where the text ends that begins here. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
  return text.length;
}
