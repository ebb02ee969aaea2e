// @ts-nocheck: the rules of a plugin are not typed well enough to be worth it.
const eslint = require("@eslint/js");
const tseslint = require("typescript-eslint");

/**
 * The arrows of the house: sdk → dynamic → resources → api, and sdk → functions → resources; everyone may use engine; the
 * emulator stands alone.
 */
const arrows = {
  "provider/api/**": ["**/resources/**", "**/functions/**", "**/dynamic/**", "**/sdk/**", "**/emulator/**"],
  "provider/engine/**": ["**/api/**", "**/dynamic/**", "**/sdk/**", "**/emulator/**"],
  "provider/resources/**": [
    "**/functions/**",
    "**/dynamic/**",
    "**/sdk/**",
    "**/emulator/**",
    "@pulumi/*",
    "undici",
  ],
  "provider/functions/**": ["**/dynamic/**", "**/sdk/**", "**/emulator/**", "@pulumi/*", "undici"],
  "provider/dynamic/**": ["**/sdk/**", "**/emulator/**"],
  "sdk/**": ["**/provider/**", "**/emulator/**", "zod", "undici"],
  "emulator/**": ["**/provider/**", "**/sdk/**", "@pulumi/*"],
};

module.exports = tseslint.config(
  { ignores: ["dist/", "**/node_modules/", "coverage/", ".demo/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines": ["warn", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  ...Object.entries(arrows).map(([room, closed]) => ({
    files: [`${room}/*.ts`],
    ignores: ["**/*.test.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: closed, message: "This arrow of the house does not exist (see CONTRIBUTING.md)." },
          ],
        },
      ],
    },
  })),
  {
    files: ["**/*.test.ts", "tests/**/*.ts", "bench/**/*.ts"],
    rules: { "max-lines": "off" },
  },
  {
    files: ["**/*.js"],
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
