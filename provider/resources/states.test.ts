import { z } from "zod";
import * as resources from ".";

test.each(Object.values(resources).map((resource) => [resource.type, resource] as const))(
  "a state of %s is judged by types alone",
  (_type, resource) => {
    expect(rulesIn(resource.inputs).length).toBeGreaterThan(0);
    expect(rulesIn(resource.state)).toEqual([]);
  },
);

/** Where a schema asks more than a type. */
function rulesIn(schema: unknown, place = ""): string[] {
  if (!(schema instanceof z.ZodType)) {
    return [];
  }
  const { shape, options, checks, ...def } = Object(schema.def) as Record<string, object | undefined>;
  const parts = { ...def, ...shape, ...options };
  return [
    ...(Object.keys(checks ?? {}).length > 0 || schema instanceof z.ZodStringFormat ? [place] : []),
    ...Object.entries(parts).flatMap(([key, part]) => rulesIn(part, `${place}.${key}`)),
  ];
}
