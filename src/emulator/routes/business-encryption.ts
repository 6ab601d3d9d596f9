/** The public key of a number for the data exchange of Flows. Source: Meta, "Flows Encryption". */
import { createPublicKey } from "node:crypto";

import { MESSAGING } from "../account/tokens.ts";
import { parametersOf, type Call } from "../http/call.ts";
import { requireText } from "../http/checks.ts";
import { invalid, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const rights = { path: "/:id/whatsapp_business_encryption", node: "phone", scope: MESSAGING } as const;
const KEY_BITS = 2048;
const MAX_PEM = 4096;

export const businessEncryptionRoutes: readonly Route[] = [
  { method: "GET", ...rights, query: ["fields"], run: show },
  { method: "POST", ...rights, query: ["business_public_key"], run: upload },
];

function show({ id }: Call, { business }: State): GraphResponse {
  const { publicKey } = business.numbers.of(id);
  const key = { business_public_key: publicKey, business_public_key_signature_status: "VALID" };
  return ok({ data: publicKey === undefined ? [] : [key] });
}

function upload(call: Call, { business }: State): GraphResponse {
  const pem = requireText(parametersOf(call), "business_public_key", MAX_PEM);
  const problem = problemOf(pem);
  if (problem !== undefined) throw invalid("Invalid parameter", `business_public_key: ${problem}`);
  business.numbers.of(call.id).publicKey = pem;
  return SUCCESS;
}

/** Why the text is not a public key that Meta accepts. */
function problemOf(pem: string): string | undefined {
  // Node.js would derive the public key from a private one.
  if (pem.includes("PRIVATE KEY")) return "this is a private key; upload only the public key";
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: pem, format: "pem" });
    const bits = asymmetricKeyDetails?.modulusLength;
    if (asymmetricKeyType === "rsa" && bits === KEY_BITS) return undefined;
    return `expected a ${KEY_BITS}-bit RSA key, not ${bits ?? ""} ${asymmetricKeyType ?? ""}`
      .replaceAll(/ +/g, " ")
      .trim();
  } catch {
    return "not a public key in PEM format";
  }
}
