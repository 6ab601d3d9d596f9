/** The usual mistakes with the encryption of Flows: each can be recognized in a response, or provoked by a request. */
import { constants, createCipheriv, createDecipheriv, publicEncrypt, randomBytes, type CipherGCM } from "node:crypto";

import { asJsonObject, parseObject } from "../json.ts";
import {
  decryptFlowResponse,
  flipped,
  IV_BYTES,
  publicKeyOf,
  TAG_BYTES,
  type EncryptedFlowRequest,
  type FlowKeys,
} from "./encryption.ts";

/** One mistake: a stable code, what the endpoint does, and what to do instead. */
export interface FlowMistake {
  code: string;
  cause: string;
  fix: string;
}

const ENCRYPT = "respond with base64 of the AES-128-GCM ciphertext and its tag, as text/plain";
const FLIP = "flip every bit of the request's IV before encrypting: iv.map((byte) => ~byte)";

/** How a response that does not decrypt was made; undefined when none of the known ways fits. */
export function explainResponse(response: string, keys: FlowKeys): FlowMistake | undefined {
  const text = response.trim();
  if (text === "") return { code: "empty", cause: "the response is empty", fix: ENCRYPT };
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined && decrypts(quoted, keys)) {
    return { code: "json-string", cause: "the response is a JSON string", fix: "send the base64 text without quotes" };
  }
  const object = asJsonObject(parseObject(text));
  if (object !== undefined) return explainJson(object, keys);
  if (/^[0-9a-f]+$/i.test(text) && isOpened(Buffer.from(text, "hex"), { ...keys, iv: flipped(keys.iv) })) {
    return { code: "hex", cause: "the response is hexadecimal", fix: "encode it as base64" };
  }
  if (/^\s*</.test(text)) return { code: "html", cause: "the response is a web page", fix: ENCRYPT };
  return explainBytes(Buffer.from(text, "base64"), keys);
}

function explainJson(object: Readonly<Record<string, unknown>>, keys: FlowKeys): FlowMistake {
  const inner = Object.values(object).find((value) => typeof value === "string" && decrypts(value, keys));
  if (inner !== undefined) {
    return { code: "json", cause: "the encrypted response is wrapped in JSON", fix: "send the base64 text alone" };
  }
  return { code: "json", cause: "the response is JSON that is not encrypted", fix: ENCRYPT };
}

function explainBytes(bytes: Buffer, { aesKey, iv }: FlowKeys): FlowMistake | undefined {
  const right = { aesKey, iv: flipped(iv) };
  if (isOpened(bytes, { aesKey, iv })) {
    return { code: "iv-not-flipped", cause: "the response is encrypted with the IV of the request", fix: FLIP };
  }
  const first = Buffer.concat([bytes.subarray(TAG_BYTES), bytes.subarray(0, TAG_BYTES)]);
  if (isOpened(first, right)) {
    return { code: "tag-first", cause: "the tag precedes the ciphertext", fix: "append the tag to the ciphertext" };
  }
  if (isJson(unauthenticated(bytes, right)) || isJson(unauthenticated(bytes.subarray(0, -TAG_BYTES), right))) {
    const cause = "the tag of 16 bytes is missing from the response, or wrong";
    return { code: "tag-missing", cause, fix: "append cipher.getAuthTag() to the ciphertext" };
  }
  if (isJson(unauthenticated(bytes, { aesKey, iv }))) {
    const cause = "the tag is missing from the response, and the IV of the request was not flipped";
    return { code: "tag-missing", cause, fix: FLIP };
  }
  if ([iv, right.iv].some((each) => isJson(cbc(bytes, { aesKey, iv: each })))) {
    return { code: "cbc", cause: "the response is encrypted with AES-CBC", fix: "use AES-128-GCM" };
  }
  if ([iv, right.iv].some((each) => isOpened(bytes, { aesKey, iv: each.subarray(0, 12) }))) {
    return { code: "iv-short", cause: "only 12 bytes of the IV were used", fix: "use all 16 bytes of the IV" };
  }
  const own = { aesKey, iv: bytes.subarray(0, IV_BYTES) };
  if (bytes.length > IV_BYTES + TAG_BYTES && isOpened(bytes.subarray(IV_BYTES), own)) {
    return { code: "iv-own", cause: "the response has an IV of its own at its start", fix: FLIP };
  }
  const again = Buffer.from(bytes.toString("latin1"), "base64");
  if (isOpened(again, right)) return { code: "base64-twice", cause: "the response is encoded twice", fix: ENCRYPT };
  return undefined;
}

