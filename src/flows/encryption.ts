/** The encryption of WhatsApp Flows. Source: Meta, "Implementing Endpoints for Flows" and "Flows Encryption". */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from "node:crypto";

import { UsageError } from "../errors.ts";

/** The body of a request to the endpoint; all values are base64. */
export interface EncryptedFlowRequest {
  /** AES-128-GCM of the JSON, with the tag of 16 bytes at its end. */
  encrypted_flow_data: string;
  /** The AES key of 16 bytes: RSA-OAEP with SHA-256, also for MGF1. */
  encrypted_aes_key: string;
  /** 16 bytes. */
  initial_vector: string;
}

/** What decrypts the response to a request: one AES key per request, used in both directions. */
export interface FlowKeys {
  aesKey: Buffer;
  /** As in the request; the response uses it with every bit flipped. */
  iv: Buffer;
}

/** Of the RSA key. Source: Meta, "Flows Encryption". */
export const KEY_BITS = 2048;
const KEY_BYTES = 16;
export const IV_BYTES = 16;
export const TAG_BYTES = 16;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const OAEP = { oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING };

/** Encrypts a request as Meta does, with a new key. Throws a `UsageError` when `publicKey` is no RSA key of 2048 bits in PEM. */
export function encryptFlowRequest(
  payload: object,
  publicKey: string,
  keys: FlowKeys = newKeys(),
): { request: EncryptedFlowRequest; keys: FlowKeys } {
  const key = publicKeyOf(publicKey);
  const request = {
    encrypted_flow_data: sealed(JSON.stringify(payload), keys).toString("base64"),
    encrypted_aes_key: publicEncrypt({ key, ...OAEP }, keys.aesKey).toString("base64"),
    initial_vector: keys.iv.toString("base64"),
  };
  return { request, keys };
}

/**
 * Decrypts a request as an endpoint does. Throws an error when the private key is not that of the public key, or when the request was
 * changed.
 */
export function decryptFlowRequest(
  request: EncryptedFlowRequest,
  privateKey: string,
  passphrase?: string,
): { payload: unknown; keys: FlowKeys } {
  const key = privateKeyOf(privateKey, passphrase);
  const aesKey = privateDecrypt({ key, ...OAEP }, Buffer.from(request.encrypted_aes_key, "base64"));
  const iv = Buffer.from(request.initial_vector, "base64");
  const text = opened(Buffer.from(request.encrypted_flow_data, "base64"), { aesKey, iv });
  return { payload: JSON.parse(text) as unknown, keys: { aesKey, iv } };
}

/** Encrypts a response as an endpoint does: base64. */
export function encryptFlowResponse(response: object, { aesKey, iv }: FlowKeys): string {
  return sealed(JSON.stringify(response), { aesKey, iv: flipped(iv) }).toString("base64");
}

/** Decrypts a response as WhatsApp does. Throws an error when it is not encrypted as documented. */
export function decryptFlowResponse(response: string, { aesKey, iv }: FlowKeys): unknown {
  // Node.js would skip quotes and other characters that do not belong there.
  if (!isBase64(response.trimEnd())) throw new Error("the response is not base64");
  const text = opened(Buffer.from(response, "base64"), { aesKey, iv: flipped(iv) });
  return JSON.parse(text) as unknown;
}

/** Source: RFC 4648: with padding, which some decoders require. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && BASE64.test(text);
}

function newKeys(): FlowKeys {
  return { aesKey: randomBytes(KEY_BYTES), iv: randomBytes(IV_BYTES) };
}

/** Every bit inverted. */
export function flipped(iv: Uint8Array): Buffer {
  return Buffer.from(iv.map((byte) => ~byte));
}

/** GCM with a key of this length: only 16 bytes are right, and 32 are a usual mistake. */
export function gcmOf({ length }: Uint8Array): "aes-128-gcm" | "aes-256-gcm" {
  return length === 32 ? "aes-256-gcm" : "aes-128-gcm";
}

function sealed(text: string, { aesKey, iv }: FlowKeys): Buffer {
  const cipher = createCipheriv("aes-128-gcm", aesKey, iv);
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

function opened(sealed: Buffer, { aesKey, iv }: FlowKeys): string {
  const decipher = createDecipheriv("aes-128-gcm", aesKey, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}

/** Throws a `UsageError` when the text is not an RSA public key of 2048 bits; a private key is refused, because nobody should hand it out. */
export function publicKeyOf(pem: string): KeyObject {
  if (pem.includes("PRIVATE KEY")) {
    throw new UsageError("the public key is a private key", {
      code: "flow.public-key",
      hint: "use the file that wa-hook flow keys wrote as public key",
    });
  }
  const key = parsed(() => createPublicKey(pem));
  if (key === undefined) {
    throw new UsageError("the public key is not in PEM format", {
      code: "flow.public-key",
      hint: "use the file that wa-hook flow keys wrote as public key",
    });
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType === "rsa" && bits === KEY_BITS) return key;
  const got = key.asymmetricKeyType === "rsa" ? `${bits} bits` : `the type ${key.asymmetricKeyType}`;
  throw new UsageError(`the public key has ${got}; Meta accepts RSA keys of ${KEY_BITS} bits`, {
    code: "flow.public-key",
    hint: "create a pair with wa-hook flow keys",
  });
}

/** Whether the keys belong together. Throws a `UsageError` when one of them cannot be read. */
export function isKeyPair(publicKey: string, privateKey: string, passphrase?: string): boolean {
  return publicKeyOf(publicKey).equals(createPublicKey(privateKeyOf(privateKey, passphrase)));
}

/** Throws a `UsageError` when the text is not a private key, or the pass phrase does not open it. */
export function privateKeyOf(pem: string, passphrase?: string): KeyObject {
  const key = parsed(() => createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) }));
  if (key !== undefined) return key;
  const isEncrypted = pem.includes("ENCRYPTED");
  const locked = passphrase === undefined ? "needs a pass phrase" : "is encrypted with another pass phrase";
  throw new UsageError(`the private key ${isEncrypted ? locked : "is not in PEM format"}`, {
    code: "flow.private-key",
    hint: isEncrypted ? "use --passphrase-file <file>" : "use the file that wa-hook flow keys wrote as private key",
  });
}

function parsed(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
