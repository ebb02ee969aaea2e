import { randomUUID } from "node:crypto";
import { z } from "zod";
import { freePlan, registrationKindWhenOmitted } from "../contract/assumptions";
import { badRequest } from "../contract/errors";
import { word } from "../server/fields";
import { publicOperation } from "../server/operation";
import { saveGroup } from "../state/groups";
import { blankGroup, blankUser, kindTag, quotaProperty } from "../state/state";
import { digest } from "../state/store";
import { saveUser } from "../state/users";

const information = z.object({
  applicationId: z.string().optional(),
  projectId: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  companyName: z.string().optional(),
  emailAddress: z.string().regex(/.+@.+/, "an e-mail address is expected"),
  userOptions: z.string().optional(),
  userRoles: z.array(z.string()).default([]),
  minimumKrakenVersion: z.string().optional(),
  cluster: z.string().optional(),
});

/** Registration asks for no login: it is how the first one comes to be. Its token serves as the password until one is set. */
export const registration = [
  publicOperation(
    {
      method: "POST",
      path: "/group/register/trial",
      query: z.object({ type: word(["root", "app", "database"]).default(registrationKindWhenOmitted) }),
      body: information,
    },
    ({ store, settings, now }, { query, body }) => {
      const { cluster = settings.clusters[0] ?? "", emailAddress, firstName, lastName, companyName } = body;
      if (!settings.clusters.includes(cluster)) {
        throw badRequest(`There is no cluster ${cluster}; there are ${settings.clusters.join(", ")}.`);
      }
      const person = [firstName, lastName].filter((name) => name !== undefined).join(" ");
      const name = companyName ?? (person || emailAddress);
      const groupId = `ic-${slug(name)}-${randomUUID()}`;
      const userId = randomUUID();
      const token = randomUUID();
      return store.write(() => {
        saveGroup(store, {
          group: blankGroup({
            id: groupId,
            name,
            servers: [cluster],
            applicationId: body.applicationId ?? body.projectId,
            minimumKrakenVersion: body.minimumKrakenVersion,
            tags: [kindTag(query.type)],
            properties: ([0, 1, 2] as const).map((level) => quotaProperty(level, freePlan[level])),
          }),
          kind: query.type,
          shards: 0,
          replicas: 0,
        });
        saveUser(store, {
          user: blankUser({
            id: userId,
            groupId,
            created: now(),
            login: emailAddress,
            email: emailAddress,
            name: person || undefined,
            roles: body.userRoles,
            authenticationTokens: {
              registration: { token: digest(token), creationTime: now(), validity: 3600 },
            },
          }),
          isAdmin: true,
          inheritsPermissions: true,
          loginIdentifiers: [],
        });
        return { groupId, userId, token };
      });
    },
  ),
];

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 28) || "environment";
