import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { certificateAuthority } from "./certificates";

const host = "git.petra.example";

/**
 * Bare repositories below a folder, at https://git.petra.example without a port: the engine takes an address with one for a
 * path. A proxy leads there and lets everything else through.
 */
export class GitServer {
  readonly url = `https://${host}`;

  private constructor(
    private readonly servers: readonly http.Server[],
    private readonly tunnels: ReadonlySet<net.Socket>,
    /** For the engine. */
    readonly env: Record<string, string>,
  ) {}

  static async start(folder: string): Promise<GitServer> {
    const authority = certificateAuthority("Test authority");
    const from = new Date(Date.now() - 86_400_000);
    const issued = authority.issue({ host, from, until: new Date(Date.now() + 86_400_000) });
    const certificates = path.join(folder, "authority.pem");
    await writeFile(certificates, authority.certificate);
    const git = https.createServer(issued, (request, response) => answer(folder, request, response));
    const proxy = http.createServer();
    const tunnels = new Set<net.Socket>();
    const [gitPort, proxyPort] = await Promise.all([portOf(git), portOf(proxy)]);
    proxy.on("connect", ({ url = "" }, client: net.Socket) => {
      const [name = "", port = "443"] = url.split(":");
      const target = name === host ? net.connect(gitPort, "127.0.0.1") : net.connect(Number(port), name);
      target.on("connect", () => {
        client.write("HTTP/1.1 200 Connected\r\n\r\n");
        target.pipe(client).pipe(target);
      });
      for (const [one, other] of [
        [client, target],
        [target, client],
      ] as const) {
        tunnels.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => tunnels.delete(one));
      }
    });
    const address = `http://127.0.0.1:${proxyPort}`;
    return new GitServer([git, proxy], tunnels, {
      HTTPS_PROXY: address,
      https_proxy: address,
      SSL_CERT_FILE: certificates,
    });
  }

  stop(): void {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    // These are no longer the proxy's own.
    for (const tunnel of this.tunnels) {
      tunnel.destroy();
    }
  }
}

async function portOf(server: http.Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as net.AddressInfo).port;
}

/** By Git's own program for web servers. */
function answer(folder: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "/", `https://${host}`);
  const git = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  request.pipe(git.stdin);
  const chunks: Buffer[] = [];
  git.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  git.on("close", () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    const headers = all
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(": "));
    for (const [name = "", value = ""] of headers) {
      if (name === "Status") {
        response.statusCode = Number.parseInt(value, 10);
      } else {
        response.setHeader(name, value);
      }
    }
    response.end(all.subarray(end + 4));
  });
}
