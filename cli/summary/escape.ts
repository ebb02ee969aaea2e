/** What the engine writes in the place of a secret, in plain text or encrypted. */
const secretMark = "4dabf18193072939515e22adb298388d";
/** What stands for a value that is known only after the update, of each kind. */
const unknownMarks = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const maxValueLength = 120;

/** A value as a reviewer reads it: JSON, with secrets masked at any depth and unknown values named. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") {
    return unknownMarks.has(value)
      ? "(known after up)"
      : value === "[secret]"
        ? value
        : JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(shownValue).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    return Object.hasOwn(value, secretMark)
      ? "[secret]"
      : `{${Object.entries(value)
          .map(([key, inner]) => `${key}: ${shownValue(inner)}`)
          .join(", ")}}`;
  }
  return String(value);
}

/** Text of others on one line, without what a terminal or a reader of Markdown would act upon. */
export function line(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * As code, where neither a link, nor a mention of a person, nor HTML is one; also within a table.
 *
 * @param text what a program or Cockpit calls something
 */
export function code(text: string): string {
  const tidy = line(text);
  const short = tidy.length > maxValueLength ? `${[...tidy].slice(0, maxValueLength).join("")}…` : tidy;
  const fence = "`".repeat(Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = short === "" || short.startsWith("`") || short.endsWith("`") ? " " : "";
  return `${fence}${pad}${short.replaceAll("|", "\\|")}${pad}${fence}`;
}

/** As text within HTML. */
export function html(text: string): string {
  return line(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b");
}

/** As words of a sentence that Markdown leaves as they are, without a mention of a person or an issue. */
export function words(text: string): string {
  return line(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replace(/[@#]/g, "$&\u200b");
}

/** As the label of a node in a diagram. */
export function label(text: string): string {
  const tidy = [...line(text)].slice(0, 60).join("");
  return `"${tidy.replaceAll("#", "#35;").replaceAll('"', "#quot;").replaceAll("<", "#lt;").replaceAll(">", "#gt;").replaceAll("`", "#96;")}"`;
}
