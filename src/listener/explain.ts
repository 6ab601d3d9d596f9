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

/** Bodies that are larger, or nested deeper, are not tried in every variant: it would take too long, or more stack than there is. */
const MAX_TRIED_BYTES = 64 * 1024;
const MAX_TRIED_DEPTH = 100;

const HEX = /^[0-9a-f]+$/;

export interface Signed {
  body: Buffer;
  /** `X-Hub-Signature-256` as it arrived. */
  header: string | undefined;
  /** The older `X-Hub-Signature`. */
  sha1Header: string | undefined;
}

const UNEXPLAINED = "signature does not match: signed with another secret, or the body was changed on the way";

/** What is said when there was no time for all tries. */
export const SKIPPED = `${UNEXPLAINED} (no time was left to find out more)`;

/**
 * One sentence on what is wrong with a signature that did not verify under `appSecret`: the first that is not `undefined`. Each step is
 * one try and takes bounded time; the last one always has a sentence. Names secrets, never shows one.
 */
export function* explanations(
  signed: Signed,
  appSecret: string,
  others: readonly Secret[],
): Generator<string | undefined> {
  const { body, header } = signed;
  if (header === undefined) return yield explainMissing(signed, appSecret);
  yield* explainHeader(body, header, appSecret);
  yield* explainSecret(body, header, { appSecret, others });
  if (body.length > MAX_TRIED_BYTES) {
    yield `${UNEXPLAINED} (it is larger than ${MAX_TRIED_BYTES / 1024} kB, so no changes were tried)`;
  } else if (isDeep(body)) {
    yield `${UNEXPLAINED} (it is nested more than ${MAX_TRIED_DEPTH} levels deep, so no changes were tried)`;
  } else {
    yield* explainBytes(body, header, { appSecret, others });
    yield UNEXPLAINED;
  }
}

function explainMissing({ body, sha1Header }: Signed, appSecret: string): string {
  if (sha1Header === undefined) return "no signature: the header X-Hub-Signature-256 is missing";
  const right = sha1Header === signSha1(body, appSecret) ? "and it is right" : "and it does not match either";
  return `only the old sha1 header X-Hub-Signature is there, ${right}: send X-Hub-Signature-256`;
}

/** Faults of the header alone. */
function* explainHeader(body: Buffer, header: string, appSecret: string): Generator<string | undefined> {
  if (header.includes(",")) return yield "the header X-Hub-Signature-256 came more than once";
  const [scheme, digest] = split(header);
  const hmac = (algorithm: string) => createHmac(algorithm, appSecret).update(body);
  if (scheme === "sha1") return yield "signed with sha1 instead of sha256: X-Hub-Signature-256 starts with sha256=";
  if (scheme !== "sha256") {
    const right = header === hmac("sha256").digest("hex") ? "; the rest is right" : "";
    return yield `the header X-Hub-Signature-256 does not start with sha256=${right}`;
  }
  yield digest === hmac("sha1").digest("hex") ? "signed with sha1 instead of sha256" : undefined;
  yield digest === hmac("sha256").digest("base64") ? "the signature is in base64: Meta writes it in hex" : undefined;
  if (digest !== digest.toLowerCase() && HEX.test(digest.toLowerCase())) {
    return yield "the signature is in upper-case hex: Meta writes it in lower case";
  }
  if (!HEX.test(digest)) return yield "the signature is no hex number";
  if (digest.length !== 64) {
    return yield `the signature is ${digest.length} digits long, not 64: cut off, or not sha256`;
  }
  const plain = digest === createHash("sha256").update(body).digest("hex");
  yield plain ? "a plain sha256 of the body, without a secret: use HMAC" : undefined;
}

function split(header: string): [scheme: string, digest: string] {
  const at = header.indexOf("=");
  return at < 0 ? ["", header] : [header.slice(0, at), header.slice(at + 1)];
}

interface Secrets {
  appSecret: string;
  others: readonly Secret[];
}

function fits(bytes: string | Uint8Array, header: string, key: string | Uint8Array): boolean {
  return createHmac("sha256", key).update(bytes).digest("hex") === split(header)[1];
}

function* explainSecret(body: Buffer, header: string, { appSecret, others }: Secrets): Generator<string | undefined> {
  for (const { name, value } of [...others, ...misreadings(appSecret)]) {
    if (value === "" || value === appSecret) continue;
    yield fits(body, header, value)
      ? `signature does not match: the body was signed with another secret (${name})`
      : undefined;
  }
  if (
    appSecret.length % 2 === 0 &&
    /^[0-9a-f]+$/i.test(appSecret) &&
    fits(body, header, Buffer.from(appSecret, "hex"))
  ) {
    yield "signature does not match: the app secret was decoded from hex, use it as text";
  }
}

/** Other bytes, and perhaps another secret too. */
function* explainBytes(body: Buffer, header: string, { appSecret, others }: Secrets): Generator<string | undefined> {
  for (const { name, bytes } of alterations(body)) {
    if (fits(bytes, header, appSecret)) yield `signature does not match: ${name}`;
    const secret = others.find(({ value }) => value !== "" && fits(bytes, header, value));
    yield secret && `signature does not match: ${name}, and signed with another secret (${secret.name})`;
  }
}

/** Whether JSON is nested deeper than any payload; of other text it may be either. */
function isDeep(body: Buffer): boolean {
  let [depth, inText] = [0, false];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) inText = !inText;
    else if (inText) continue;
    else if (byte === OBJECT || byte === LIST) depth++;
    else if (byte === OBJECT + 2 || byte === LIST + 2) depth--;
    if (depth > MAX_TRIED_DEPTH) return true;
  }
  return false;
}

// The closing ones are two further on.
const [QUOTE, BACKSLASH, LIST, OBJECT] = [0x22, 0x5c, 0x5b, 0x7b];

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
