/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["**/*.spec.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
};
