/** Requests that an endpoint must refuse: encrypted for another key, changed, or not signed with the app secret. */
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

import { signatures } from "../webhook/headers.ts";
import { encodeWire } from "../webhook/wire.ts";
import { encryptFlowRequest, KEY_BITS } from "./encryption.ts";
import { failed, passed, skipped, warned, type FlowAnswer, type FlowCheckOptions } from "./question.ts";

const FIX_421 = "respond with 421 when decryption fails: WhatsApp then fetches the public key again";

/** Source: Meta, "Implementing Endpoints for Flows": 421 makes the client fetch the public key again. */
export async function askWrongKey({ client }: FlowCheckOptions): Promise<FlowAnswer> {
  const { request, keys } = encryptFlowRequest({ version: "3.0", action: "ping" }, await otherPublicKey());
  const result = await client.sendEncrypted(request, keys);
  const expected = "status 421";
  if (result.status === 421) return passed(expected, result);
  const cause = "the endpoint does not respond with 421 when it cannot decrypt";
  return failed(
    expected,
    { ms: result.ms, characters: 0, ...statusOf(result) },
    { code: "no-421", cause, fix: FIX_421 },
  );
}

let generated: Promise<string> | undefined;

/** A key whose private half nobody has; one is enough for all checks, and it takes a while to generate. */
function otherPublicKey(): Promise<string> {
  generated ??= promisify(generateKeyPair)("rsa", { modulusLength: KEY_BITS }).then(({ publicKey }) =>
    publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
  return generated;
}

/** One bit of the tag is inverted. */
export async function askTampered({ client }: FlowCheckOptions): Promise<FlowAnswer> {
  const { request, keys } = client.encrypt({ action: "ping" });
  const sealed = Buffer.from(request.encrypted_flow_data, "base64");
  sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
  const result = await client.sendEncrypted({ ...request, encrypted_flow_data: sealed.toString("base64") }, keys);
  const expected = "status 421";
  if (result.status === 421) return passed(expected, result);
  if (result.status !== 200 || result.answer === undefined) return warned(expected, result, FIX_421);
  return failed(expected, result, {
    code: "tag-not-checked",
    cause: "the endpoint accepts data whose tag is wrong",
    fix: "check the tag: call decipher.setAuthTag() before final()",
  });
}

export async function askSignature(
  { client, appSecret }: FlowCheckOptions,
  fault: "missing" | "wrong",
): Promise<FlowAnswer> {
  const expected = "status 432";
  if (appSecret === undefined) return skipped(expected, "needs the app secret");
  const { request, keys } = client.encrypt({ action: "ping" });
  const headers = fault === "missing" ? [] : signatures(encodeWire(request), `not ${appSecret}`);
  const result = await client.sendEncrypted(request, keys, headers);
  if (result.status === 432) return passed(expected, result);
  if (result.status !== 200) return warned(expected, result, "respond with 432 when the signature is invalid");
  return failed(expected, result, {
    code: "signature-not-checked",
    cause: `the endpoint accepts requests with a ${fault} signature`,
    fix: "verify X-Hub-Signature-256 over the raw body with the app secret",
  });
}

/** Of a response that is not to be decrypted. */
function statusOf({ status, text, problem }: Awaited<ReturnType<FlowCheckOptions["client"]["ping"]>>): object {
  if (status === undefined) return problem === undefined ? {} : { problem };
  return { status, ...(text === undefined ? {} : { text }) };
}
