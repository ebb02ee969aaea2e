import { rule } from "./rule";

export const administratorsByDomain = rule<{ domains: string[] }>({
  name: "administrators-by-domain",
  description: "Administrators have an e-mail address of the team. Without a list every domain is allowed.",
  kinds: ["Administrator"],
  settings: { domains: { type: "array", items: { type: "string" }, default: [] } },
  violations: ({ props }, { domains }) => {
    const email = String(props["email"]).toLowerCase();
    if (domains.length === 0 || domains.some((domain) => email.endsWith(`@${domain.toLowerCase()}`))) {
      return [];
    }
    return [`${email} is not an address at ${domains.join(" or ")}.`];
  },
});

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const daySeconds = 86_400;

/** A number of seconds, or a text such as 90d. */
function inSeconds(duration: unknown): number {
  const [, count = "", unit = "s"] = /^(\d+)([smhdw])?$/.exec(String(duration)) ?? [];
  return Number(count) * (secondsOf[unit] ?? 1);
}

export const tokenLifetime = rule<{ maximumDays: number }>({
  name: "token-lifetime",
  description: "Access tokens end, and soon enough.",
  kinds: ["AccessToken"],
  settings: { maximumDays: { type: "number", default: 90, minimum: 0.001 } },
  violations: ({ props }, { maximumDays }) => {
    if (props["never"] === true) {
      return [`It never ends: set expiresIn to ${maximumDays}d at most, instead of never.`];
    }
    if (inSeconds(props["expiresIn"]) <= maximumDays * daySeconds) {
      return [];
    }
    return [`It lives ${String(props["expiresIn"])}: set expiresIn to ${maximumDays}d at most.`];
  },
});

/** Patterns of permissions and roles that nobody is to be given by a program. */
export const roleLimits = rule<{ forbidden: string[] }>({
  name: "role-limits",
  description: "Roles grant no more, and users have no wider roles by default, than the team allows.",
  kinds: ["Role", "DefaultRoles"],
  settings: {
    forbidden: {
      type: "array",
      items: { type: "string" },
      default: ["\\.Any$", "^GroupManagement", "ADMINISTRATOR"],
      description: "Regular expressions of permissions, and of the roles that users have by default",
    },
  },
  violations: ({ props }, { forbidden }) => {
    const granted = [...((props["permissions"] ?? []) as string[]), ...((props["roles"] ?? []) as string[])];
    const wide = granted.filter((name) => forbidden.some((pattern) => new RegExp(pattern).test(name)));
    return wide.length === 0 ? [] : [`It gives ${wide.join(", ")}, which is wider than allowed.`];
  },
});
