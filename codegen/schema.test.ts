import { readFileSync } from "node:fs";
import path from "node:path";

interface Property {
  description?: string;
  $ref?: string;
  oneOf?: { $ref?: string; type?: string }[];
  default?: unknown;
  discriminator?: object;
}
interface ObjectType {
  description?: string;
  properties?: Record<string, Property>;
  inputProperties?: Record<string, Property>;
  aliases?: { type: string }[];
  isComponent?: boolean;
}
interface Schema {
  namespace: string;
  version: string;
  publisher: string;
  repository: string;
  language: Record<string, object>;
  config: { variables: Record<string, Property & { defaultInfo: { environment: string[] } }> };
  provider: ObjectType;
  resources: Record<string, ObjectType>;
  functions: Record<string, { description?: string; inputs?: ObjectType; outputs?: ObjectType }>;
  types: Record<string, ObjectType>;
}

const text = readFileSync(path.join(__dirname, "../schema.json"), "utf8");
const schema = JSON.parse(text) as Schema;

const objects: [string, ObjectType][] = [
  ...Object.entries(schema.resources),
  ...Object.entries(schema.types),
  ...Object.entries(schema.functions).flatMap(([name, { inputs, outputs }]): [string, ObjectType][] => [
    [`${name} inputs`, inputs ?? {}],
    [`${name} outputs`, outputs ?? {}],
  ]),
  ["provider", schema.provider],
  ["config", { properties: schema.config.variables }],
];
const properties = objects.flatMap(([owner, { properties: outputs, inputProperties }]) =>
  Object.entries({ ...outputs, ...inputProperties }).map(([name, property]): [string, Property] => [
    `${owner}.${name}`,
    property,
  ]),
);

test("describes everything", () => {
  expect(properties.length).toBeGreaterThan(100);
  expect(properties.filter(([, { description }]) => !description).map(([name]) => name)).toEqual([]);
  const named = [...Object.entries(schema.resources), ...Object.entries(schema.functions)];
  expect(named.filter(([, { description }]) => !description)).toEqual([]);
});

test("gives a union no default, of which Go's generator makes what does not compile, and tells objects in one apart", () => {
  const unions = properties.filter(([, { oneOf }]) => oneOf !== undefined);
  expect(unions.length).toBeGreaterThan(0);
  expect(unions.filter(([, property]) => property.default !== undefined)).toEqual([]);
  const ofObjects = unions.filter(([, { oneOf = [] }]) => oneOf.every(({ $ref }) => $ref !== undefined));
  expect(ofObjects.filter(([, { discriminator }]) => discriminator === undefined)).toEqual([]);
});

test("gives an output no union that Python's SDK can't read", () => {
  const outputs = Object.values(schema.resources).flatMap(({ properties: all = {} }) => Object.values(all));
  const unions = outputs.filter(
    ({ oneOf, discriminator }) => oneOf !== undefined && discriminator === undefined,
  );
  const scalar = ["string", "number", "integer", "boolean"];
  expect(unions.flatMap(({ oneOf = [] }) => oneOf).filter(({ type = "" }) => !scalar.includes(type))).toEqual(
    [],
  );
  expect(schema.resources["cockpit:index:IndexUpdate"]?.properties?.["triggers"]?.$ref).toBe(
    "pulumi.json#/Any",
  );
});

test("names each language's package, and the environment variable of each setting", () => {
  expect(Object.keys(schema.language).sort()).toEqual(["csharp", "go", "java", "nodejs", "python"]);
  expect(schema).toMatchObject({ namespace: "pulumi-cockpit", publisher: "pulumi-cockpit" });
  for (const { defaultInfo } of Object.values(schema.config.variables)) {
    expect(defaultInfo.environment).toEqual([expect.stringMatching(/^COCKPIT_/)]);
  }
});

test("knows each dynamic resource by its alias, and replaces by the provider's word, not by the engine's", () => {
  for (const [token, { aliases, isComponent }] of Object.entries(schema.resources)) {
    const type = token.split(":").at(-1);
    expect(aliases).toEqual(isComponent === true ? undefined : [{ type: `pulumi-nodejs:cockpit:${type}` }]);
  }
  expect(text).toContain('"willReplaceOnChanges": true');
  expect(text).not.toContain('"replaceOnChanges"');
});
