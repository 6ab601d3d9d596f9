/** The usual mistakes in encrypting a response, each recognized by undoing it. */
import { createDecipheriv } from "node:crypto";

import { asJsonObject, parseObject } from "../json.ts";
import { decryptFlowResponse, flipped, gcmOf, IV_BYTES, TAG_BYTES, type FlowKeys } from "./encryption.ts";
import type { FlowMistake } from "./mistake.ts";

const ENCRYPT = "respond with base64 of the AES-128-GCM ciphertext and its tag, as text/plain";
const FLIP = "flip every bit of the request's IV before encrypting: iv.map((byte) => ~byte)";

/** How a response that does not decrypt was made; undefined when none of the known ways fits. */
export function explainResponse(response: string, keys: FlowKeys): FlowMistake | undefined {
  const text = response.trim();
  if (text === "") return { code: "empty", cause: "the response is empty", fix: ENCRYPT };
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined && decrypts(quoted, keys)) {
    return proven("json-string", "the response is a JSON string", "send the base64 text without quotes");
  }
  const parsed = parseObject(text);
  if (parsed !== undefined) return explainJson(asJsonObject(parsed) ?? {}, keys);
  if (/^[0-9a-f]+$/i.test(text) && opens(Buffer.from(text, "hex"), { ...keys, iv: flipped(keys.iv) })) {
    return proven("hex", "the response is hexadecimal", "encode it as base64");
  }
  if (text.startsWith("<")) return { code: "html", cause: "the response is a web page", fix: ENCRYPT };
  return explainBytes(Buffer.from(text, "base64"), keys) ?? explainText(text, keys);
}

function proven(code: string, cause: string, fix: string): FlowMistake {
  return { code, cause, fix, decrypted: true };
}

function explainJson(object: Readonly<Record<string, unknown>>, keys: FlowKeys): FlowMistake {
  const inner = Object.values(object).find((value) => typeof value === "string" && decrypts(value, keys));
  if (inner !== undefined) {
    return proven("json-wrapped", "the encrypted response is wrapped in JSON", "send the base64 text alone");
  }
  return { code: "json", cause: "the response is JSON that is not encrypted", fix: ENCRYPT };
}

/** The ciphertext is right, and its text or its encoding is not. */
function explainText(text: string, keys: FlowKeys): FlowMistake | undefined {
  const right = { ...keys, iv: flipped(keys.iv) };
  const bytes = Buffer.from(text, "base64");
  if (!opens(bytes, right)) {
    // Base64 that was encoded as base64 once more.
    if (!opens(Buffer.from(bytes.toString("latin1"), "base64"), right)) return undefined;
    return proven("base64-twice", "the response is encoded as base64 twice", "encode the bytes once");
  }
  if (/\s/.test(text)) {
    return proven("base64-lines", "the base64 text has line breaks", "encode it on one line");
  }
  if (/[-_]/.test(text) || text.length % 4 !== 0) {
    const cause = "the response is base64url: it has - or _, or lacks its padding";
    return proven("base64url", cause, "use base64, with + and /, and with = at the end");
  }
  return proven("not-json", "the response decrypts to text that is not JSON", "serialize the response as JSON first");
}

function explainBytes(bytes: Buffer, { aesKey, iv }: FlowKeys): FlowMistake | undefined {
  const right = { aesKey, iv: flipped(iv) };
  if (opens(bytes, right)) return undefined;
  if (opens(bytes, { aesKey, iv })) {
    return proven("iv-not-flipped", "the response is encrypted with the IV of the request", FLIP);
  }
  const first = Buffer.concat([bytes.subarray(TAG_BYTES), bytes.subarray(0, TAG_BYTES)]);
  if (opens(first, right)) {
    return proven("tag-first", "the tag precedes the ciphertext", "append the tag to the ciphertext");
  }
  if (isJson(unauthenticated(bytes, right)) || isJson(unauthenticated(bytes.subarray(0, -TAG_BYTES), right))) {
    const cause = "the tag of 16 bytes is missing from the response, or wrong";
    return proven("tag-missing", cause, "append cipher.getAuthTag() to the ciphertext");
  }
  if (isJson(unauthenticated(bytes, { aesKey, iv }))) {
    const cause = "the tag is missing from the response, and the IV of the request was not flipped";
    return proven("tag-missing", cause, `append the tag to the ciphertext, and ${FLIP}`);
  }
  if ([iv, right.iv].some((each) => isJson(cbc(bytes, { aesKey, iv: each })))) {
    return proven("cbc", "the response is encrypted with AES-CBC", "use AES-128-GCM");
  }
  if ([iv, right.iv].some((each) => opens(bytes, { aesKey, iv: each.subarray(0, 12) }))) {
    return proven("iv-short", "only 12 bytes of the IV were used", "use all 16 bytes of the IV, flipped");
  }
  if ([12, IV_BYTES].some((size) => opens(bytes.subarray(size), { aesKey, iv: bytes.subarray(0, size) }))) {
    return proven("iv-own", "the response has an IV of its own at its start", FLIP);
  }
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
function opens(bytes: Buffer, { aesKey, iv }: FlowKeys): boolean {
  if (bytes.length < TAG_BYTES || iv.length === 0) return false;
  try {
    const decipher = createDecipheriv(gcmOf(aesKey), aesKey, iv, { authTagLength: TAG_BYTES });
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
  return createDecipheriv(gcmOf(aesKey), aesKey, iv, { authTagLength: TAG_BYTES }).update(bytes).toString("utf8");
}

function cbc(bytes: Buffer, { aesKey, iv }: FlowKeys): string {
  try {
    const decipher = createDecipheriv(`aes-${aesKey.length * 8}-cbc`, aesKey, iv);
    return decipher.update(bytes, undefined, "utf8") + decipher.final("utf8");
  } catch {
    return "";
  }
}

/** Not for fewer characters than `{"a":1}`: any few bytes may happen to be JSON. */
function isJson(text: string): boolean {
  return text.length >= 7 && parseObject(text) !== undefined;
}
