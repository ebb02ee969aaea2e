import { missingVariable } from "../assumptions";

export type Variables = Readonly<Record<string, string>>;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (value: string) => value.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** Fills in `{{it.name}}`. Variables are data, never markup and never a template of their own. */
function fill(template: string, variables: Variables, present: (value: string) => string): string {
  return template.replace(/\{\{\s*it\.([A-Za-z_]\w*)\s*\}\}/g, (_whole, name: string) =>
    present(Object.hasOwn(variables, name) ? (variables[name] ?? missingVariable) : missingVariable),
  );
}

export const renderHtml = (template: string, variables: Variables) => fill(template, variables, escaped);
export const renderText = (template: string, variables: Variables) =>
  fill(template, variables, (value) => value);

/** A subject is one line, whatever its variables hold. */
export const renderSubject = (template: string, variables: Variables) =>
  fill(template, variables, (value) => value)
    .replace(/[\r\n]+/g, " ")
    .trim();
