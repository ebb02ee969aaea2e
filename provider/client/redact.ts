const LONGEST_TEXT = 200;
/** What is read of a longer text, in characters. */
const LONGEST_READ = 32_768;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const CREDENTIAL_SHAPES = [
  /\b(?:Bearer|Basic)\s+[\w\-.~+/]{6,}=*/gi,
  /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\b(https?:\/\/)[^\s/@:]*:[^\s/@]*@/gi,
];
const HALF_SURROGATE = /\p{Cs}/gu;
const MASK = "***";

/** A text that is safe to print on one line: no control or direction characters, at most `longest` characters. */
export function printable(text: string, longest = LONGEST_TEXT): string {
  const line = text.replace(UNPRINTABLE, " ").replace(/\s+/g, " ").trim();
  const characters = [...line.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join("")}…` : line;
}

/** Knows this connection's secrets and takes them out of what a server says. */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Remembers a secret and the forms in which a server may echo it. */
  add(secret: string): void {
    if (!secret) return;
    for (const form of echoes(secret)) this.#forms.add(form);
  }

  /** The text without known secrets and without anything shaped like a credential. */
  strip(text: string): string {
    const longestFirst = [...this.#forms].sort((a, b) => b.length - a.length);
    const known = longestFirst.reduce((rest, form) => rest.replaceAll(form, MASK), text);
    return CREDENTIAL_SHAPES.reduce((rest, shape) => rest.replace(shape, MASK), known);
  }

  /** The beginning of a text, {@link strip stripped} and {@link printable}. */
  safe(text: string): string {
    if (text.length <= LONGEST_READ) return printable(this.strip(text));
    const beginning = this.strip(text.slice(0, LONGEST_READ));
    const longestSecret = Math.max(0, ...[...this.#forms].map((form) => form.length));
    const withoutHalfASecret = beginning.slice(0, Math.max(0, beginning.length - longestSecret));
    return printable(withoutHalfASecret);
  }
}

function echoes(secret: string): string[] {
  const wellFormed = secret.replace(HALF_SURROGATE, "\u{FFFD}");
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
