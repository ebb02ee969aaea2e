import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail server of somebody else's making, and what arrived in it. */
export interface Mailbox {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Oldest first. */
  readonly emails: Email[];
  /** The next e-mail to that address that wasn't taken yet. */
  next(to: string): Promise<Email>;
  close(): Promise<void>;
}

export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const account = { user: "mailer", password: "smtp-password-canary" };
  const emails: Email[] = [];
  const taken = new Set<Email>();
  let arrived = () => {};
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === account.user && password === account.password
        ? done(null, { user: username })
        : done(new Error(`No such account, ${username ?? ""} with ${password ?? ""}`)),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        void PostalMime.parse(Buffer.concat(chunks)).then((email) => {
          emails.push(email);
          done();
          arrived();
        });
      });
    },
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");

  const next = async (to: string): Promise<Email> => {
    for (;;) {
      const email = emails.find((each) => !taken.has(each) && each.to?.some(({ address }) => address === to));
      if (email !== undefined) {
        taken.add(email);
        return email;
      }
      await new Promise<void>((resolve) => (arrived = resolve));
    }
  };
  return {
    port: (server.server.address() as AddressInfo).port,
    ...account,
    emails,
    next,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

export const codeIn = (text: string | undefined): string => /\b\d{6}\b/.exec(text ?? "")?.[0] ?? "no code";
