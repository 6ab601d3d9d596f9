/** Explains a signature mismatch: tries common mistakes one by one until one reproduces the signature. */
import { createHash, createHmac } from "node:crypto";

import { parseObject } from "../json.ts";
import { signSha1 } from "./signature.ts";
import { encodeWireText, escapeUnicode } from "./wire.ts";

export interface Secret {
  /** How it is named in messages: `the verify token`, `APP_SECRET`. */
  name: string;
  value: string;
}

/** Larger or deeper bodies are not tried in every variant: that would take too long or overflow the stack. */
const MAX_TRIED_BYTES = 64 * 1024;
const MAX_TRIED_DEPTH = 100;

const HEX = /^[0-9a-f]+$/;

export interface Signed {
  body: Buffer;
  /** `X-Hub-Signature-256` as received. */
  header: string | undefined;
  /** The older `X-Hub-Signature`. */
  sha1Header: string | undefined;
}

const UNEXPLAINED = "signature mismatch: signed with an unknown secret, or the body changed in transit";

/** The explanation when the time budget ended before every mistake was tried. */
export const SKIPPED = `${UNEXPLAINED} (not fully analyzed: too many rejected deliveries)`;

/**
 * Yields one attempt per step, each in bounded time: `undefined` while none fits, then the explanation of why the signature does not
 * verify with `appSecret`. The last step always has an explanation. Secrets are named and never shown.
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
    yield `${UNEXPLAINED} (body over ${MAX_TRIED_BYTES / 1024} kB, not analyzed)`;
  } else if (isDeep(body)) {
    yield `${UNEXPLAINED} (nested more than ${MAX_TRIED_DEPTH} levels deep, not analyzed)`;
  } else {
    yield* explainBytes(body, header, { appSecret, others });
    yield UNEXPLAINED;
  }
}

function explainMissing({ body, sha1Header }: Signed, appSecret: string): string {
  if (sha1Header === undefined) return "missing signature: no X-Hub-Signature-256 header";
  const result = sha1Header === signSha1(body, appSecret) ? "which is valid" : "which does not match either";
  return `missing signature: only the legacy SHA-1 header X-Hub-Signature, ${result}; send X-Hub-Signature-256`;
}

/** Mistakes in the header itself. */
function* explainHeader(body: Buffer, header: string, appSecret: string): Generator<string | undefined> {
  if (header.includes(",")) return yield "malformed signature: X-Hub-Signature-256 was sent more than once";
  const [scheme, digest] = split(header);
  const hmac = (algorithm: string) => createHmac(algorithm, appSecret).update(body);
  if (scheme === "sha1")
    return yield "signature mismatch: signed with SHA-1 instead of SHA-256; X-Hub-Signature-256 must start with sha256=";
  if (scheme !== "sha256") {
    const valid = header === hmac("sha256").digest("hex") ? "; the digest itself is valid" : "";
    return yield `malformed signature: X-Hub-Signature-256 does not start with sha256=${valid}`;
  }
  yield digest === hmac("sha1").digest("hex") ? "signature mismatch: signed with SHA-1 instead of SHA-256" : undefined;
  yield digest === hmac("sha256").digest("base64")
    ? "malformed signature: base64-encoded; use lowercase hex"
    : undefined;
  if (digest !== digest.toLowerCase() && HEX.test(digest.toLowerCase())) {
    return yield "malformed signature: uppercase hex; use lowercase hex";
  }
  if (!HEX.test(digest)) return yield "malformed signature: not hexadecimal";
  if (digest.length !== 64) {
    return yield `malformed signature: ${digest.length} hex digits instead of 64; truncated, or not SHA-256`;
  }
  const plain = digest === createHash("sha256").update(body).digest("hex");
  yield plain ? "signature mismatch: plain SHA-256 of the body without a secret; use HMAC-SHA256" : undefined;
}

function split(header: string): [scheme: string, digest: string] {
  const at = header.indexOf("=");
  return at < 0 ? ["", header] : [header.slice(0, at), header.slice(at + 1)];
}

interface Secrets {
  appSecret: string;
  others: readonly Secret[];
}

function matches(bytes: string | Uint8Array, header: string, key: string | Uint8Array): boolean {
  return createHmac("sha256", key).update(bytes).digest("hex") === split(header)[1];
}

