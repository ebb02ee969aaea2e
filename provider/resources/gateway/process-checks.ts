import type { Workflow } from "../../api";
import type { CheckRequest } from "../../engine/resource";
import { UNKNOWN, type Unknown } from "../../engine/unknowns";
import type { CheckFailure } from "../../engine/validation";
import type { Context } from "../context";
import { replaces } from "../group/replacement";
import { quoted } from "../group/words";

/** Of a process's inputs, what the rules below look at. */
export interface ProcessTraits {
  managed: boolean;
  groupId?: string | undefined;
  template?: string | undefined;
  language: string;
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
      { property: "parentOrganisationId", reason: `is not for ${workflow} processes: they register nobody` },
    ];
  }
  if (parent === undefined && workflow === "patient-registration") {
    return [
      {
        property: "",
        reason: "parentOrganisationId: is required for patient-registration: patients are an organisation's",
      },
    ];
  }
  return parent === undefined && shareWithParent === true
    ? [{ property: "shareWithParent", reason: "needs a parentOrganisationId to share with" }]
    : [];
}

/** A group has one process of a workflow and language. Where its id is not known yet, the gateway refuses the second. */
export function duplicateFailures(context: Context, name: string, news: News): CheckFailure[] {
  const { groupId, template, language } = news;
  if (groupId === UNKNOWN || template === UNKNOWN || language === UNKNOWN) {
    return [];
  }
  const key = JSON.stringify([groupId, template?.toLowerCase(), language.toLowerCase()]);
  const other = context.declaredProcesses.declaredBefore(key, name);
  return other === undefined
    ? []
    : [
        {
          property: "language",
          reason: `${quoted(other)} and ${quoted(name)} are both processes of ${quoted(template ?? "")} in ${language} for the group ${quoted(groupId ?? "")}, which can have only one. Remove one of them or change its language`,
        },
      ];
}

const replacing = ["groupId", "template", "language", "processId"] as const;

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
