import { z } from "zod";
import { checkForms, type Form } from "./forms";
import { described } from "./metadata";
import { UNKNOWN } from "./unknowns";

const schema = z.strictObject({
  isBig: described("A size.", z.boolean().default(false)),
  key: described("A key.", z.string().optional(), { secret: true }),
  color: described("A color.", z.string().optional()),
});
const forms: Form[] = [
  {
    name: "Small",
    description: "A small one.",
    when: { isBig: false },
    requires: ["key"],
    excludes: ["color"],
  },
  { name: "Big", description: "A big one.", when: { isBig: true }, excludes: ["key"] },
];
const check = (inputs: Record<string, unknown>) => checkForms(schema, forms, inputs);

test("accepts what goes together", () => {
  expect(check({ isBig: false, key: "k" })).toEqual([]);
  expect(check({ isBig: true, color: "red" })).toEqual([]);
  expect(check({ isBig: true })).toEqual([]);
});

test("refuses what does not, and never names a secret as the property", () => {
  expect(check({ isBig: true, key: "k" })).toEqual([
    { property: "", reason: "key: can't be given together with isBig: true" },
  ]);
  expect(check({ isBig: false, color: "red" })).toEqual([
    { property: "color", reason: "can't be given together with isBig: false" },
    { property: "", reason: "key: is required" },
  ]);
});

test("leaves open what a switch decides that is not known yet", () => {
  expect(check({ isBig: UNKNOWN, key: "k", color: "red" })).toEqual([]);
});
