import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ScriptedServer } from "../support/api-server";
import { certificateAuthority } from "../support/certificates";
import { repositoryRoot } from "../support/project";

const company = certificateAuthority("Petra's own authority");
const lastYear = { from: new Date("2025-01-01T00:00:00Z"), until: new Date("2025-12-31T00:00:00Z") };
const valid = { from: new Date("2025-01-01T00:00:00Z"), until: new Date("2048-12-31T00:00:00Z") };

const program = `
  const { Cockpit } = require("./dist/provider/client");
  const cockpit = new Cockpit({ url: process.argv[1], username: "ada", password: "canary" });
  cockpit.groups.get("g1").then(({ id }) => "read " + id, ({ message }) => message)
    .then((text) => console.log(text))
    .then(() => cockpit.close());
`;

let folder: string;
let server: ScriptedServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cockpit-authority-"));
});
afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the provider's API says in a process of its own: whom Node trusts is decided when it starts. */
async function askOver(
  certificate: { host: string; from: Date; until: Date },
  env: Record<string, string>,
): Promise<string> {
  server = await ScriptedServer.start(createServer(company.issue(certificate)));
  server.on("GET /group/g1", { json: { id: "g1" } });
  const url = `https://localhost:${server.port}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, url], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
  });
  return stdout;
}

async function trustingTheCompany(): Promise<Record<string, string>> {
  const file = path.join(folder, "authority.pem");
  await writeFile(file, company.certificate);
  return { NODE_EXTRA_CA_CERTS: file };
}

test("[F19] a certificate of a private authority is trusted once NODE_EXTRA_CA_CERTS names that authority", async () => {
  expect(await askOver({ host: "localhost", ...valid }, await trustingTheCompany())).toBe("read g1\n");
});

test.each<[what: string, host: string, days: { from: Date; until: Date }, isTrusted: boolean, words: RegExp]>(
  [
    ["of an unknown authority", "localhost", valid, false, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
    ["that has ended", "localhost", lastYear, true, /CERT_HAS_EXPIRED/],
    ["of another host", "api.petra.example", valid, true, /ERR_TLS_CERT_ALTNAME_INVALID/],
  ],
)("[F19] a certificate %s is refused at once, in words", async (_what, host, days, isTrusted, words) => {
  const message = await askOver({ host, ...days }, isTrusted ? await trustingTheCompany() : {});
  expect(message).toMatch(/the TLS connection to localhost can't be trusted .*NODE_EXTRA_CA_CERTS/);
  expect(message).toMatch(words);
  expect(message).not.toContain("canary");
  expect([server?.connections, server?.requests.length]).toEqual([1, 0]);
});
