/** Requests that are encrypted in the usual wrong ways: an endpoint that understands one decrypts in that way. */
import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  type CipherGCM,
  type KeyObject,
} from "node:crypto";

import { flipped, IV_BYTES, publicKeyOf, type EncryptedFlowRequest, type FlowKeys } from "./encryption.ts";
import type { FlowMistake } from "./mistake.ts";

export interface WrongRequest extends FlowMistake {
  /** With the keys that decrypt a response to it. */
  make(payload: object, publicKey: string): { request: EncryptedFlowRequest; keys: FlowKeys };
}

interface Ways {
  cipher?: "aes-128-gcm" | "aes-256-gcm" | "aes-128-cbc";
  /** Encrypts the AES key. */
  wrap?: (key: KeyObject, aesKey: Buffer) => Buffer;
  /** The IV that encrypts, from the one that is sent. */
  used?: (iv: Uint8Array) => Uint8Array;
  /** Where the tag is. */
  tag?: "first" | "missing";
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_OAEP_PADDING, RSA_NO_PADDING } = constants;

/** The usual ones, most common first. */
export const WRONG_REQUESTS: readonly WrongRequest[] = [
  wrong(
    "oaep-sha1",
    { wrap: oaep("sha1", "sha1") },
    "the endpoint decrypts the AES key with OAEP and SHA-1",
    'use OAEP with SHA-256, also for MGF1; in Node.js: oaepHash: "sha256"',
  ),
  wrong(
    "oaep-mgf1-sha1",
    { wrap: oaep("sha256", "sha1") },
    "the endpoint decrypts the AES key with SHA-256 for OAEP but SHA-1 for MGF1",
    "use SHA-256 for MGF1 too; in Java: MGF1ParameterSpec.SHA256",
  ),
  wrong(
    "pkcs1-padding",
    { wrap: (key, aesKey) => publicEncrypt({ key, padding: RSA_PKCS1_PADDING }, aesKey) },
    "the endpoint decrypts the AES key with PKCS #1 v1.5 padding",
    "use OAEP padding with SHA-256",
  ),
  wrong(
    "request-iv-flipped",
    { used: flipped },
    "the endpoint flips the IV of the request",
    "flip it for the response only",
  ),
  wrong(
    "request-tag-kept",
    { tag: "missing" },
    "the endpoint decrypts the tag as if it were ciphertext",
    "the last 16 bytes are the tag: cut them off, and check them with setAuthTag()",
  ),
  wrong(
    "request-tag-first",
    { tag: "first" },
    "the endpoint reads the tag from the start of the data",
    "the tag is the last 16 bytes of the data",
  ),
  wrong(
    "aes-256",
    { cipher: "aes-256-gcm" },
    "the endpoint decrypts with AES-256",
    "use AES-128-GCM: the key has 16 bytes",
  ),
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
  { cipher: algorithm = "aes-128-gcm", wrap = oaep("sha256", "sha256"), used = (iv) => iv, tag }: Ways,
): { request: EncryptedFlowRequest; keys: FlowKeys } {
  const aesKey = randomBytes(algorithm === "aes-256-gcm" ? 32 : 16);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(algorithm, aesKey, used(iv));
  const parts = [cipher.update(JSON.stringify(payload), "utf8"), cipher.final()];
  if (algorithm !== "aes-128-cbc" && tag !== "missing") {
    const bytes = (cipher as CipherGCM).getAuthTag();
    if (tag === "first") parts.unshift(bytes);
    else parts.push(bytes);
  }
  const request = {
    encrypted_flow_data: Buffer.concat(parts).toString("base64"),
    encrypted_aes_key: wrap(publicKeyOf(publicKey), aesKey).toString("base64"),
    initial_vector: iv.toString("base64"),
  };
  return { request, keys: { aesKey, iv } };
}

/** OAEP with a hash of its own for MGF1, which Node.js does not offer. Source: RFC 8017, 7.1.1. */
function oaep(hash: string, mgfHash: string): NonNullable<Ways["wrap"]> {
  return (key, message) => {
    if (hash === mgfHash) return publicEncrypt({ key, padding: RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, message);
    const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 2048) / 8);
    const label = createHash(hash).digest();
    const padding = Buffer.alloc(size - message.length - 2 * label.length - 2);
    const block = Buffer.concat([label, padding, Buffer.of(1), message]);
    const seed = randomBytes(label.length);
    const masked = xor(block, mgf1(seed, block.length, mgfHash));
    const maskedSeed = xor(seed, mgf1(masked, seed.length, mgfHash));
    return publicEncrypt({ key, padding: RSA_NO_PADDING }, Buffer.concat([Buffer.of(0), maskedSeed, masked]));
  };
}

function mgf1(seed: Buffer, length: number, hash: string): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0, made = 0; made < length; at++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(at);
    const block = createHash(hash).update(seed).update(counter).digest();
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ (right[at] ?? 0)));
}
