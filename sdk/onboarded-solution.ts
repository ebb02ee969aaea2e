import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "./program-error";
import { AccessToken } from "./access-token";
import { AuthenticationProcess, type AuthenticationProcessArgs } from "./authentication-process";
import { Database, type DatabaseArgs } from "./database";
import { ExternalServices, type ExternalServicesArgs } from "./external-services";
import { assertNotForgotten, warnOfRetaining } from "./forgetting";
import { ParentOrganisation, type ParentOrganisationArgs } from "./parent-organisation";
import { Solution, type SolutionArgs } from "./solution";

/** Beside the arguments of each step. */
export interface StepOptions {
  /** What the step's resource was called before, or where it was, so that the component takes it over as it is. For what the program had at its root: `[{ name: "petra-france", parent: pulumi.rootStackResource }]`. */
  aliases?: NonNullable<pulumi.ResourceOptions["aliases"]>;
}

/** The steps of Cockpit's wizard as one object. */
export interface OnboardedSolutionArgs<Process extends string = string> {
  /** The product. Its name defaults to the component's. */
  solution?: SolutionArgs & StepOptions;
  /** Where its data is. */
  database: Omit<DatabaseArgs, "solutionId"> & StepOptions;
  /** Who is responsible for the users of the database. Needed for the registration of patients. */
  organisation?: OnboardedOrganisationArgs;
  /** Who delivers e-mail and SMS, and what keeps robots out, in the solution's environment. There is one set per environment: give the ExternalServices resource itself where the program has one already, and leave it out where another program has it. */
  externalServices?: (ExternalServicesArgs & StepOptions) | ExternalServices;
  /** How users get their code, by workflow: `patient-registration`, `healthcare-party-registration`, `organisation-registration`, `login`, `generic`, or a name of your own for a process that gives its `template`. */
  processes?: Record<Process, OnboardedProcessArgs>;
}

/** An organisation, and the token that its services log in with. */
export interface OnboardedOrganisationArgs extends Omit<ParentOrganisationArgs, "databaseId">, StepOptions {
  /** Issues a token for the organisation's user, as PARENT_ORGANISATION_TOKEN: how long it is valid, such as "90d", and how long before its end it is renewed. */
  token?: OnboardedTokenArgs;
}

/** How long the organisation's token is valid. */
export interface OnboardedTokenArgs extends StepOptions {
  expiresIn: pulumi.Input<string | number>;
  renewBefore?: pulumi.Input<string | number>;
}

/** A process of the database; its template is the key it stands under unless it gives one. */
export type OnboardedProcessArgs = Partial<
  Omit<AuthenticationProcessArgs, "groupId" | "parentOrganisationId">
> &
  StepOptions;

/**
 * What an app needs, under the names that Cockpit prints. There is a variable where the arguments gave what it is of; where there are
 * several processes, each also has its own, such as `LOGIN_EMAIL_AUTHENTICATION_PROCESS_ID`. A token is secret.
 */
export type OnboardedVariables<Process extends string = string> = {
  readonly EXTERNAL_SERVICES_SPEC_ID: pulumi.Output<string>;
} & {
  readonly [
    Name in
      | "PARENT_ORGANISATION_ID"
      | "PARENT_ORGANISATION_USERNAME"
      | "PARENT_ORGANISATION_TOKEN"
      | "FRIENDLY_CAPTCHA_SITE_KEY"
      | "RECAPTCHA_SITE_KEY"
      | "KERBERUS_SITE_KEY"
      | ProcessVariable
      | `${VariablePrefix<Process>}_${ProcessVariable}`
  ]?: pulumi.Output<string>;
};
type ProcessVariable = `${"EMAIL" | "SMS"}_AUTHENTICATION_PROCESS_ID`;
/** As `processVariables` makes it of a key; one with other characters than letters, digits, _ and single - is any text to the compiler. */
type VariablePrefix<Process extends string> = Process extends `${infer Head}-${infer Tail}`
  ? `${VariablePrefix<Head>}_${VariablePrefix<Tail>}`
  : Uppercase<Process>;

/**
 * Everything that Cockpit's wizard sets up for a product, and the ids that its apps need.
 *
 * @example
 * const petra = new OnboardedSolution("petra", {
 *   solution: { name: "Petra", applicationId: "com.petra.app" },
 *   database: { name: "Petra France", cluster: "europe-west-02" },
 *   organisation: { name: "Petra Corp", email: "care@petra.example" },
 *   externalServices: { demo: true },
 *   processes: { "patient-registration": {} },
 * });
 *
 * export const { EXTERNAL_SERVICES_SPEC_ID, EMAIL_AUTHENTICATION_PROCESS_ID } = petra.variables;
 */
