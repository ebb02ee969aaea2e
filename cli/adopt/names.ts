/** Letters that do not come apart into one of the alphabet and a mark. */
const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i",
  "&": " and ",
};

const maxNameLength = 60;

/** `Pétra Québec & Co.` as a name in a program: `petra-quebec-and-co`. Empty where nothing of it is a letter or digit. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[ßæœøđðþłı&]/g, (letter) => letters[letter] ?? letter)
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, maxNameLength)
    .replace(/^-+|-+$/g, "");
}

/** A name within something that has one: `petra` and `France` are `petra-france`, and so are `petra` and `Petra France`. */
export function nameWithin(above: string, text: string, otherwise: string): string {
  const own = slugOf(text) || otherwise;
  return above === "" || own === above || own.startsWith(`${above}-`) ? own : `${above}-${own}`;
}

/** Gives each name once: the second `petra` is `petra-2`. */
export class Names {
  readonly #taken = new Set<string>();

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number++) {
      name = `${wanted}-${number}`;
    }
    this.#taken.add(name);
    return name;
  }
}

/** `petra-france` as TypeScript writes it: `petraFrance`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** `petra-france` and `siteKey` as Python writes them: `petra_france` and `site_key`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/-/g, "_");
}

/** What no variable may be called in TypeScript or in Python, and what the programs that are written here have imported. */
const reserved = new Set(
  (
    "abstract and any arguments as assert async await boolean break case catch class cockpit config const constructor continue " +
    "debugger declare def default del delete do elif else enum eval except exec export extends false finally for from function " +
    "get global if implements import in instanceof interface is lambda let match module namespace never new none nonlocal not null " +
    "number object of or package pass print private protected public pulumi raise require return self set static string super " +
    "switch symbol this throw true try type typeof undefined unknown var void while with yield exports process"
  ).split(" "),
);

/** An identifier of both languages. */
export function identifierOf(name: string, kind: string): string {
  const begins = /^[a-z]/.test(name) ? name : `${kind}-${name}`;
  return reserved.has(begins) ? `${begins}-${kind}` : begins;
}
