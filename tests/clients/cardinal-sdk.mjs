// What a program on @icure/cardinal-sdk does with environments; prints one JSON object of what it saw.
import { argv, exit, stdout } from "node:process";
import {
  AuthenticationMethod,
  CardinalBaseSdk,
  DatabaseInitialisation,
  DecryptedPropertyStub,
  DecryptedTypedValue,
  GroupType,
  ListOfProperties,
  Operation,
  PropertyTypeStub,
  TypedValuesType,
  User,
} from "@icure/cardinal-sdk";

/** @type {import("./plan.js").ClientPlan} */
const { url, username, environments, read } = JSON.parse(argv[2] ?? "");
const [first, second] = environments;

/** @param {string} name @param {string} secret @param {string} place */
const sdkFor = (name, secret, place) =>
  CardinalBaseSdk.initialize(
    undefined,
    url,
    new AuthenticationMethod.UsingCredentials.UsernamePassword(name, secret),
    {
      groupSelector: () => Promise.resolve(place),
    },
  );

const here = await sdkFor(username, first.password, first.id);
const there = await sdkFor(username, second.password, second.id);
const { group, user } = here;

const current = await user.getCurrentUser();
const matches = await user.getMatchingUsers();

const solutionId = "ic-new-client";
const initialisation = new DatabaseInitialisation({});
const solution = await group.createGroup(solutionId, "Solution ✨", "a-group-password", initialisation, {
  type: GroupType.App,
  superGroup: first.id,
  applicationId: "com.example.petra",
});
const databaseIds = ["a", "b", "c", "d", "e"].map((letter) => `${solutionId}-${letter}`);
const [toBury = "", toErase = "", database = ""] = databaseIds;
for (const id of databaseIds)
  await group.createGroup(id, `Database ${id}`, "a-group-password", initialisation, {
    type: GroupType.Database,
    superGroup: solutionId,
    server: "europe-west-03",
    q: 4,
    n: 3,
  });

const renamed = await group.modifyGroupName(solutionId, "Petra Söhne 100% 🐕 #1?");
const { String: Text, Integer, Double, Boolean: Flag } = TypedValuesType;
/** @param {string} identifier @param {TypedValuesType} type @param {Partial<DecryptedTypedValue>} value */
const property = (identifier, type, value) =>
  new DecryptedPropertyStub({
    type: new PropertyTypeStub({ identifier, type }),
    typedValue: new DecryptedTypedValue({ type, ...value }),
  });
const properties = [
  property("plan", Text, { stringValue: "gold" }),
  property("seats", Integer, { integerValue: 12 }),
  property("share", Double, { doubleValue: 0.5 }),
  property("open", Flag, { booleanValue: true }),
];
const propertied = await group.modifyGroupProperties(solutionId, new ListOfProperties({ properties }));

const paged = [];
for (let start; ;) {
  const page = await group.findGroups(solutionId, { startDocumentId: start, limit: 2 });
  paged.push(page.rows.map(({ id }) => id));
  start = page.nextKeyPair?.startKeyDocId;
  if (start === undefined) break;
}
const found = await group.findGroupsWithContent(solutionId, `Database ${solutionId}-c`);
const parentName = await group.getNameOfGroupParent(toBury);
const hierarchy = await group.getHierarchy(toBury);
const storage = await group.getGroupsStorageInfos([toBury]);
const replication = await group.getReplicationInfo(toBury);
const designDocuments = await group.initDesignDocs(toBury, true, false, {});
const conflicts = await group.solveConflicts(toBury, undefined, undefined);
const allIds = await group.listAllGroupsIds();
await group.setGroupPassword(toBury, "another-password");
const roled = await group.setDefaultRoles(solutionId, "PATIENT", ["BASIC_USER"]);
const inheritedRoles = await group.getDefaultRoles(toBury);

const member = await user.createUserInGroup(
  database,
  new User({ id: "a-member", email: "member@petra.example", name: "A member" }),
);
const administrator = await user.createAdminUserInGroup(
  database,
  new User({ id: "an-administrator", email: "admin@petra.example", name: "An administrator" }),
);
const roles = await user.setUserRolesInGroup(member.id, database, { ids: ["BASIC_USER"] });
const modified = await user.modifyUserInGroup(database, new User({ ...roles, name: "A renamed member" }));
const longToken = await user.getTokenInGroup(database, administrator.id, "ci", { tokenValidity: 86400 });
const shortToken = await user.getTokenInGroup(database, administrator.id, "now", { tokenValidity: 300 });
const byToken = await CardinalBaseSdk.initialize(
  undefined,
  url,
  new AuthenticationMethod.UsingCredentials.UsernameLongToken(`${database}/${administrator.id}`, longToken),
);
const whoByToken = await byToken.user.getCurrentUser();
const refused = await byToken.user.setUserRolesInGroup(member.id, database, { ids: [] }).then(
  () => "done",
  () => "refused",
);
const userPage = await user.listUsersInGroup(database, {});
const removed = await user.deleteUserInGroupById(database, member.id, modified.rev ?? "");

const deleted = await group.deleteGroup(toBury);
const reports = await group.hardDeleteGroup(toErase);
const left = (await group.findGroups(solutionId)).rows.map(({ id }) => id);

const transferToken = await there.group.getOperationToken(Operation.TransferGroup, 600, {
  description: "to the other",
});
const transferred = await group.changeSuperGroup(solutionId, transferToken);
const secondUse = await group.changeSuperGroup(solutionId, transferToken).then(
  () => "done",
  () => "refused",
);
const listedThere = (await there.group.listGroups()).map(({ id }) => id);
const appsHere = (await group.listApps()).map(({ id }) => id);
const madeElsewhere = await Promise.all(read.map((id) => group.getGroup(id)));

stdout.write(
  JSON.stringify({
    current: current.id,
    matches: matches.map(({ groupId, groupName }) => ({ groupId, groupName })),
    solution,
    renamed: renamed.name,
    properties: propertied.properties,
    paged,
    found: found.rows.map(({ id }) => id),
    parentName,
    hierarchy,
    storage,
    replication,
    designDocuments: designDocuments.length,
    conflicts,
    allIds: allIds.length,
    defaultUserRoles: roled.defaultUserRoles,
    inheritedRoles: inheritedRoles.Patient,
    administrator: administrator.systemMetadata?.isAdmin,
    roles: roles.systemMetadata?.roles,
    modified: modified.name,
    tokens: [typeof longToken, typeof shortToken],
    whoByToken: whoByToken.id,
    refused,
    users: userPage.rows.map(({ id }) => id),
    removed: removed.id,
    deletionDate: typeof deleted.deletionDate,
    reports,
    left,
    transferredTo: transferred.superGroup,
    secondUse,
    listedThere,
    appsHere,
    madeElsewhere,
  }),
);
exit(0);
