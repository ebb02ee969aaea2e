import { execFileSync } from "node:child_process";
import path from "node:path";

test("a database's name is followed from the program's line to the request", () => {
  const script = path.join(__dirname, "trace-name.js");
  const answer = execFileSync(process.execPath, [script], { encoding: "utf8", stdio: "pipe" });
  const { handed, run } = JSON.parse(answer) as { handed: string[]; run: string[] };
  expect(handed).toEqual(expect.arrayContaining(["sdk/database.ts", "provider/resources/database.ts"]));
  expect(handed).toContain("provider/client/transport.ts");
  expect(run).toEqual(expect.arrayContaining(handed));
  // It creates, so what decides on a deletion is no part of it.
  expect(run).not.toContain("provider/runtime/groups/deletion.ts");
});
