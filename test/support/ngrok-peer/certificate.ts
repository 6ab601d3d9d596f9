/** Generates a CA and a certificate for 127.0.0.1 signed by it: X.509 in DER, without a library. */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export interface Certificates {
  // All three are PEM text.
  ca: string;
  cert: string;
  key: string;
}

const DAY_MS = 86_400_000;
const IP = Buffer.from([127, 0, 0, 1]);

function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const integer = (value: number) => der(0x02, Buffer.from([value]));
const octets = (content: Buffer) => der(0x04, content);
const bits = (content: Buffer) => der(0x03, Buffer.from([0]), content);
const TRUE = der(0x01, Buffer.from([0xff]));

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const ALTERNATIVE_NAMES = oid(0x55, 0x1d, 0x11);

const named = (name: string) => sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));

function utcTime(ms: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(ms).toISOString().replaceAll(/\D/g, "").slice(2, 14)}Z`));
}

interface CertificateOptions {
  serial: number;
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signingKey: KeyObject;
  extension: Buffer;
}

function certificate({ serial, subject, issuer, publicKey, signingKey, extension }: CertificateOptions): string {
  const body = sequence(
    der(0xa0, integer(2)),
    integer(serial),
    ECDSA_WITH_SHA256,
    named(issuer),
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS)),
    named(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signed = sequence(body, ECDSA_WITH_SHA256, bits(sign("sha256", body, signingKey)));
  const lines = signed.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Valid from yesterday until tomorrow, for the address 127.0.0.1 and the name localhost. */
export function makeCertificates(): Certificates {
  const [authority, leaf] = [0, 1].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
  if (authority === undefined || leaf === undefined) throw new Error("key generation failed");
  const signer = { issuer: "wa-hook test authority", signingKey: authority.privateKey };
  const isAuthority = sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE)));
  const names = sequence(ALTERNATIVE_NAMES, octets(sequence(der(0x87, IP), der(0x82, Buffer.from("localhost")))));
  const { publicKey } = authority;
  return {
    ca: certificate({ ...signer, serial: 1, subject: signer.issuer, publicKey, extension: isAuthority }),
    cert: certificate({ ...signer, serial: 2, subject: "wa-hook test", publicKey: leaf.publicKey, extension: names }),
    key: leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
