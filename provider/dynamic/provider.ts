import type { dynamic } from "@pulumi/pulumi";
import { CockpitError } from "../errors";
import { readable, readableMessage } from "../framework/readable";
import { PartialCreation, type Resource } from "../framework/resource";
import type { ResourceName } from "../framework/identity";
import { decodeUnknowns, encodeUnknowns, type Properties } from "../framework/values";
import { failureOf, textOfFailure, type CheckFailure } from "../framework/validation";
import type { Context } from "../runtime/context";
import { silentError, keepConfiguration, settingsUnlikeLookUps, sharedContext } from "./process";

/** How the engine writes an unknown value for providers of this form. */
const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Given by the class in the program, because the host tells a provider nothing of the resource's name: `project/stack/name`. */
const nameKey = "__identity";
/** The types of its parents, as in its URN; absent at the root of the stack. */
const parentsKey = "__parents";
const providerKey = "__provider";
/** What the program's look-ups are configured with; compared by check, which drops it. */
const lookUpsKey = "__lookUps";
const hiddenKeys = [providerKey, nameKey, parentsKey];

/** Serves a resource's definition in the form that the engine's host of dynamic providers calls. */
export function dynamicProvider(
  resource: Resource<Context>,
): dynamic.ResourceProvider<Properties, Properties> {
  return {
    // Synchronous and never throwing: the host keeps the provider before this has ended, and hands it to other calls.
    configure: (request) => Promise.resolve(keepConfiguration(request.config)),

    async check(olds: Properties, news: Properties) {
      const { hidden, declared, lookUps } = separate(news);
      const before = separate(olds);
      const isFirst = before.hidden[providerKey] === undefined;
      try {
        const unlike = lookUps === undefined ? [] : settingsUnlikeLookUps(lookUps);
        if (unlike.length > 0) {
          return { inputs: news, failures: [asPrinted(failureOf(twoLogins(unlike)))] };
        }
        const result = await resource.check(
          sharedContext(),
          resourceNameOf(hidden),
          isFirst ? undefined : before.declared,
          declared,
          isFirst ? undefined : resourceNameOf(before.hidden),
        );
        const inputs = encodeUnknowns(result.inputs, unknownMarker);
        return { inputs: { ...inputs, ...hidden }, failures: result.failures.map(asPrinted) };
      } catch (error) {
        // A failure of a property prints as a sentence, an exception as a stack trace.
        return { inputs: news, failures: [{ property: "", reason: readableMessage(error) }] };
      }
    },

    async diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
      const { hidden, declared } = separate(news);
      const { updates, replaces } = await resource.diff(
        sharedContext(),
        id,
        separate(olds).declared,
        declared,
        resourceNameOf(hidden),
      );
      const { deleteBeforeReplace } = resource;
      // The host hands on no names of updates. An undecided answer makes the engine find them itself, in the inputs, so that
      // replaceOnChanges works.
      return updates.length > 0 && replaces.length === 0
        ? { deleteBeforeReplace }
        : { changes: replaces.length > 0, replaces, deleteBeforeReplace };
    },

    async create(inputs: Properties) {
      const { hidden, declared } = separate(inputs);
      try {
        const { id, state } = await resource.create(sharedContext(), resourceNameOf(hidden), declared);
        return { id, outs: { ...state, ...hidden } };
      } catch (error) {
        throw error instanceof PartialCreation ? initializationError(error, hidden) : plainError(error);
      }
    },

    async read(id: string, props?: Properties) {
      const { hidden, declared } = separate(props ?? {});
      try {
        const state = await resource.read(sharedContext(), id, declared, resourceNameOf(hidden));
        if (!state) {
          return { id: "", props: {} };
        }
        return { id, props: { ...state, ...hidden }, inputs: { ...resource.inputsOf(state), ...hidden } };
      } catch (error) {
        throw silentError(readableMessage(error));
      }
    },

    async update(id: string, olds: Properties, news: Properties) {
      const { hidden, declared } = separate(news);
      try {
        const state = await resource.update(
          sharedContext(),
          id,
          separate(olds).declared,
          declared,
          resourceNameOf(hidden),
        );
        return { outs: { ...state, ...hidden } };
      } catch (error) {
        throw plainError(error);
      }
    },

    async delete(id: string, props: Properties) {
      const { hidden, declared } = separate(props);
      try {
        await resource.delete(sharedContext(), id, declared, resourceNameOf(hidden));
      } catch (error) {
        throw silentError(readableMessage(error));
      }
    },
  };
}

/** Look-ups would list one tenant and resources be created in another. */
function twoLogins(settings: readonly string[]): CockpitError {
  return new CockpitError({
    code: "different-settings",
    what: `the look-ups of this program and its resources have different settings (${settings.join(", ")}): nothing was changed, so that one run has one login.`,
    remedy: `Look-ups run in the program's process and resources in the engine's: put the settings into the stack's configuration, or give both the same COCKPIT_ variables (with the Automation API: process.env and envVars).`,
  });
}

/**
 * The engine prints the value of a failing property in plain text, and this form is not told which ones the program marked secret: so
 * none is named as the property, and all are named in the reason.
 */
function asPrinted(failure: CheckFailure): dynamic.CheckFailure {
  return { property: "", reason: readable(textOfFailure(failure)) };
}

/** Takes apart what the class adds to a resource and what the program declares. */
function separate(properties: Properties): {
  hidden: Properties;
  declared: Properties;
  lookUps: string | undefined;
} {
  const decoded = decodeUnknowns(properties, unknownMarker);
  const { [lookUpsKey]: lookUps, ...others } = decoded;
  const entries = Object.entries(others);
  const isHidden = ([key, value]: [string, unknown]) => hiddenKeys.includes(key) && value !== undefined;
  return {
    lookUps: typeof lookUps === "string" ? lookUps : undefined,
    hidden: Object.fromEntries(entries.filter(isHidden)),
    declared: Object.fromEntries(entries.filter(([key]) => !hiddenKeys.includes(key))),
  };
}

function resourceNameOf(hidden: Properties): ResourceName {
  const [project = "", stack = "", ...rest] = String(hidden[nameKey]).split("/");
  const parents = hidden[parentsKey];
  return { project, stack, ...(typeof parents === "string" ? { parents } : {}), name: rest.join("/") };
}

/** The engine keeps the object and its properties; without `__provider` among them the next refresh could not run. */
function initializationError(made: PartialCreation, hidden: Properties): Error {
  const { id, state } = made;
  const error = plainError(made);
  return Object.assign(error, { id, properties: { ...state, ...hidden }, reasons: [error.message] });
}

/** The host prints the stack of what it is given: this one has no line of ours. */
function plainError(error: unknown): Error {
  // eslint-disable-next-line no-restricted-syntax -- what is wrapped has its code.
  return new Error(readableMessage(error));
}
