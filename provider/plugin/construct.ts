import type * as Pulumi from "@pulumi/pulumi";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { CockpitError } from "../errors";
import type { OnboardedSolution, OnboardedSolutionArgs } from "../../sdk/onboarded-solution";
import type { registerAsPlugin } from "../../sdk/resource";
import type { Session } from "./session";

/**
 * The components, made of the classes that TypeScript programs import. They need the engine's SDK, which nothing else here
 * does: it is loaded when the first component comes.
 */
export async function construct(
  session: Session,
  request: messages.ConstructRequest,
  version: string,
): Promise<messages.ConstructResponse> {
  const type = request.getType();
  if (type !== "cockpit:index:OnboardedSolution") {
    throw new CockpitError({
      code: "unknown-type",
      what: `there is no component ${type}; there is cockpit:index:OnboardedSolution`,
    });
  }
  const { pulumi, state, server, OnboardedSolution, registerAsPlugin } = loadSdk();
  registerAsPlugin(version);
  return state.withLocalStorage(async () => {
    pulumi.runtime.resetOptions(
      request.getProject(),
      request.getStack(),
      request.getParallel(),
      session.engineAddress,
      request.getMonitorendpoint(),
      request.getDryrun(),
      request.getOrganization(),
    );
    await pulumi.runtime.awaitFeatureSupport();
    pulumi.runtime.setAllConfig(
      Object.fromEntries(request.getConfigMap().toArray()),
      request.getConfigsecretkeysList(),
    );
    const inputs = await server.deserializeInputs(request.getInputs(), request.getInputdependenciesMap());
    const args = await settled(pulumi, inputs);
    const component = new OnboardedSolution(
      request.getName(),
      args as unknown as OnboardedSolutionArgs,
      optionsOf(pulumi, request),
    );
    const urn = await new Promise<string>((resolve) => component.urn.apply(resolve));
    const [properties, dependencies] = await pulumi.runtime.serializeResourceProperties(
      `construct(${type}, ${request.getName()})`,
      { variables: component.variables },
    );
    const response = new messages.ConstructResponse()
      .setUrn(urn)
      .setState(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]));
    for (const [key, resources] of dependencies) {
      const urns = await Promise.all(
        [...resources].map((resource) => new Promise<string>((resolve) => resource.urn.apply(resolve))),
      );
      response
        .getStatedependenciesMap()
        .set(key, new messages.ConstructResponse.PropertyDependencies().setUrnsList(urns));
    }
    await pulumi.runtime.waitForRPCs();
    return response;
  });
}

type Sdk = typeof Pulumi;

/** Parts of the engine's SDK that its declarations leave out, as its own server of components uses them. */
interface LoadedSdk {
  pulumi: Omit<Sdk, "runtime"> & {
    runtime: Sdk["runtime"] & { awaitFeatureSupport(): Promise<void>; waitForRPCs(): Promise<void> };
  };
  state: { withLocalStorage<Result>(work: () => Promise<Result>): Promise<Result> };
  server: { deserializeInputs(inputs: unknown, dependencies: unknown): Promise<Record<string, unknown>> };
  OnboardedSolution: typeof OnboardedSolution;
  registerAsPlugin: typeof registerAsPlugin;
}

function loadSdk(): LoadedSdk {
  /* eslint-disable @typescript-eslint/no-require-imports */
  return {
    pulumi: require("@pulumi/pulumi") as LoadedSdk["pulumi"],
    state: require("@pulumi/pulumi/runtime/state") as LoadedSdk["state"],
    server: require("@pulumi/pulumi/provider/server") as LoadedSdk["server"],
    ...(require("../../sdk/onboarded-solution") as Pick<LoadedSdk, "OnboardedSolution">),
    ...(require("../../sdk/resource") as Pick<LoadedSdk, "registerAsPlugin">),
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/** The component looks into its arguments, so each of them has to be there; what is in them may come later. */
async function settled(
  pulumi: LoadedSdk["pulumi"],
  inputs: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const entries = Object.entries(inputs).map(async ([key, value]): Promise<[string, unknown]> => {
    if (!pulumi.Output.isInstance(value)) {
      return [key, value];
    }
    const output = value as Pulumi.Output<unknown> & { isKnown: Promise<boolean> };
    if (!(await output.isKnown)) {
      throw new CockpitError({
        code: "unknown-value",
        what: `${key}: is not known yet as a whole.`,
        remedy: "Give an object whose properties may be outputs, instead of an output that is an object.",
      });
    }
    const known = await new Promise<unknown>((resolve) => output.apply(resolve));
    return [key, (await pulumi.isSecret(output)) ? eachSecret(pulumi, known) : known];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function eachSecret(pulumi: LoadedSdk["pulumi"], value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, eachSecret(pulumi, part)]))
    : pulumi.secret(value);
}

function optionsOf(
  {
    DependencyResource,
    DependencyProviderResource,
  }: { DependencyResource: unknown; DependencyProviderResource: unknown } & LoadedSdk["pulumi"],
  request: messages.ConstructRequest,
): Pulumi.ComponentResourceOptions {
  const Dependency = DependencyResource as new (urn: string) => Pulumi.Resource;
  const Provider = DependencyProviderResource as new (reference: string) => Pulumi.ProviderResource;
  const parent = request.getParent();
  const deletedWith = request.getDeletedwith();
  return {
    ...(parent === "" ? {} : { parent: new Dependency(parent) }),
    ...(deletedWith === "" ? {} : { deletedWith: new Dependency(deletedWith) }),
    aliases: request.getAliasesList().flatMap(aliasOf),
    dependsOn: request.getDependenciesList().map((urn) => new Dependency(urn)),
    providers: Object.fromEntries(
      request
        .getProvidersMap()
        .toArray()
        .map(([name, reference]) => [name, new Provider(reference)]),
    ),
    ...(request.hasProtect() ? { protect: request.getProtect() === true } : {}),
    ...(request.hasRetainondelete() ? { retainOnDelete: request.getRetainondelete() === true } : {}),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ...(request.hasCustomtimeouts() ? { customTimeouts: timeoutsOf(request) } : {}),
  };
}

function timeoutsOf(request: messages.ConstructRequest): Pulumi.CustomTimeouts {
  const given = Object.entries(request.getCustomtimeouts()?.toObject() ?? {});
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

function aliasOf(
  alias: ReturnType<messages.ConstructRequest["getAliasesList"]>[number],
): (Pulumi.Alias | string)[] {
  if (alias.hasUrn()) {
    return [alias.getUrn()];
  }
  const spec = alias.getSpec();
  if (!spec) {
    return [];
  }
  const given = {
    name: spec.getName(),
    type: spec.getType(),
    project: spec.getProject(),
    stack: spec.getStack(),
  };
  const parent = spec.hasParenturn()
    ? { parent: spec.getParenturn() }
    : spec.getNoparent()
      ? { parent: undefined }
      : {};
  return [
    {
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
      ...parent,
    } as Pulumi.Alias,
  ];
}
