// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {string} name without the ending that Windows wants
 * @param {string[]} folders
 */
function findIn(name, folders) {
  return folders
    .filter((folder) => folder !== "")
    .flatMap((folder) => endings.map((ending) => path.resolve(folder, name + ending)))
    .find(isExecutable);
}

/**
 * The name of the variable that holds the search path: Windows writes it as it likes.
 * @param {NodeJS.ProcessEnv} environment
 */
function pathVariable(environment) {
  return Object.keys(environment).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
}

/** @param {NodeJS.ProcessEnv} environment */
function pathFolders(environment) {
  return (environment[pathVariable(environment)] ?? "").split(path.delimiter);
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
function findOnPath(name, environment) {
  return findIn(name, pathFolders(environment));
}

module.exports = { findIn, findOnPath, isExecutable, pathFolders, pathVariable };
