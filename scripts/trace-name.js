// @ts-check
/**
 * `node scripts/trace-name.js [FOLDER]`: the files of sdk/ and provider/ that a Database's `name` passes, from the line
 * `new Database(...)` of a program to the request that creates it, as JSON.
 *
 * Files are counted while the program runs: each function is compiled with a call at its beginning. `run` lists the files of which
 * a function was called in that time, `handed` those of which one got an argument that is the name or holds it. Class instances,
 * such as the context, are not searched. The SDK's mocks pass what is registered to the dynamic provider's check and create; a
 * solution was created before, so that the login is not part of it. The request arrives at an emulator in the same process.
 */
"use strict";

const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const ts = require("typescript");

const root = path.resolve(process.argv[2] ?? path.join(__dirname, ".."));
const name = "Trace of a name";
const observer = "__observeArguments";
/** @type {Set<string>} */
const run = new Set();
/** @type {Set<string>} */
const handed = new Set();
let isWatching = false;

Reflect.set(globalThis, observer, (/** @type {string} */ file, /** @type {readonly unknown[]} */ values) => {
  if (isWatching) {
    run.add(file);
    if (values.some((value) => holdsName(value))) {
      handed.add(file);
    }
  }
});

/** @param {unknown} value @param {number} [depth] @returns {boolean} */
function holdsName(value, depth = 0) {
  if (typeof value === "string") {
    return value.includes(name) || value.includes(encodeURIComponent(name));
  }
  if (typeof value !== "object" || value === null || depth > 6) {
    return false;
  }
  if (!Array.isArray(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return false;
  }
  return Object.values(Object.getOwnPropertyDescriptors(value)).some((each) =>
    holdsName(each.value, depth + 1),
  );
}

/** The source with a call at the beginning of each function. @param {string} file @param {string} text */
function observed(file, text) {
  /** @type {[position: number, added: string][]} */
  const additions = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    ts.forEachChild(node, visit);
    if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) {
      return;
    }
    const names = node.parameters.flatMap((parameter) => namesIn(parameter.name));
    const call = `${observer}(${JSON.stringify(file)}, [${names.join(", ")}]);`;
    if (ts.isBlock(node.body)) {
      additions.push([node.body.getStart() + 1, call]);
    } else {
      additions.push([node.body.getStart(), `{ ${call} return (`], [node.body.getEnd(), "); }"]);
    }
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return additions
    .sort(([one], [other]) => other - one)
    .reduce((all, [position, added]) => all.slice(0, position) + added + all.slice(position), text);
}

/** @param {ts.BindingName} binding @returns {string[]} */
function namesIn(binding) {
  return ts.isIdentifier(binding)
    ? [binding.text]
    : binding.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}

require.extensions[".ts"] = (/** @type {NodeModule} */ module, /** @type {string} */ filename) => {
  const file = path.relative(root, filename).replaceAll("\\", "/");
  const text = fs.readFileSync(filename, "utf8");
  const { outputText } = ts.transpileModule(/^(sdk|provider)\//.test(file) ? observed(file, text) : text, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  Reflect.get(module, "_compile").call(module, outputText, filename);
};

async function main() {
  // What the program is tried on is always ours, so that earlier revisions are counted in the same way.
  const load = createRequire(path.join(root, "package.json"));
  const pulumi = load("@pulumi/pulumi");
  const emulator = await require("../emulator").startEmulator({
    onRequest: (/** @type {{ method: string; path: string }} */ { method, path: route }) => {
      if (method === "POST" && route.includes("/group/")) {
        isWatching = false;
      }
    },
  });
  Object.assign(process.env, {
    COCKPIT_URL: emulator.url,
    COCKPIT_ENVIRONMENT: emulator.environmentId,
    COCKPIT_USERNAME: emulator.username,
    COCKPIT_PASSWORD: emulator.password,
  });
  const providers = load("./provider/dynamic/index.ts");
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: async (/** @type {{ type: string; inputs: object }} */ { type, inputs }) => {
        const provider = providers[type.split(":").at(-1) ?? ""];
        const checked = await provider.check({}, inputs);
        if (checked.failures.length > 0) {
          throw new Error(JSON.stringify(checked.failures));
        }
        const { id: made, outs } = await provider.create(checked.inputs);
        return { id: made, state: outs };
      },
    },
    "trace",
    "test",
  );
  const { Database, Solution } = load("./sdk/index.ts");
  const idOf = (/** @type {any} */ resource) => new Promise((resolve) => resource.id.apply(resolve));
  const solutionId = await idOf(new Solution("petra", { name: "Petra" }));
  isWatching = true;
  await idOf(new Database("france", { name, solutionId }));
  await emulator.close();
  console.log(JSON.stringify({ handed: [...handed].sort(), run: [...run].sort() }));
}

main().then(
  () => process.exit(0),
  (/** @type {unknown} */ error) => {
    console.error(error);
    process.exit(1);
  },
);
