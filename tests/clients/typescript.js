// Lets a child process require the sources as the tests do: node -r ./typescript.js emulator/command.ts
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

/** @typedef {{ _compile(code: string, filename: string): void }} Compiling */

require.extensions[".ts"] = (/** @type {NodeModule} */ module, /** @type {string} */ filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  });
  /** @type {NodeModule & { _compile(code: string, filename: string): void }} */ (module)._compile(
    code,
    filename,
  );
};
