import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { displayName } from "./groups";

export const externalJwtArgs = fc.record(
  {
    groupId: fc.constantFrom("petra", "france"),
    name: fc.constantFrom("entra", "eID 2"),
    validation: fc.oneof(
      fc.record(
        {
          type: fc.constant("oidc"),
          issuer: fc.constantFrom("https://login.petra.example", "http://127.0.0.1:1/"),
          clientId: fc.constantFrom("petra", "Zoë"),
        },
        { requiredKeys: ["type", "issuer"] },
      ),
      fc.record(
        {
          type: fc.constant("public-key"),
          key: fc.constantFrom(
            generateKeyPairSync("ec", { namedCurve: "P-256" })
              .publicKey.export({ format: "pem", type: "spki" })
              .toString(),
          ),
          signatureAlgorithm: fc.constant("ES256"),
        },
        { requiredKeys: ["type", "key"] },
      ),
    ),
    selector: fc.constantFrom(
      { type: "email", claim: "email" },
      { type: "identifier", claim: "sub", assigner: "entra" },
    ),
    authenticationClass: fc.constantFrom("EXTERNAL_AUTHENTICATION", "TWO_FACTOR_AUTHENTICATION"),
  },
  { requiredKeys: ["groupId", "name", "validation", "selector"] },
);

const publicKeys = [1, 2].map(() =>
  generateKeyPairSync("rsa", { modulusLength: 2048 })
    .publicKey.export({ format: "der", type: "spki" })
    .toString("hex"),
);

export const email = fc.constantFrom("ada@petra.example", "o'hara+x@petra.example", "zoë@clinique.example");
export const phone = fc.constantFrom("+32470123456", "0470123456", "123456");

const contact = { name: displayName, email, mobilePhone: phone };

export const administratorArgs = fc.record(
  { groupId: fc.constantFrom("petra", "france"), ...contact },
  { requiredKeys: ["groupId", "name", "email"] },
);

export const parentOrganisationArgs = fc.record(
  { databaseId: fc.constantFrom("france", "belgium"), ...contact, publicKey: fc.constantFrom(...publicKeys) },
  { requiredKeys: ["databaseId", "name", "email"] },
);

const place = {
  groupId: fc.constantFrom("petra", "france"),
  userId: fc.constantFrom("ada", "clinic"),
  name: fc.constantFrom("backend", "Zoë's token", "日本"),
};

export const accessTokenArgs = fc.oneof(
  fc.record(
    {
      ...place,
      // No two of them mean the same, and each is longer than every lead.
      expiresIn: fc.constantFrom(3600, "45m", "12h", "90d", "52w"),
      renewBefore: fc.constantFrom(60, "15m", "30s"),
    },
    { requiredKeys: ["groupId", "userId", "name", "expiresIn"] },
  ),
  fc.record({ ...place, never: fc.constant(true) }),
);

export const roleArgs = fc.record(
  {
    groupId: fc.constantFrom("petra", "france"),
    name: fc.constantFrom("AUDITOR", "A_1", "X".repeat(40)),
    permissions: fc.subarray(["TopicManagement.Create", "UserManagement.Search", "MessageManagement.Create"]),
    description: fc.constantFrom("Reads", "Ärzte, 日本"),
    inheritsUpTo: fc.constantFrom(0, 1, 2),
  },
  { requiredKeys: ["groupId", "name", "permissions"] },
);

export const defaultRolesArgs = fc.record({
  groupId: fc.constantFrom("petra", "france"),
  userType: fc.constantFrom("healthcare-party", "patient", "device", "user"),
  roles: fc.subarray(["BASIC_USER", "BASIC_DATA_OWNER", "TOPIC_MANAGER"]),
});

const login = {
  email,
  mobilePhone: phone,
  login: fc.constantFrom("ada", "Zoë"),
  status: fc.constantFrom("active", "disabled"),
  roles: fc.subarray(["BASIC_USER", "BASIC_DATA_OWNER", "TOPIC_MANAGER"]),
  loginIdentifiers: fc.uniqueArray(
    fc.record({ assigner: fc.constantFrom("azure", "eid"), value: fc.constantFrom("a1", "日本") }),
    { selector: ({ assigner }) => assigner },
  ),
  autoDelegations: fc.dictionary(
    fc.constantFrom("all", "medicalInformation"),
    fc.subarray(["clinic", "ward"], { minLength: 1 }),
  ),
};

export const userArgs = fc.oneof(
  fc.record(
    {
      databaseId: fc.constantFrom("france", "belgium"),
      userType: fc.constantFrom("organisation", "user"),
      name: displayName,
      ...login,
    },
    { requiredKeys: ["databaseId", "userType", "name", "email"] },
  ),
  fc.record(
    {
      databaseId: fc.constantFrom("france", "belgium"),
      userType: fc.constant("healthcare-party"),
      name: displayName,
      firstName: displayName,
      lastName: displayName,
      ...login,
    },
    { requiredKeys: ["databaseId", "userType", "name", "login"] },
  ),
);
