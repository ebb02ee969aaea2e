import type { z } from "zod";
import type { Fault, Seed } from "./options";
import { seedSchema } from "./seed";
import { faultSchema } from "../server/faults";

/** With nothing optional: a property that only one of two types has would not count otherwise. */
type Whole<T> = T extends (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Whole<T[Key]> }
    : T;
type Fits<One, Other> = [Whole<One>] extends [Whole<Other>] ? true : false;
type Same<One, Other> = Fits<One, Other> & Fits<Other, One>;

test("the written types of seeds and faults are those that are checked", () => {
  const areSame: [Same<Seed, z.input<typeof seedSchema>>, Same<Fault, z.input<typeof faultSchema>>] = [
    true,
    true,
  ];
  expect(areSame).toEqual([true, true]);
  // The compiler has said it; here the schemas take what the types call everything that may be left out.
  expect(seedSchema.safeParse({} satisfies Seed).success).toBe(true);
  expect(faultSchema.safeParse({ action: { hang: true } } satisfies Fault).success).toBe(true);
});
