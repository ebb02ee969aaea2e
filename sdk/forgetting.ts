import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { ProgramError } from "./program-error";

/** What the SDK keeps of a resource and does not publish. */
interface Internals {
  __pulumiType?: string;
  __parentResource?: pulumi.Resource;
  __transformations?: unknown[];
}

/** Not in the SDK's types: the stack that is being run, and what its engine can do. */
const { getStore } = state as unknown as {
  getStore: () => { stackResource?: pulumi.Resource; supportsTransforms?: boolean };
};

/** What the engine tells of a resource, or a program declares. */
type Options = Pick<
  pulumi.CustomResourceOptions,
  "deletedWith" | "retainOnDelete" | "ignoreChanges" | "replaceWith" | "replacementTrigger"
>;

const ourTypes = /^pulumi-nodejs:cockpit:|^cockpit:index:/;

/**
 * Refuses the option by which the engine drops a resource from the state without asking Cockpit, and warns of those that keep
 * protection from being asked in time. Options of a component are inherited in the engine, where only a transform sees them: it
 * is added where something above the resource is not ours.
 */
export function withoutForgetting<Given extends pulumi.CustomResourceOptions>(
  type: string,
  name: string,
  options: Given,
): Given {
  assertNotForgotten(`${type} "${name}"`, options);
  warnOfOptions(type, name, options);
  if (!mayBeGivenMore(options) || !getStore().supportsTransforms) {
    return options;
  }
  const hasToldOfRetaining = options.retainOnDelete === true;
  const inspect: pulumi.ResourceTransform = ({ opts }) => {
    assertNotForgotten(`${type} "${name}"`, opts);
    if (!hasToldOfRetaining) {
      warnOfRetaining(type, name, opts);
    }
    return undefined;
  };
  return { ...options, transforms: [...(options.transforms ?? []), inspect] };
}

/** The same for a component of ours, whose options its resources inherit. */
export function assertNotForgotten(what: string, { deletedWith }: Options): void {
  if (deletedWith !== undefined) {
    throw new ProgramError(
      "option-refused",
      `${what}: with deletedWith, its own or inherited from the component that it lies in, the engine would drop it from the state without a call to Cockpit, protected or not, and it would live on there with its records, managed by nobody. Nothing was changed. Take the option away: the order of deletions follows from the ids that resources use.`,
    );
  }
}

export function warnOfRetaining(type: string, name: string, { retainOnDelete }: Options): void {
  if (retainOnDelete === true) {
    void pulumi.log.warn(
      `${type} "${name}": with retainOnDelete, once it is removed, replaced or destroyed, the engine only drops it from the state, and it lives on in Cockpit, managed by nobody. That is the way to stop managing it; for anything else take the option away.`,
    );
  }
}

function warnOfOptions(type: string, name: string, options: Options): void {
  warnOfRetaining(type, name, options);
  if (type !== "Solution" && type !== "Database") {
    return;
  }
  if (options.replaceWith !== undefined || options.replacementTrigger !== undefined) {
    void pulumi.log.warn(
      `${type} "${name}": replaceWith and replacementTrigger replace it by a new, empty one whatever its own properties say. The preview can't ask whether it is protected; the run is refused while it is.`,
    );
  }
  const ignored = options.ignoreChanges ?? [];
  if (ignored.includes("deletionProtection") || ignored.includes("*")) {
    void pulumi.log.warn(
      `${type} "${name}": ignoreChanges holds deletionProtection, so what the program says of its protection from now on is not what holds.`,
    );
  }
}

/** Whether options can reach it that are not written beside it: from a component above it, or by a transformation. */
function mayBeGivenMore({ parent, transformations, transforms }: pulumi.CustomResourceOptions): boolean {
  const isTransformed = (transformations ?? []).length + (transforms ?? []).length > 0;
  return isTransformed || !isKnown(parent ?? getStore().stackResource);
}

function isKnown(resource: pulumi.Resource | undefined): boolean {
  const {
    __pulumiType: type = "",
    __parentResource: above,
    __transformations = [],
  } = (resource ?? {}) as Internals;
  if (__transformations.length > 0) {
    return false;
  }
  return resource === undefined || type === "pulumi:pulumi:Stack" || (ourTypes.test(type) && isKnown(above));
}
