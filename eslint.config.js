// @ts-nocheck: the rules of a plugin are not typed well enough to be worth it.
const eslint = require("@eslint/js");
const importX = require("eslint-plugin-import-x").default;
const tseslint = require("typescript-eslint");
const { closedPackages, message, zones } = require("./scripts/arrows");

/** One way to write things: what Prettier does not see. */
const dialect = [
  {
    selector: "VariableDeclarator > Identifier.id[name=/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/][name=/^.{2}/]",
    message: "Constants are written as other names are: maxPages.",
  },
  {
    selector: "ImportDeclaration[source.value='zod'] > ImportNamespaceSpecifier",
    message: 'Write import { z } from "zod".',
  },
];

module.exports = tseslint.config(
  { ignores: ["dist/", "**/node_modules/", "coverage/", ".demo/", "examples/languages/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.js"],
    rules: { curly: ["error", "all"] },
  },
  {
    files: ["**/*.ts", "**/*.js"],
    rules: {
      "no-restricted-globals": ["error", { name: "it", message: "Write test." }],
      "no-restricted-syntax": ["error", ...dialect],
    },
  },
  {
    files: ["**/*.ts", "**/*.js"],
    plugins: { "import-x": importX },
    rules: { "import-x/no-duplicates": ["error", { "prefer-inline": true }] },
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-import-type-side-effects": "error",

      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines": ["warn", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["**/*.ts", "**/*.js"],
    ignores: ["**/*.test.ts"],
    plugins: { "import-x": importX },
    settings: { "import-x/resolver": { node: { extensions: [".ts", ".js"] } } },
    // Also what is required, and what is imported by a call.
    rules: { "import-x/no-restricted-paths": ["error", { zones, basePath: __dirname }] },
  },
  ...Object.entries(closedPackages).map(([room, packages]) => ({
    files: [`${room}/**/*.ts`],
    ignores: ["**/*.test.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ group: packages.flatMap((name) => [name, `${name}/**`]), message }] },
      ],
    },
  })),
  {
    files: ["provider/**/*.ts", "sdk/**/*.ts", "cli/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...dialect,
        {
          selector:
            "NewExpression[callee.name=/^(Error|TypeError|RangeError)$/], NewExpression[callee.property.name='RunError']",
          message:
            "Users search for codes: throw a CockpitError (provider/errors), or in sdk/ a ProgramError.",
        },
      ],
    },
  },
  {
    files: ["**/*.test.ts", "tests/**/*.ts", "bench/**/*.ts"],
    rules: { "max-lines": "off" },
  },
  {
    files: ["emulator/page/browser/*.js"],
    languageOptions: {
      sourceType: "module",
      globals: Object.fromEntries(
        [
          "btoa",
          "document",
          "DOMParser",
          "fetch",
          "HTMLButtonElement",
          "HTMLElement",
          "HTMLFormElement",
          "HTMLInputElement",
          "HTMLSelectElement",
          "setTimeout",
          "TextDecoder",
          "TextEncoder",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["**/*.js"],
    ignores: ["emulator/page/browser/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: Object.fromEntries(
        [
          "require",
          "module",
          "exports",
          "process",
          "console",
          "__dirname",
          "Buffer",
          "setTimeout",
          "clearTimeout",
          "setInterval",
          "clearInterval",
          "URL",
          "fetch",
          "AbortSignal",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
);
