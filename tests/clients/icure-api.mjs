// What a program on @icure/api does with an environment; prints one JSON object of what it saw.
import { argv, stdout } from "node:process";
import icure from "@icure/api";
import authentication from "@icure/api/icc-x-api/auth/AuthenticationProvider.js";

/** @type {import("./plan.js").ClientPlan} */
const { url, username, environments, read } = JSON.parse(argv[2] ?? "");
const [{ id: environment, password }] = environments;
const { fetch } = globalThis;
const { IccAuthApi, IccGroupApi, IccUserApi } = icure;
const { BasicAuthenticationProvider, JwtAuthenticationProvider, NoAuthenticationProvider } = authentication;

/** @param {string} version */
async function run(version) {
  const host = `${url}/rest/${version}`;
  const anonymous = new IccAuthApi(host, {}, new NoAuthenticationProvider(), fetch);
  const byPassword =
    version === "v1"
      ? new BasicAuthenticationProvider(username, password)
      : new JwtAuthenticationProvider(anonymous, username, password);
  const groups = new IccGroupApi(host, {}, byPassword, fetch);
  const users = new IccUserApi(host, {}, byPassword, fetch);

  const login = await anonymous.login({ username, password });
  const matches = await users.getMatchingUsers();
  const current = await users.getCurrentUser();

  const solutionId = `ic-old-client-${version}`;
  const solution = await groups.createGroup(
    solutionId,
    "Solution ✨",
    "a-group-password",
    undefined,
    3,
    3,
    environment,
    "app",
    {},
  );
  const databaseIds = ["a", "b", "c", "d", "e"].map((letter) => `${solutionId}-${letter}`);
  const [toBury = "", toErase = ""] = databaseIds;
  for (const id of databaseIds)
    await groups.createGroup(
      id,
      `Database ${id}`,
      "a-group-password",
      "europe-west-03",
      3,
      3,
      solutionId,
      "database",
      {},
    );

  const renamed = await groups.modifyGroupName(solutionId, "Petra/Söhne 100% 🐕 #1?");
  const propertied = await groups.modifyGroupProperties(solutionId, {
    properties: [
      {
        type: { identifier: "org.example.plan", type: "STRING" },
        typedValue: { type: "STRING", stringValue: "gold" },
      },
    ],
  });

  const paged = [];
  for (let start; ;) {
    const page = await groups.findGroups(solutionId, start, 2);
    paged.push((page.rows ?? []).map(({ id }) => id));
    start = page.nextKeyPair?.startKeyDocId;
    if (start === undefined) break;
  }
  const found = await groups.findGroupsWithContent(solutionId, `Database ${solutionId}-c`);
  const parentName = await groups.getNameOfParentGroup(toBury);
  const storage = await groups.getGroupsStorageInfos({ ids: databaseIds.slice(0, 1) });
  const replication = await groups.getReplicationInfo1(toBury);
  const designDocuments = await groups.initDesignDocs(toBury, undefined, false);

  const deleted = await groups.deleteGroup(toBury);
  const reports = await groups.hardDeleteGroup(toErase);
  const left = (await groups.findGroups(solutionId)).rows?.map(({ id }) => id);
  const listed = (await groups.listGroups()).map(({ id }) => id);
  const apps = (await groups.listApps()).map(({ id }) => id);
  const madeElsewhere = await Promise.all(read.map((id) => groups.getGroup(id)));
  return {
    login: { successful: login.successful, token: typeof login.token },
    matches: matches.map(({ groupId, groupName }) => ({ groupId, groupName })),
    current: current.id,
    solution,
    renamed: renamed.name,
    properties: propertied.properties,
    paged,
    found: found.rows?.map(({ id }) => id),
    parentName,
    storage,
    replication,
    designDocuments,
    deletionDate: typeof deleted.deletionDate,
    reports,
    left,
    listed,
    apps,
    madeElsewhere,
  };
}

stdout.write(JSON.stringify({ v1: await run("v1"), v2: await run("v2") }));
