import path from "node:path";
import { parseRetryAfter, maxAnswerBytes } from "./retry";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const now = Date.UTC(2026, 0, 1, 12);

test.each([
  ["0", 0],
  ["2", 2000],
  [" 86400 ", 86_400_000],
  ["Thu, 01 Jan 2026 12:00:05 GMT", 5000],
  ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["soon GMT", undefined],
  ["", undefined],
  [undefined, undefined],
])("[F7] Retry-After %j asks for %j ms", (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected);
});

describe("memory", () => {
  /** Beyond the largest answer, in MB. */
  const most = 100 + maxAnswerBytes / 2 ** 20;
  const root = path.join(__dirname, "../..");

  /** A process of its own, whose peak nothing else has a part in: asks for a usual list, then for a hostile one. */
  const child = `
  const { Cockpit } = require("./provider/client");
  const peak = () => process.resourceUsage().maxRSS / 1024;
  const { groups } = new Cockpit({ url: process.argv[1], username: "ada", password: "password" });
  (async () => {
    await groups.children("usual");
    const before = peak();
    const said = await groups.children("hostile").then(() => "nothing", ({ message }) => message);
    console.log(JSON.stringify({ said, grown: peak() - before }));
  })().finally(() => process.exit());`;

  const group = (id: string, more = "") => `{"id":"${id}","rev":"1","name":"x"${more}}`;
  const groups = (page: number, count: number, more?: string) =>
    Array.from({ length: count }, (_, at) => group(`g${page}-${at}`, more)).join();
  const next = (page: number) => `,"nextKeyPair":{"startKey":null,"startKeyDocId":"g${page}"}`;

  test.each<[string, (response: ServerResponse, page: number) => void, RegExp]>([
    [
      "an answer in a million pieces",
      (response) => {
        const pieces = Buffer.from("1\r\n \r\n".repeat(100_000));
        response.flushHeaders();
        for (let at = 0; at < 10; at++) {
          response.socket?.write(pieces);
        }
        response.socket?.end("0\r\n\r\n");
      },
      /the answer is empty/,
    ],
    [
      "an answer of millions of tiny objects",
      (response) => response.end(`{"rows":[${`{"a":[${"{},".repeat(40_000)}{}]},`.repeat(100)}{}]}`),
      /more than 700000 values/,
    ],
    [
      "huge pages without end",
      (response, page) =>
        response.end(`{"rows":[${groups(page, 1, `,"x":"${"y".repeat(9e6)}"`)}]${next(page)}}`),
      /more than 20971520 characters in all/,
    ],
    [
      "full pages without end",
      (response, page) => response.end(`{"rows":[${groups(page, 20_000)}]${next(page)}}`),
      /more than 700000 values in all/,
    ],
  ])(
    "a list of %s ends in an error, within its time and within 100 MB beyond the largest answer",
    async (_what, answer, problem) => {
      let page = 0;
      const server = createServer((request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        if (request.url?.includes("/hostile/")) {
          answer(response, ++page);
        } else {
          const login = { token: "canary-token", successful: true };
          response.end(JSON.stringify(request.method === "POST" ? login : { rows: [] }));
        }
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const sources = ["-r", path.join(root, "tests/clients/typescript.js"), "-e", child];
      const { stdout } = spawn(process.execPath, [...sources, `http://127.0.0.1:${port}`], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let printed = "";
      for await (const chunk of stdout) {
        printed += String(chunk);
      }
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      const { said, grown } = JSON.parse(printed) as { said: string; grown: number };
      expect(said).toMatch(problem);
      expect(grown).toBeLessThan(most);
    },
  );
});
