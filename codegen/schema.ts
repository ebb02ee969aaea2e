import type { LookUp } from "../provider/framework/function";
import type { Resource } from "../provider/framework/resource";
import { settingDescriptions } from "../provider/config/settings";
import { componentExample, componentOf, onboardedSolution } from "./component";
import { withExamples } from "./examples";
import type { Shapes } from "./examples/program";
import { partsOf } from "./functions";
import { inputsOf, outputsOf, type DescribedProperty } from "./properties";
import { asProperties, namesOf, typeName, type Types } from "./schema-types";

/** What package.json says of the package. */
export interface About {
  version: string;
  description: string;
  keywords: readonly string[];
  license: string;
  homepage: string;
  repository: string;
  publisher: string;
}

/** The same whichever way the package is added: by its folder, its git URL or a release. */
const namespace = "pulumi-cockpit";

/** How the SDKs are called in each language. */
const languages = {
  nodejs: { packageName: "@pulumi-cockpit/cockpit", respectSchemaVersion: true },
  python: { packageName: "pulumi_cockpit", respectSchemaVersion: true, pyproject: { enabled: true } },
  go: {
    importBasePath: "github.com/pulumi-cockpit/pulumi-cockpit/sdk/go/cockpit",
    generateResourceContainerTypes: true,
    respectSchemaVersion: true,
  },
  csharp: { rootNamespace: "PulumiCockpit", respectSchemaVersion: true },
  java: { basePackage: "io.github.pulumicockpit", buildFiles: "gradle" },
};

/** The package as Pulumi's schema describes it: what code generators, docs and policies read. */
export function pulumiSchema(
  about: About,
  resources: readonly Resource<never>[],
  functions: readonly LookUp<never>[],
): object {
  const types: Types = {};
  const provider = providerOf();
  const shapes = {
    resources: {
      ...Object.fromEntries(
        resources.map((resource) => [`cockpit:index:${resource.type}`, resourceOf(resource, types)]),
      ),
      ...componentOf(resources, types),
    },
    functions: Object.fromEntries(
      functions.map((lookUp) => [`cockpit:index:${lookUp.name}`, functionOf(lookUp, types)]),
    ),
    types: { ...types, [environmentsToken]: environmentSettings },
  };
  const examples = new Map<string, string>([
    ...resources.map(({ type, example }) => [`cockpit:index:${type}`, example] as const),
    ...functions.map(({ name, example }) => [`cockpit:index:${name}`, example] as const),
    [onboardedSolution, componentExample],
  ]);
  const exemplified = (described: Record<string, Described>): object =>
    Object.fromEntries(
      Object.entries(described).map(([token, one]) => [
        token,
        { ...one, description: withExamples(one.description, examples.get(token) ?? "", shapes as Shapes) },
      ]),
    );
  return {
    $schema: "https://github.com/pulumi/pulumi/blob/master/pkg/codegen/schema/pulumi.json",
    name: "cockpit",
    displayName: "iCure Cockpit",
    namespace,
    ...about,
    meta: { moduleFormat: "(.*)", supportPack: true },
    language: languages,
    config: { variables: provider.variables },
    provider: {
      description:
        "The connection to Cockpit: an account, and the environment or environments that it works in. Two accounts in one program are two providers.",
      inputProperties: provider.inputs,
    },
    resources: exemplified(shapes.resources),
    functions: exemplified(shapes.functions),
    types: shapes.types,
  };
}

/** A part of the schema that documentation is made of. */
interface Described extends Record<string, unknown> {
  description: string;
}

function resourceOf(resource: Resource<never>, types: Types): Described {
  const inputs = inputsOf(resource);
  const outputs = outputsOf(resource);
  return {
    description: resource.description,
    properties: asProperties(resource.type, outputs, false, types),
    required: namesOf(outputs),
    inputProperties: asProperties(resource.type, inputs, true, types),
    requiredInputs: namesOf(inputs).filter((name) => name !== "name"),
    ...listInputsOf(resource, types),
    // A stack of dynamic resources moves over without a replacement.
    aliases: [{ type: `pulumi-nodejs:cockpit:${resource.type}` }],
  };
}

function listInputsOf({ type, list }: Resource<never>, types: Types): object {
  if (!list) {
    return {};
  }
  const filters = inputsOf({ type: `${type}List`, inputs: list.filters, state: list.filters });
  return {
    listInputs: {
      type: "object",
      properties: asProperties(`${type}List`, filters, false, types),
      ...requiredOf(filters),
    },
  };
}

function functionOf(lookUp: LookUp<never>, types: Types): Described {
  const { args, results } = partsOf(lookUp);
  const owner = typeName("", lookUp.name);
  return {
    description: lookUp.description,
    ...(args.length === 0
      ? {}
      : {
          inputs: {
            type: "object",
            properties: asProperties(owner, args, true, types),
            ...requiredOf(args),
          },
        }),
    outputs: {
      type: "object",
      properties: asProperties(owner, results, false, types),
      ...requiredOf(results),
    },
  };
}

function requiredOf(properties: readonly DescribedProperty[]): object {
  const required = namesOf(properties);
  return required.length === 0 ? {} : { required };
}

const environmentsToken = "cockpit:index:EnvironmentSettings";

/** The same settings as the stack's configuration and as arguments of a provider. */
function providerOf(): { variables: object; inputs: object } {
  const described = settingDescriptions.map(({ key, variable, description, secret }) => {
    const name = key.replace("cockpit:", "");
    const type =
      name === "environments"
        ? { type: "object", additionalProperties: { $ref: `#/types/${environmentsToken}` } }
        : { type: "string" };
    return { name, variable, property: { ...type, description, ...(secret ? { secret: true } : {}) } };
  });
  return {
    variables: Object.fromEntries(
      described.map(({ name, variable, property }) => [
        name,
        { ...property, defaultInfo: { environment: [variable] } },
      ]),
    ),
    // No default by environment variable: the SDK would write its value into the state, where a new password would not reach it.
    // The provider reads the variables itself, in each run.
    inputs: Object.fromEntries(
      described.map(({ name, variable, property }) => [
        name,
        {
          ...property,
          description: `${property.description} If omitted, it is read from ${variable} in each run.`,
        },
      ]),
    ),
  };
}

const environmentSettings = {
  type: "object",
  description:
    "One environment of several. Whatever is left out is as in the provider's own settings, unless it has a `url` of its own.",
  properties: {
    id: { type: "string", description: "Id of the environment." },
    url: { type: "string", description: "Address of its Cockpit API." },
    gatewayUrl: { type: "string", description: "Address of its message gateway." },
    allowHttp: { type: "string", description: '"true" lets its login go over plain http.' },
    username: { type: "string", description: "Login, e-mail or id of an administrator of the environment." },
    password: { type: "string", description: "Its password.", secret: true },
  },
  required: ["id"],
};
