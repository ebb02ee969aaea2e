import type { Resource } from "../provider/framework/resource";
import { inputsOf, type DescribedProperty } from "./properties";
import { asProperties, namesOf, type Types } from "./schema-types";

export const onboardedSolution = "cockpit:index:OnboardedSolution";
const token = onboardedSolution;

export const componentExample = `import { OnboardedSolution } from "pulumi-cockpit";

const petra = new OnboardedSolution("petra", {
  solution: { name: "Petra", applicationId: "com.petra.app" },
  database: { name: "Petra France", cluster: "europe-west-02" },
  organisation: { name: "Petra Corp", email: "care@petra.example" },
  externalServices: { demo: true },
  processes: { "patient-registration": { language: "fr" } },
});

export const variables = petra.variables;
`;

/** The component, whose arguments are those of the resources that it is made of. */
export function componentOf(
  resources: readonly Resource<never>[],
  types: Types,
): Record<string, { description: string; [key: string]: unknown }> {
  const argumentsOf = (
    part: string,
    type: string,
    description: string,
    leftOut: readonly string[] = [],
    optional: readonly string[] = [],
    more: Record<string, object> = {},
  ): object => {
    const resource = resources.find((one) => one.type === type);
    if (!resource) {
      throw new Error(`there is no resource ${type}`);
    }
    const inputs = inputsOf(resource).filter(({ name }) => !leftOut.includes(name));
    const required = namesOf(inputs).filter((name) => name !== "name" && !optional.includes(name));
    types[`${token}${part}`] = {
      type: "object",
      description,
      properties: { ...asProperties(type, inputs.map(withoutDefault), false, types), ...more },
      ...(required.length === 0 ? {} : { required }),
    };
    return { $ref: `#/types/${token}${part}` };
  };
  const organisationToken = {
    type: "object",
    description: "How long the token of an organisation's user is valid, and when it is renewed.",
    properties: {
      expiresIn: { type: "string", description: 'How long it is valid, such as "90d".' },
      renewBefore: { type: "string", description: "How long before its end it is renewed." },
    },
    required: ["expiresIn"],
  };
  types[`${token}OrganisationToken`] = organisationToken;
  return {
    [token]: {
      isComponent: true,
      description:
        "Everything that Cockpit's wizard sets up for a product, and the ids that its apps need: a solution, its database, the organisation above its users, the external services and the authentication processes.",
      properties: {
        variables: {
          type: "object",
          additionalProperties: { type: "string" },
          description:
            "What an app needs, under the names that Cockpit prints, such as EXTERNAL_SERVICES_SPEC_ID. A token in it is secret.",
        },
      },
      required: ["variables"],
      inputProperties: {
        solution: {
          ...argumentsOf("Solution", "Solution", "The product."),
          description: "The product. Its name is the component's unless it gives one.",
        },
        database: {
          ...argumentsOf("Database", "Database", "Where the data of a product is.", ["solutionId"]),
          description: "Where its data is. Its name is the component's, with -database, unless it gives one.",
        },
        organisation: {
          ...argumentsOf(
            "Organisation",
            "ParentOrganisation",
            "Who is responsible for the users of a database.",
            ["databaseId"],
            [],
            {
              token: {
                $ref: `#/types/${token}OrganisationToken`,
                description: "Issues a token for the organisation's user, as PARENT_ORGANISATION_TOKEN.",
              },
            },
          ),
          description:
            "Who is responsible for the users of the database. Needed for the registration of patients.",
        },
        externalServices: {
          ...argumentsOf("ExternalServices", "ExternalServices", "E-mail, SMS and captcha providers.", [
            "environment",
          ]),
          description:
            "E-mail, SMS and captcha providers of the solution's environment. There is one set per environment: leave it out where another program has it.",
        },
        processes: {
          type: "object",
          additionalProperties: argumentsOf(
            "Process",
            "AuthenticationProcess",
            "A process of a database.",
            ["groupId", "parentOrganisationId"],
            ["template"],
          ),
          description:
            "How users get their code, by workflow: `patient-registration`, `healthcare-party-registration`, `organisation-registration`, `login`, `generic`, or a name of your own for a process that gives its `template`.",
        },
      },
      requiredInputs: ["database"],
    },
  };
}

/** The resource itself fills them in. */
function withoutDefault(property: DescribedProperty): DescribedProperty {
  return { ...property, default: undefined };
}