function decrypts(text: string, keys: FlowKeys): boolean {
  try {
    decryptFlowResponse(text, keys);
    return true;
  } catch {
    return false;
  }
}

/** Whether the bytes are a ciphertext and its tag. */
function isOpened(bytes: Buffer, { aesKey, iv }: FlowKeys): boolean {
  if (bytes.length < TAG_BYTES) return false;
  try {
    const decipher = createDecipheriv("aes-128-gcm", aesKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    decipher.update(bytes.subarray(0, -TAG_BYTES));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}

/** What GCM decrypts without comparing the tag. */
function unauthenticated(bytes: Buffer, { aesKey, iv }: FlowKeys): string {
  return createDecipheriv("aes-128-gcm", aesKey, iv, { authTagLength: TAG_BYTES }).update(bytes).toString("utf8");
}

function cbc(bytes: Buffer, { aesKey, iv }: FlowKeys): string {
  try {
    const decipher = createDecipheriv("aes-128-cbc", aesKey, iv);
    return decipher.update(bytes, undefined, "utf8") + decipher.final("utf8");
  } catch {
    return "";
  }
}

function isJson(text: string): boolean {
  return parseObject(text) !== undefined;
}

/** A request made in a wrong way. An endpoint that understands it, and not the right one, makes this mistake when it decrypts. */
export interface WrongRequest extends FlowMistake {
  /** With the keys that decrypt a response to it. */
  make(payload: object, publicKey: string): { request: EncryptedFlowRequest; keys: FlowKeys };
}

interface Ways {
  cipher?: "aes-128-gcm" | "aes-256-gcm" | "aes-128-cbc";
  padding?: number;
  hash?: string;
  /** The IV that encrypts, from the one that is sent. */
  used?: (iv: Uint8Array) => Uint8Array;
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_OAEP_PADDING } = constants;

/** The usual ones, most common first. */
export const WRONG_REQUESTS: readonly WrongRequest[] = [
  wrong(
    "oaep-sha1",
    { hash: "sha1" },
    "the endpoint decrypts the AES key with OAEP and SHA-1",
    'use oaepHash: "sha256"',
  ),
  wrong(
    "pkcs1-padding",
    { padding: RSA_PKCS1_PADDING },
    "the endpoint decrypts the AES key with PKCS #1 v1.5 padding",
    "use OAEP padding with SHA-256",
  ),
  wrong(
    "request-iv-flipped",
    { used: flipped },
    "the endpoint flips the IV of the request",
    "flip it for the response only",
  ),
  wrong("aes-256", { cipher: "aes-256-gcm" }, "the endpoint expects a key of 256 bits", "use AES-128-GCM"),
  wrong("request-cbc", { cipher: "aes-128-cbc" }, "the endpoint decrypts with AES-CBC", "use AES-128-GCM"),
  wrong(
    "request-iv-short",
    { used: (iv) => iv.subarray(0, 12) },
    "the endpoint uses only 12 bytes of the IV",
    "use all 16 bytes of the IV",
  ),
];

function wrong(code: string, ways: Ways, cause: string, fix: string): WrongRequest {
  return { code, cause, fix, make: (payload, publicKey) => wrongly(payload, publicKey, ways) };
}

function wrongly(
  payload: object,
  publicKey: string,
  { cipher: algorithm = "aes-128-gcm", padding = RSA_PKCS1_OAEP_PADDING, hash = "sha256", used = (iv) => iv }: Ways,
): { request: EncryptedFlowRequest; keys: FlowKeys } {
  const aesKey = randomBytes(algorithm === "aes-256-gcm" ? 32 : 16);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(algorithm, aesKey, used(iv));
  const parts: Buffer[] = [cipher.update(JSON.stringify(payload), "utf8"), cipher.final()];
  if (algorithm !== "aes-128-cbc") parts.push((cipher as CipherGCM).getAuthTag());
  const oaep = padding === RSA_PKCS1_OAEP_PADDING ? { oaepHash: hash } : {};
  const request = {
    encrypted_flow_data: Buffer.concat(parts).toString("base64"),
    encrypted_aes_key: publicEncrypt({ key: publicKeyOf(publicKey), padding, ...oaep }, aesKey).toString("base64"),
    initial_vector: iv.toString("base64"),
  };
  return { request, keys: { aesKey, iv } };
}
