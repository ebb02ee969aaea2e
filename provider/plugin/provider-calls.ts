import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import {
  changedArguments,
  checkArguments,
  isDefaultProvider,
  mayLeadElsewhere,
  secretArguments,
} from "./configuration";
import { checkFailure } from "./failures";
import type { Session } from "./session";
import { decode, encode } from "./values";

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
  session.mayBeElsewhere ||= mayLeadElsewhere(changed);
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
