import { inEachLanguage } from "./examples";
import type { Shapes } from "./examples/program";

const chooser = /^\{\{< chooser .*?^\{\{< \/chooser >\}\}$/ms;

/** The Registry's overview, with its example in TypeScript written in every language. */
export function overviewPage(page: string, shapes: Shapes): string {
  const [whole = ""] = chooser.exec(page) ?? [];
  const [, example = ""] = /^```typescript\n(.*?)^```$/ms.exec(whole) ?? [];
  const languages = { typescript: example, ...inEachLanguage(example, shapes) };
  const blocks = Object.entries(languages).map(
    ([language, code]) =>
      `{{% choosable language ${language} %}}\n\n\`\`\`${language}\n${code.trimEnd()}\n\`\`\`\n\n{{% /choosable %}}\n`,
  );
  const chosen = [
    `{{< chooser language "${Object.keys(languages).join(",")}" >}}\n`,
    ...blocks,
    "{{< /chooser >}}",
  ].join("\n");
  return page.replace(chooser, () => chosen);
}