export class OnboardedSolution<Process extends string = string> extends pulumi.ComponentResource {
  readonly solution: Solution;
  readonly database: Database;
  readonly organisation: ParentOrganisation | undefined;
  readonly externalServices: ExternalServices | undefined;
  /** By the keys of the arguments. */
  readonly processes: Record<Process, AuthenticationProcess>;
  readonly variables: OnboardedVariables<Process>;

  constructor(
    name: string,
    args: OnboardedSolutionArgs<Process>,
    options: pulumi.ComponentResourceOptions = {},
  ) {
    assertKnown(name, args);
    assertNotForgotten(`OnboardedSolution "${name}"`, options);
    super("cockpit:index:OnboardedSolution", name, {}, options);
    warnOfRetaining("OnboardedSolution", name, options);
    const child = { parent: this };
    const { aliases: ofSolution, ...solution } = args.solution ?? {};
    const { aliases: ofDatabase, ...database } = args.database;

    const environment =
      args.solution?.environment === undefined ? {} : { environment: args.solution.environment };
    const { externalServices: services } = args;
    this.externalServices =
      services === undefined || isExisting(services)
        ? services
        : this.makeServices(`${name}-services`, environment, services);
    // After the services, so that a destroy takes them away last: they are refused while a solution needs them.
    this.solution = new Solution(
      name,
      { ...solution, name: solution.name ?? name },
      {
        ...child,
        ...aliasesOption(ofSolution),
        ...(this.externalServices ? { dependsOn: this.externalServices } : {}),
      },
    );
    this.database = new Database(
      `${name}-database`,
      { ...database, solutionId: this.solution.id },
      { ...child, ...aliasesOption(ofDatabase) },
    );
    const { token, ...organisation } = args.organisation ?? {};
    this.organisation = args.organisation && this.makeOrganisation(`${name}-organisation`, organisation);
    const processes: Record<string, OnboardedProcessArgs> = args.processes ?? {};
    this.processes = Object.fromEntries(
      Object.entries(processes).map(([key, process]) => [
        key,
        this.makeProcess(`${name}-${key}`, key, process),
      ]),
    ) as Record<Process, AuthenticationProcess>;
    this.variables = {
      EXTERNAL_SERVICES_SPEC_ID: this.externalServices?.specId ?? this.solution.specId,
      ...captchaVariables(args.externalServices, this.externalServices),
      ...(this.organisation ? organisationVariables(this.organisation) : {}),
      ...(this.organisation && token ? this.tokenVariable(`${name}-token`, this.organisation, token) : {}),
      ...processVariables(processes, this.processes),
    };
    this.registerOutputs({ variables: this.variables });
  }

  private makeServices(
    name: string,
    environment: Pick<ExternalServicesArgs, "environment">,
    { aliases, ...services }: ExternalServicesArgs & StepOptions,
  ): ExternalServices {
    return new ExternalServices(
      name,
      { ...environment, ...services },
      { parent: this, ...aliasesOption(aliases) },
    );
  }

  private makeOrganisation(
    name: string,
    {
      aliases,
      ...args
    }: Omit<OnboardedOrganisationArgs, "token" | "email"> & { email?: pulumi.Input<string> },
  ): ParentOrganisation {
    const all = { ...args, databaseId: this.database.id } as ParentOrganisationArgs;
    return new ParentOrganisation(name, all, { parent: this, ...aliasesOption(aliases) });
  }

  private makeProcess(
    name: string,
    key: string,
    { aliases, ...args }: OnboardedProcessArgs,
  ): AuthenticationProcess {
    const template = args.template ?? key;
    const needsNone = template === "login" || template === "generic";
    const belongsToOrganisation = this.organisation && !needsNone;
    const all = {
      ...args,
      template,
      groupId: this.database.id,
      ...(belongsToOrganisation ? { parentOrganisationId: this.organisation?.id } : {}),
    } as AuthenticationProcessArgs;
    const dependsOn = this.externalServices ? [this.externalServices] : [];
    return new AuthenticationProcess(name, all, { parent: this, dependsOn, ...aliasesOption(aliases) });
  }

  private tokenVariable(
    name: string,
    organisation: ParentOrganisation,
    { aliases, ...token }: OnboardedTokenArgs,
  ): Record<string, pulumi.Output<string>> {
    const args = { ...token, groupId: this.database.id, userId: organisation.userId };
    const options = { parent: this, ...aliasesOption(aliases) };
    return { PARENT_ORGANISATION_TOKEN: new AccessToken(name, args, options).token };
  }
}

function aliasesOption(aliases: StepOptions["aliases"]): Pick<pulumi.ResourceOptions, "aliases"> {
  return aliases === undefined ? {} : { aliases };
}

function organisationVariables(organisation: ParentOrganisation): Record<string, pulumi.Output<string>> {
  return {
    PARENT_ORGANISATION_ID: organisation.id,
    PARENT_ORGANISATION_USERNAME: organisation.username,
  };
}

function isExisting(services: ExternalServicesArgs | ExternalServices): services is ExternalServices {
  return pulumi.Resource.isInstance(services);
}

