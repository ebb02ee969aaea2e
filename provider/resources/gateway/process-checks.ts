import type { Workflow } from "../../client";
import type { CheckRequest } from "../../framework/resource";
import type { Unknown } from "../../framework/values";
import type { CheckFailure } from "../../framework/validation";
import type { Context } from "../context";
import { replaces } from "../group/replacement";

/** Of a process's inputs, what the rules below look at. */
export interface ProcessTraits {
  managed: boolean;
  groupId?: string | undefined;
  template?: string | undefined;
  parentOrganisationId?: string | undefined;
  shareWithParent: boolean;
  processId?: string | undefined;
}

type News = { [Key in keyof ProcessTraits]: ProcessTraits[Key] | Unknown };

/** Which workflows have a parent organisation, and which can't do without. */
export function parentFailures(news: News, workflow: Workflow | undefined): CheckFailure[] {
  const { parentOrganisationId: parent, shareWithParent } = news;
  if (parent !== undefined && (workflow === "login" || workflow === "generic")) {
    return [
      {
        property: "parentOrganisationId",
        code: "excluded-property",
        reason: `is not for ${workflow} processes: they register nobody`,
      },
    ];
  }
  if (parent === undefined && workflow === "patient-registration") {
    return [
      {
        property: "",
        code: "required",
        reason: "parentOrganisationId: is required for patient-registration: patients are an organisation's",
      },
    ];
  }
  return parent === undefined && shareWithParent === true
    ? [
        {
          property: "shareWithParent",
          code: "required",
          reason: "needs a parentOrganisationId to share with",
        },
      ]
    : [];
}

const replacing = ["groupId", "template", "processId"] as const;

/** A preview shows the replacement; what it means for apps only we know. */
export function warnOfReplacement(
  context: Context,
  { resource, olds, news }: Pick<CheckRequest<ProcessTraits>, "resource" | "olds"> & { news: News },
): void {
  const changes = olds
    ? replacing.filter((key) => olds[key] !== undefined && replaces(olds[key], news[key]))
    : [];
  if (changes.length > 0) {
    context.warn(
      `AuthenticationProcess "${resource.name}": changing ${changes.join(" and ")} makes another process with another id. ` +
        `Apps that use the old id, as EMAIL_AUTHENTICATION_PROCESS_ID or SMS_AUTHENTICATION_PROCESS_ID, can't register users until they have the new one.`,
    );
  }
}
