import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** A certificate authority for one test, so that no tools and no key files are needed. */
export interface Authority {
  certificate: string;
  issue(options: { host: string; from: Date; until: Date }): { key: string; cert: string };
}

export function certificateAuthority(name: string): Authority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = nameOf(name);
  const always = { from: new Date("2020-01-01T00:00:00Z"), until: new Date("2049-01-01T00:00:00Z") };
  const isAuthority = extension("551d13", sequence(der(tags.boolean, Buffer.from([255]))), true);
  return {
    certificate: certificate({ ...always, subject, key: keys.publicKey, extensions: [isAuthority] }),
    issue({ host, from, until }) {
      const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const hosts = extension("551d11", sequence(der(tags.dnsName, Buffer.from(host))));
      const cert = certificate({
        from,
        until,
        subject: nameOf(host),
        key: own.publicKey,
        extensions: [hosts],
      });
      return { key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert };
    },
  };

  function certificate(content: {
    subject: Buffer;
    from: Date;
    until: Date;
    key: KeyObject;
    extensions: Buffer[];
  }): string {
    const ecdsaWithSha256 = sequence(objectId("2a8648ce3d040302"));
    const version3 = der(tags.version, der(tags.integer, Buffer.from([2])));
    const signed = sequence(
      version3,
      der(tags.integer, Buffer.from([1])),
      ecdsaWithSha256,
      subject,
      sequence(time(content.from), time(content.until)),
      content.subject,
      content.key.export({ type: "spki", format: "der" }),
      der(tags.extensions, sequence(...content.extensions)),
    );
    const signature = Buffer.concat([Buffer.from([0]), sign("sha256", signed, keys.privateKey)]);
    return pem(sequence(signed, ecdsaWithSha256, der(tags.bits, signature)));
  }
}

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  objectId: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  version: 0xa0,
  extensions: 0xa3,
} as const;

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const long = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...(body.length < 128 ? [body.length] : long)]), body]);
}

const sequence = (...parts: Buffer[]): Buffer => der(tags.sequence, ...parts);
const objectId = (hex: string): Buffer => der(tags.objectId, Buffer.from(hex, "hex"));
const time = (date: Date): Buffer =>
  der(tags.time, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-T:]/g, "")}Z`));

function nameOf(commonName: string): Buffer {
  return sequence(der(tags.set, sequence(objectId("550403"), der(tags.text, Buffer.from(commonName)))));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der(tags.boolean, Buffer.from([255]))] : [];
  return sequence(objectId(id), ...critical, der(tags.bytes, value));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
