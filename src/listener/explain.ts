/** Why a signature does not match: the mistakes people make, tried one by one until one fits. */
import { createHash, createHmac } from "node:crypto";

import { parseObject } from "../json.ts";
import { signSha1 } from "../webhook/signature.ts";
import { encodeWireText, escapeUnicode } from "../webhook/wire.ts";

export interface Secret {
  /** How the person calls it: `the verify token`, `APP_SECRET`. */
  name: string;
  value: string;
}

/** Bodies above this are not tried in every variant. */
const MAX_TRIED_BYTES = 64 * 1024;

const HEX = /^[0-9a-f]+$/;

interface Signed {
  body: Buffer;
  /** `X-Hub-Signature-256` as it arrived. */
  header: string | undefined;
  /** The older `X-Hub-Signature`. */
  sha1Header: string | undefined;
}

/** Looking for the reason takes time, which a flood of wrong signatures must not take from the right ones. */
const EXPLAINED_PER_SECOND = 20;

/** Explains mismatches, so many a second; the rest get a sentence without a reason. */
export class Explainer {
  readonly #appSecret: string;
  readonly #others: readonly Secret[];
  #second = 0;
  #explained = 0;

  constructor(appSecret: string, others: readonly Secret[]) {
    this.#appSecret = appSecret;
    this.#others = others;
  }

  explain(signed: Signed): string {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) this.#explained = 0;
    this.#second = second;
    if (++this.#explained > EXPLAINED_PER_SECOND) return "signature does not match, like many others in this second";
    return explainMismatch(signed, this.#appSecret, this.#others);
  }
}

/** One sentence on what is wrong with a signature that did not verify under `appSecret`. Names secrets, never shows one. */
export function explainMismatch(signed: Signed, appSecret: string, others: readonly Secret[]): string {
  return explainHeader(signed, appSecret) ?? explainBytes(signed, appSecret, others) ?? UNEXPLAINED;
}

const UNEXPLAINED = "signature does not match: signed with another secret, or the body was changed on the way";

/** Faults of the header alone. */
function explainHeader({ body, header, sha1Header }: Signed, appSecret: string): string | undefined {
  if (header === undefined) {
    if (sha1Header === undefined) return "no signature: the header X-Hub-Signature-256 is missing";
    const right = sha1Header === signSha1(body, appSecret) ? "and it is right" : "and it does not match either";
    return `only the old sha1 header X-Hub-Signature is there, ${right}: send X-Hub-Signature-256`;
  }
  if (header.includes(",")) return "the header X-Hub-Signature-256 came more than once";
  const [scheme, digest] = split(header);
  const hmac = (algorithm: string) => createHmac(algorithm, appSecret).update(body);
  if (scheme === "sha1") return "signed with sha1 instead of sha256: X-Hub-Signature-256 starts with sha256=";
  if (scheme !== "sha256") {
    const right = header === hmac("sha256").digest("hex") ? "; the rest is right" : "";
    return `the header X-Hub-Signature-256 does not start with sha256=${right}`;
  }
  if (digest === hmac("sha1").digest("hex")) return "signed with sha1 instead of sha256";
  if (digest === hmac("sha256").digest("base64")) return "the signature is in base64: Meta writes it in hex";
  if (digest !== digest.toLowerCase() && HEX.test(digest.toLowerCase())) {
    return "the signature is in upper-case hex: Meta writes it in lower case";
  }
  if (!HEX.test(digest)) return "the signature is no hex number";
  if (digest.length !== 64) return `the signature is ${digest.length} digits long, not 64: cut off, or not sha256`;
  if (digest === createHash("sha256").update(body).digest("hex"))
    return "a plain sha256 of the body, without a secret: use HMAC";
  return undefined;
}

function split(header: string): [scheme: string, digest: string] {
  const at = header.indexOf("=");
  return at < 0 ? ["", header] : [header.slice(0, at), header.slice(at + 1)];
}

/** Another secret, other bytes, or both. */
function explainBytes({ body, header }: Signed, appSecret: string, others: readonly Secret[]): string | undefined {
  const given = split(header ?? "")[1];
  const fits = (bytes: string | Uint8Array, key: string | Uint8Array) =>
    createHmac("sha256", key).update(bytes).digest("hex") === given;
  const secrets = [...others, ...misreadings(appSecret)].filter(({ value }) => value !== "" && value !== appSecret);
  const wrongSecret = secrets.find(({ value }) => fits(body, value));
  if (wrongSecret !== undefined)
    return `signature does not match: the body was signed with another secret (${wrongSecret.name})`;
  if (/^([0-9a-f]{2})+$/i.test(appSecret) && fits(body, Buffer.from(appSecret, "hex"))) {
    return "signature does not match: the app secret was decoded from hex, use it as text";
  }
  if (body.length > MAX_TRIED_BYTES) return undefined;
  for (const { name, bytes } of alterations(body)) {
    if (fits(bytes, appSecret)) return `signature does not match: ${name}`;
    const secret = others.find(({ value }) => fits(bytes, value));
    if (secret !== undefined)
      return `signature does not match: ${name}, and signed with another secret (${secret.name})`;
  }
  return undefined;
}

/** The app secret as it looks after a careless copy. */
function misreadings(appSecret: string): Secret[] {
  return [
    { name: "the app secret with a line break at its end", value: `${appSecret}\n` },
    { name: "the app secret with a space at its end", value: `${appSecret} ` },
    { name: "the app secret in quotes", value: `"${appSecret}"` },
    { name: "the app secret in upper case", value: appSecret.toUpperCase() },
    { name: "the app secret without white space around it", value: appSecret.trim() },
  ];
}

/** The bodies that may have been signed before something on the way made ours of them. */
function* alterations(body: Buffer): Generator<{ name: string; bytes: string | Uint8Array }> {
  const text = body.toString("utf8");
  const added = "a line break was added at the body's end after signing";
  yield { name: added, bytes: text.replace(/\r?\n$/, "") };
  const removed = "a line break was removed from the body's end after signing";
  for (const ending of ["\n", "\r\n"]) yield { name: removed, bytes: text + ending };
  yield { name: "a byte order mark was added after signing", bytes: text.replace(/^\uFEFF/, "") };
  yield { name: "line breaks were changed after signing", bytes: text.replaceAll("\r\n", "\n") };
  yield { name: "line breaks were changed after signing", bytes: text.replaceAll(/\r?\n/g, "\r\n") };
  yield* reserialised(text);
}

function* reserialised(text: string): Generator<{ name: string; bytes: string | Uint8Array }> {
  const value = parseObject(text);
  if (value === undefined) return;
  const undone = String.raw`escaping was undone after signing (\/ or \u00e9 became plain characters): hand on the raw bytes`;
  const slashes = text.replaceAll(/(?<!\\)\//g, String.raw`\/`);
  yield { name: undone, bytes: slashes };
  yield { name: undone, bytes: escapeUnicode(text) };
  yield { name: undone, bytes: escapeUnicode(slashes) };
  const again = "the body was parsed and serialised again after signing: hand on the raw bytes";
  yield { name: again, bytes: encodeWireText(text, "basic") };
  yield { name: again, bytes: encodeWireText(text, "full") };
  const before = "the signature was made over JSON.stringify of the parsed body: sign the bytes that are sent";
  yield { name: before, bytes: JSON.stringify(value) };
  yield { name: before, bytes: JSON.stringify(value, undefined, 2) };
  yield { name: before, bytes: escapeUnicode(JSON.stringify(value)) };
}
