import fc from "fast-check";

const triggers = fc.option(
  fc.oneof(
    fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
    fc.array(fc.string()),
  ),
  { nil: undefined },
);

export const indexUpdateArgs = fc.record({ databaseId: fc.constantFrom("france", "belgium"), triggers });

export const transferTokenArgs = fc.record({
  description: fc.constantFrom("entrance", "for Petra Corp"),
  expiresIn: fc.constantFrom("2h", "30m", 600),
  triggers,
});
