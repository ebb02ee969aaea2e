// @ts-check
"use strict";

const { aligned } = require("../align-table");

const isStyled = process.stdout.isTTY && !process.env.NO_COLOR;

/** @param {string} text */
const bold = (text) => (isStyled ? `\u001b[1m${text}\u001b[22m` : text);

/** @param {string} title */
const section = (title) => console.log(`\n${bold(`== ${title}`)}`);

/** @param {string} text as a shell takes it */
const shellQuoted = (text) =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** @param {string[][]} rows the first is the heading */
function printTable(rows) {
  const [heading = "", ...lines] = aligned(rows).split("\n");
  console.log([bold(heading), ...lines].join("\n"));
}

module.exports = { bold, printTable, section, shellQuoted };
