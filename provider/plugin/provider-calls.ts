import path from "node:path";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as definitions from "../functions";
import { existsSync, readFileSync } from "node:fs";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  changedArguments,
  checkArguments,
  isDefaultProvider,
  mayChangeEnvironment,
  secretArguments,
} from "./configuration";
import { checkFailure } from "./failures";
import type { Session } from "./session";
import { decode, encode } from "./values";
import { CockpitError, within } from "../errors";
import { ArgumentsError, type LookUp } from "../framework/function";
import { containsUnknown, type Properties, unknownValue } from "../framework/values";
import type { Context } from "../runtime/context";
import { checkInputs } from "../framework/validation";

const { DiffChanges } = messages.DiffResponse;

/** The folder of the package, from where this file is compiled to or written. */
const root = [path.join(__dirname, "../../.."), path.join(__dirname, "../..")].find((folder) =>
  existsSync(path.join(folder, "schema.json")),
) as string;

export function handshake(
  session: Session,
  request: messages.ProviderHandshakeRequest,
): messages.ProviderHandshakeResponse {
  session.attach(request.getEngineAddress());
  // Once this is answered the engine asks for no flag again. It turns a resource that a program gives as an input into its id,
  // and leaves the arguments of components as they were given: objects whose parts may come later.
  return new messages.ProviderHandshakeResponse()
    .setAcceptSecrets(true)
    .setAcceptResources(false)
    .setAcceptOutputs(true)
    .setSupportsAutonamingConfiguration(false);
}

export function version(): string {
  const about = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
  return about.version;
}

export function pluginInfo(): PluginInfo {
  return new PluginInfo().setVersion(version());
}

export function schema(): messages.GetSchemaResponse {
  return new messages.GetSchemaResponse().setSchema(readFileSync(path.join(root, "schema.json"), "utf8"));
}

export function checkConfig(request: messages.CheckRequest, variables: Variables): messages.CheckResponse {
  const { properties, secrets } = decode(request.getNews());
  const areExplicit = !isDefaultProvider(nameInUrn(request.getUrn()));
  const all = [...secrets, ...secretArguments];
  return new messages.CheckResponse()
    .setInputs(encode(properties, all))
    .setFailuresList(
      checkArguments({ values: properties, areExplicit }, variables).map((failure) =>
        checkFailure(failure, { properties, secrets: all }),
      ),
    );
}

type Variables = (name: string) => string | undefined;

/** Never a replacement, whatever it is handed: that would replace every resource of the provider. */
export function diffConfig(session: Session, request: messages.DiffRequest): messages.DiffResponse {
  const olds = decode(request.getOldInputs() ?? request.getOlds()).properties;
  const changed = changedArguments(olds, decode(request.getNews()).properties);
  session.mayBeElsewhere ||= mayChangeEnvironment(changed);
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    .setDiffsList(changed);
}

export function configure(session: Session, request: messages.ConfigureRequest): messages.ConfigureResponse {
  const { properties } = decode(request.getArgs());
  session.configure({ values: properties, areExplicit: isExplicit(request) });
  return new messages.ConfigureResponse()
    .setAcceptsecrets(true)
    .setAcceptresources(false)
    .setAcceptoutputs(true)
    .setSupportspreview(true)
    .setSupportsAutonamingConfiguration(false);
}

function isExplicit(request: messages.ConfigureRequest): boolean {
  const name = request.getName();
  return name !== undefined && name !== "" && !isDefaultProvider(name);
}

function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

const lookUps = new Map<string, LookUp<Context>>(
  Object.values(definitions).map((lookUp) => [`cockpit:index:${lookUp.name}`, lookUp]),
);

export async function invoke(
  session: Session,
  request: messages.InvokeRequest,
): Promise<messages.InvokeResponse> {
  const token = request.getTok();
  const lookUp = lookUps.get(token);
  if (!lookUp) {
    throw new CockpitError({
      code: "unknown-type",
      what: `there is no function ${token}; there are ${[...lookUps.keys()].join(", ")}`,
    });
  }
  const given = decode(request.getArgs());
  const { properties } = given;
  if (containsUnknown(properties)) {
    // In a preview: what is asked for is not there yet.
    const keys = Object.keys(lookUp.result.shape);
    const unknown: Properties = Object.fromEntries(keys.map((key) => [key, unknownValue]));
    return new messages.InvokeResponse().setReturn(encode(unknown));
  }
  const failures = lookUp.check(properties);
  if (failures.length > 0) {
    return new messages.InvokeResponse().setFailuresList(
      failures.map((failure) => checkFailure(failure, given)),
    );
  }
  try {
    const result = await session.operate("", 0, () => lookUp.call(session.context, properties));
    return new messages.InvokeResponse().setReturn(encode(result));
  } catch (error) {
    throw error instanceof ArgumentsError ? error : within(lookUp.name, error);
  }
}

/** Lists the objects of a kind, each with the id that an import takes. Unpaged, because Cockpit's lists are short. */
export async function list(
  session: Session,
  request: messages.ListRequest,
): Promise<messages.ListResponse[]> {
  const resource = session.resource(request.getToken());
  const { list: listing } = resource;
  if (!listing) {
    throw new CockpitError({
      code: "not-listable",
      what: `existing objects of the type ${resource.type} can't be listed`,
    });
  }
  const { properties } = decode(request.getQuery());
  if (containsUnknown(properties)) {
    return [new messages.ListResponse().setComputed(new messages.ListResponse.Computed())];
  }
  const { failures } = checkInputs(listing.filters, properties);
  if (failures.length > 0) {
    throw new ArgumentsError(failures);
  }
  const found = await session.operate("", 0, () => listing.find(session.context, properties));
  const start = Number(request.getContinuationToken() || 0);
  const end = request.getLimit() > 0 ? start + request.getLimit() : found.length;
  return [
    ...found
      .slice(start, end)
      .map(({ id, name }) =>
        new messages.ListResponse().setResult(new messages.ListResponse.Result().setId(id).setName(name)),
      ),
    ...(end < found.length
      ? [
          new messages.ListResponse().setContinuation(
            new messages.ListResponse.Continuation().setContinuationToken(String(end)),
          ),
        ]
      : []),
  ];
}
