/** Finds out why an app rejects valid deliveries: signs them as apps with common mistakes verify them, until one is accepted. */
import { createHmac } from "node:crypto";

import type { MistakeCode } from "../webhook/mistakes.ts";
import { otherKeys, type Secret } from "../webhook/signature-mismatch.ts";
import { sign } from "../webhook/signature.ts";
import { encodeWire } from "../webhook/wire.ts";
import { isAccepted, type Endpoint, type Sending } from "./endpoint.ts";

export interface Explained {
  mistake: MistakeCode;
  /** Which delivery was accepted. */
  because: string;
}

type Attempt = Explained & Pick<Sending, "sign">;

/** One delivery per possible mistake, all at the same time; the first in their order decides. */
export async function explainRejection(endpoint: Endpoint): Promise<Explained | undefined> {
  const attempts = [...headerAttempts(endpoint), ...keyAttempts(endpoint), ...byteAttempts(endpoint)];
  const accepted = await Promise.all(
    attempts.map(async (attempt) => {
      const body = encodeWire(endpoint.data.delivery([endpoint.data.text("wa-hook check")]));
      return isAccepted(await endpoint.send(body, attempt));
    }),
  );
  return attempts.find((_, index) => accepted[index] === true);
}

function headerAttempts({ appSecret }: Endpoint): Attempt[] {
  return ["x-hub-signature-256", "X-HUB-SIGNATURE-256"].map((name) => ({
    mistake: "case-sensitive-header",
    because: `accepted with the header ${name}`,
    sign: (body) => [[name, sign(body, appSecret)]],
  }));
}

function keyAttempts({ appSecret, verifyToken }: Endpoint): Attempt[] {
  const others: Secret[] = [
    ...(verifyToken === undefined ? [] : [{ name: "the verify token", value: verifyToken }]),
    { name: 'the text "undefined"', value: "undefined" },
  ];
  const keys = [...otherKeys(appSecret, others), { name: "signed with an empty key", key: "" }];
  return keys.map(({ name, key }) => ({
    mistake: key === verifyToken ? "verify-token-as-key" : key === "" ? "accepts-empty-secret" : "wrong-secret",
    because: `accepted when ${name}`,
    sign: (body) => [["X-Hub-Signature-256", hmac(body, key)]],
  }));
}

/** Serializers whose output differs from Meta's bytes in spaces too. */
function byteAttempts({ appSecret }: Endpoint): Attempt[] {
  const variants: [name: string, serialize: (value: unknown) => string][] = [
    ["json.dumps of Python", spaced],
    ["JSON with an indent of 2 spaces", (value) => JSON.stringify(value, undefined, 2)],
  ];
  return variants.map(([name, serialize]) => ({
    mistake: "parsed-body",
    because: `accepted when ${name} was signed`,
    sign: (body) => [["X-Hub-Signature-256", hmac(serialize(JSON.parse(body.toString("utf8"))), appSecret)]],
  }));
}

/** JSON with a space after each colon and comma, as Python writes it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    .join(", ")}}`;
}

/** Unlike `sign`, with any key, also an empty one. */
export function hmac(body: string | Uint8Array, key: string | Uint8Array): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}
