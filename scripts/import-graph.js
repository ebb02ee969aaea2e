// @ts-check
/** Who imports whom in this repository, in every form of an import, and who does so in a circle. */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");

/** @typedef {Map<string, string[]>} Graph a file or folder, and what it imports */

const scripts = /\.(ts|js|mjs)$/;

/**
 * @param {string} root
 * @param {readonly string[]} files all that there are, below the root
 * @param {{ valuesOnly?: boolean }} [options] whether imports of types count, which they do by default
 * @returns {Graph}
 */
function importGraph(root, files, { valuesOnly = false } = {}) {
  const known = new Set(files);
  const sources = files.filter((file) => scripts.test(file));
  return new Map(sources.map((file) => [file, importsOf(root, file, known, valuesOnly)]));
}

/** @param {string} root @param {string} file @param {Set<string>} known @param {boolean} valuesOnly */
function importsOf(root, file, known, valuesOnly) {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const types = valuesOnly ? typeImports(file, text) : new Set();
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName, pos }) => fileName.startsWith(".") && !types.has(pos))
    .map(({ fileName }) => path.posix.join(path.posix.dirname(file), fileName))
    .flatMap((name) => {
      const candidates = [name, `${name}.ts`, `${name}.js`, `${name}/index.ts`, `${name}/index.js`];
      return candidates.find((candidate) => known.has(candidate)) ?? [];
    });
}

/** Where imports stand that leave nothing behind once the types are gone. @param {string} file @param {string} text */
function typeImports(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = source.statements.filter((statement) => {
    if (ts.isExportDeclaration(statement)) {
      return statement.isTypeOnly;
    }
    if (!ts.isImportDeclaration(statement) || !statement.importClause) {
      return false;
    }
    const { isTypeOnly, name, namedBindings } = statement.importClause;
    const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : undefined;
    return isTypeOnly || (!name && named?.every((element) => element.isTypeOnly) === true);
  });
  return new Set(
    found.flatMap((statement) =>
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier
        ? [statement.moduleSpecifier.getFullStart(), statement.moduleSpecifier.getStart()]
        : [],
    ),
  );
}

/** Which folder imports from which; what a test imports tells nothing about its folder. @param {Graph} graph @returns {Graph} */
function foldersOf(graph) {
  /** @type {Map<string, Set<string>>} */
  const folders = new Map();
  for (const [file, targets] of graph) {
    if (file.endsWith(".test.ts")) {
      continue;
    }
    const folder = path.posix.dirname(file);
    const others = folders.get(folder) ?? new Set();
    for (const other of targets.map((target) => path.posix.dirname(target))) {
      if (other !== folder) {
        others.add(other);
      }
    }
    folders.set(folder, others);
  }
  return new Map([...folders].map(([folder, others]) => [folder, [...others]]));
}

/** All that reach each other, by Tarjan's algorithm. @param {Graph} graph @returns {string[][]} */
function circles(graph) {
  /** @type {Map<string, { index: number, low: number, isOpen: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const found = [];
  /** @param {string} node */
  const visit = (node) => {
    const own = { index: seen.size, low: seen.size, isOpen: true };
    seen.set(node, own);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const other = seen.get(next) ?? visit(next);
      if (other.isOpen) {
        own.low = Math.min(own.low, other.low);
      }
    }
    if (own.low === own.index) {
      const circle = stack.splice(stack.indexOf(node));
      for (const member of circle) {
        const one = seen.get(member);
        if (one) {
          one.isOpen = false;
        }
      }
      if (circle.length > 1 || graph.get(node)?.includes(node)) {
        found.push(circle.sort());
      }
    }
    return own;
  };
  for (const node of graph.keys()) {
    if (!seen.has(node)) {
      visit(node);
    }
  }
  return found;
}

/** All that a file needs, itself included. @param {Graph} graph @param {string} start @param {(file: string) => boolean} isWanted */
function reachableFrom(graph, start, isWanted) {
  const reached = new Set([start]);
  for (const file of reached) {
    for (const target of graph.get(file) ?? []) {
      if (isWanted(target)) {
        reached.add(target);
      }
    }
  }
  return [...reached];
}

module.exports = { circles, foldersOf, importGraph, reachableFrom };