/** Only the captcha that the program chose has a key to give; the demo set-up chooses Kerberus. */
function captchaVariables(
  args: ExternalServicesArgs | ExternalServices | undefined,
  services: ExternalServices | undefined,
): Record<string, pulumi.Output<string>> {
  if (!args || !services) {
    return {};
  }
  if (isExisting(args)) {
    return captchaVariablesOf(args);
  }
  const captcha: unknown = args.captcha;
  const type: unknown = isLater(captcha) ? captcha : (captcha as { type?: unknown } | undefined)?.type;
  if (isLater(type) || isLater(args.demo)) {
    return captchaVariablesOf(services);
  }
  if (type === "friendlyCaptcha") {
    return { FRIENDLY_CAPTCHA_SITE_KEY: known(services.friendlyCaptchaSiteKey) };
  }
  if (type === "recaptcha") {
    return { RECAPTCHA_SITE_KEY: known(services.recaptchaSiteKey) };
  }
  const kerberus = { KERBERUS_SITE_KEY: known(services.kerberusSiteKey) };
  // Only older versions of Cockpit lend one.
  return args.demo === true
    ? { ...kerberus, FRIENDLY_CAPTCHA_SITE_KEY: known(services.friendlyCaptchaSiteKey) }
    : kerberus;
}

function isLater(value: unknown): value is pulumi.Output<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** What decides which resources there are has to be known when the program runs. */
function assertKnown(name: string, args: OnboardedSolutionArgs): void {
  const parts = ["solution", "database", "organisation", "externalServices", "processes"] as const;
  const places: [string, unknown][] = [
    ...parts.map((part): [string, unknown] => [part, args[part]]),
    ["organisation: token", isLater(args.organisation) ? undefined : args.organisation?.token],
    ...Object.entries(isLater(args.processes) ? {} : (args.processes ?? {})).flatMap(
      ([key, process]): [string, unknown][] => [
        [`processes: ${key}`, process],
        [`processes: ${key}: template`, process.template],
      ],
    ),
  ];
  for (const [place, value] of places) {
    if (isLater(value)) {
      throw new ProgramError(
        "unknown-value",
        `OnboardedSolution "${name}": ${place}: must be known when the program runs, because it decides which resources there are, and is an output or a promise. Give an object; ${place.endsWith("template") ? "the texts of a process" : "its fields"} may be outputs.`,
      );
    }
  }
}

/** What a resource has chosen may be known only later, so there is a variable for each: empty where it is not the one. */
function captchaVariablesOf(services: ExternalServices): Record<string, pulumi.Output<string>> {
  const { demo, captcha, friendlyCaptchaSiteKey, recaptchaSiteKey, kerberusSiteKey } = services;
  const keyIf = (types: readonly string[], key: pulumi.Output<string | undefined>) =>
    pulumi
      // Of the captcha only its kind is looked at, which is not a secret.
      .all([demo, pulumi.unsecret(captcha), key])
      .apply(([isDemo, chosen, value]) =>
        types.includes(isDemo === true ? "demo" : (chosen?.type ?? "kerberus")) ? (value ?? "") : "",
      );
  return {
    FRIENDLY_CAPTCHA_SITE_KEY: keyIf(["demo", "friendlyCaptcha"], friendlyCaptchaSiteKey),
    RECAPTCHA_SITE_KEY: keyIf(["recaptcha"], recaptchaSiteKey),
    KERBERUS_SITE_KEY: keyIf(["kerberus", "demo"], kerberusSiteKey),
  };
}

function known(key: pulumi.Output<string | undefined>): pulumi.Output<string> {
  return key.apply((value) => value ?? "");
}

/**
 * The first process of a channel that gives a code has Cockpit's own name, by e-mail and by SMS apart; where there are several,
 * each has one that says whose it is.
 */
function processVariables(
  args: Record<string, OnboardedProcessArgs>,
  processes: Record<string, AuthenticationProcess>,
): Record<string, pulumi.Output<string>> {
  const variables: Record<string, pulumi.Output<string>> = {};
  const isOnly = Object.keys(processes).length === 1;
  const isGeneric = ([key]: [string, unknown]): number => Number((args[key]?.template ?? key) === "generic");
  const entries = Object.entries(processes).sort((one, other) => isGeneric(one) - isGeneric(other));
  for (const [key, process] of entries) {
    const { email, sms } = args[key] ?? {};
    const channels = [
      ...(email !== undefined || sms === undefined ? ["EMAIL"] : []),
      ...(sms ? ["SMS"] : []),
    ];
    for (const channel of channels) {
      const variable = `${channel}_AUTHENTICATION_PROCESS_ID`;
      variables[variable] ??= process.id;
      if (!isOnly) {
        variables[`${key.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_${variable}`] = process.id;
      }
    }
  }
  return variables;
}
