import { missingVariable } from "../contract/assumptions";

export type Variables = Readonly<Record<string, string>>;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (value: string) => value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
const unescaped = (value: string) => value;

/** Fills in the variables of texts. They are data, never markup and never a template of their own. */
function renderer(spelling: RegExp) {
  const fill = (template: string, variables: Variables, present: (value: string) => string): string =>
    template.replace(spelling, (_whole, name: string) =>
      present(Object.hasOwn(variables, name) ? (variables[name] ?? missingVariable) : missingVariable),
    );
  return {
    html: (template: string, variables: Variables) => fill(template, variables, escaped),
    text: (template: string, variables: Variables) => fill(template, variables, unescaped),
    /** A subject is one line, whatever its variables hold. */
    subject: (template: string, variables: Variables) =>
      fill(template, variables, unescaped)
        .replace(/[\r\n]+/g, " ")
        .trim(),
  };
}

/** Registration and login, as Cockpit's page writes their variables: `{{it.name}}`. */
export const renderCode = renderer(/\{\{\s*it\.([A-Za-z_]\w*)\s*\}\}/g);

/** What an app sends by a process. The published program that does so writes `{{ name }}`, Cockpit's page `{{it.name}}`. */
export const renderMessage = renderer(/\{\{\s*(?:it\.)?([A-Za-z_]\w*)\s*\}\}/g);
