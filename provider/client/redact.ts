const maxTextLength = 200;
/** What is read of a longer text, in characters. */
const maxReadLength = 32_768;
const unprintableCharacters = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const credentialShapes = [
  /\b(?:Bearer|Basic)\s+[\w\-.~+/]{6,}=*/gi,
  /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\b(https?:\/\/)[^\s/@:]*:[^\s/@]*@/gi,
];
const halfSurrogate = /\p{Cs}/gu;
const secretMask = "***";

/** A text that is safe to print on one line: no control or direction characters, at most `longest` characters. */
export function printable(text: string, longest = maxTextLength): string {
  const line = text.replace(unprintableCharacters, " ").replace(/\s+/g, " ").trim();
  const characters = [...line.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join("")}…` : line;
}

/** Knows this connection's secrets and takes them out of what a server says. */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Remembers a secret and the forms in which a server may echo it. */
  add(secret: string): void {
    if (!secret) {
      return;
    }
    for (const form of echoes(secret)) {
      this.#forms.add(form);
    }
  }

  /** The text without known secrets and without anything shaped like a credential. */
  strip(text: string): string {
    const longestFirst = [...this.#forms].sort((a, b) => b.length - a.length);
    const known = longestFirst.reduce((rest, form) => rest.replaceAll(form, secretMask), text);
    return credentialShapes.reduce((rest, shape) => rest.replace(shape, secretMask), known);
  }

  /** The beginning of a text, {@link strip stripped} and {@link printable}. */
  safe(text: string): string {
    if (text.length <= maxReadLength) {
      return printable(this.strip(text));
    }
    const beginning = this.strip(text.slice(0, maxReadLength));
    const longestSecret = Math.max(0, ...[...this.#forms].map((form) => form.length));
    const withoutHalfASecret = beginning.slice(0, Math.max(0, beginning.length - longestSecret));
    return printable(withoutHalfASecret);
  }
}

function echoes(secret: string): string[] {
  const wellFormed = secret.replace(halfSurrogate, "\u{FFFD}");
  const percent = encodeURIComponent(wellFormed);
  const html = secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    percent,
    percent.replaceAll("%20", "+"),
    html,
    Buffer.from(wellFormed).toString("base64"),
  ];
}