function* explainSecret(body: Buffer, header: string, { appSecret, others }: Secrets): Generator<string | undefined> {
  for (const { name, key } of otherKeys(appSecret, others)) {
    yield matches(body, header, key) ? `signature mismatch: ${name}` : undefined;
  }
}

/** Keys that are used by mistake instead of the app secret, each with what is said of it: `signed with the verify token, not the app secret`. */
export function otherKeys(appSecret: string, others: readonly Secret[]): { name: string; key: string | Buffer }[] {
  const candidates = [
    ...others.map(({ name, value }) => ({ name: `${name}, not the app secret`, value })),
    ...miscopies(appSecret),
  ].filter(({ value }) => value !== "" && value !== appSecret);
  const keys: { name: string; key: string | Buffer }[] = candidates.map(({ name, value }) => ({
    name: `signed with ${name}`,
    key: value,
  }));
  if (appSecret.length % 2 === 0 && HEX.test(appSecret.toLowerCase())) {
    keys.push({ name: "the app secret was decoded from hex; use it as text", key: Buffer.from(appSecret, "hex") });
  }
  return keys;
}

/** Changed bytes, possibly together with another secret. */
function* explainBytes(body: Buffer, header: string, { appSecret, others }: Secrets): Generator<string | undefined> {
  for (const { name, bytes } of alterations(body)) {
    if (matches(bytes, header, appSecret)) yield `signature mismatch: ${name}`;
    const secret = others.find(({ value }) => value !== "" && matches(bytes, header, value));
    yield secret && `signature mismatch: ${name}, and signed with ${secret.name}`;
  }
}

/** Whether JSON is nested deeper than any payload. The result for other text is arbitrary. */
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

// In ASCII, each closing bracket follows two places after its opening bracket.
const [QUOTE, BACKSLASH, LIST, OBJECT] = [0x22, 0x5c, 0x5b, 0x7b];

/** The app secret as it is often miscopied. */
function miscopies(appSecret: string): Secret[] {
  return [
    { name: "the app secret plus a trailing newline", value: `${appSecret}\n` },
    { name: "the app secret plus a trailing space", value: `${appSecret} ` },
    { name: "the app secret in quotes", value: `"${appSecret}"` },
    { name: "the app secret in uppercase", value: appSecret.toUpperCase() },
    { name: "the app secret without its surrounding whitespace", value: appSecret.trim() },
  ];
}

/** Bodies that may have been signed and then changed into the received one. */
function* alterations(body: Buffer): Generator<{ name: string; bytes: string | Uint8Array }> {
  const text = body.toString("utf8");
  const added = "a trailing newline was added to the body after signing";
  yield { name: added, bytes: text.replace(/\r?\n$/, "") };
  const removed = "a trailing newline was removed from the body after signing";
  for (const ending of ["\n", "\r\n"]) yield { name: removed, bytes: text + ending };
  yield { name: "a byte order mark was added after signing", bytes: text.replace(/^\uFEFF/, "") };
  yield { name: "line breaks were changed after signing", bytes: text.replaceAll("\r\n", "\n") };
  yield { name: "line breaks were changed after signing", bytes: text.replaceAll(/\r?\n/g, "\r\n") };
  yield* reserialized(text);
}

function* reserialized(text: string): Generator<{ name: string; bytes: string | Uint8Array }> {
  const value = parseObject(text);
  if (value === undefined) return;
  const undone = String.raw`escaping was undone after signing (\/ or \u00e9 became plain characters); forward the raw bytes`;
  const slashes = text.replaceAll(/(?<!\\)\//g, String.raw`\/`);
  yield { name: undone, bytes: slashes };
  yield { name: undone, bytes: escapeUnicode(text) };
  yield { name: undone, bytes: escapeUnicode(slashes) };
  const again = "the body was parsed and re-serialized after signing; forward the raw bytes";
  yield { name: again, bytes: encodeWireText(text, "basic") };
  yield { name: again, bytes: encodeWireText(text, "full") };
  const before = "signed JSON.stringify of the parsed body; sign the bytes that are sent";
  yield { name: before, bytes: JSON.stringify(value) };
  yield { name: before, bytes: JSON.stringify(value, undefined, 2) };
  yield { name: before, bytes: escapeUnicode(JSON.stringify(value)) };
}
