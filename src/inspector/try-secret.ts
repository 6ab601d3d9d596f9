/** Tries another secret on a delivery whose signature did not match. The secret is neither stored nor logged. */
import type { Delivery } from "../store/store.ts";
import { explanations } from "../webhook/signature-mismatch.ts";
import { SIGNATURE_HEADER, verify } from "../webhook/signature.ts";
import type { SecretResult } from "./api.ts";

/** In milliseconds; each step on a large body takes some. */
const BUDGET_MS = 200;

export async function trySecret({ headers, body }: Delivery, secret: string): Promise<SecretResult> {
  const header = headerOf(headers, SIGNATURE_HEADER);
  const bytes = Buffer.from(body);
  if (verify(bytes, header, secret)) {
    return { fits: true, explanation: "the signature is valid with this secret: set it as WHATSAPP_APP_SECRET" };
  }
  const started = performance.now();
  const signed = { body: bytes, header, sha1Header: headerOf(headers, "x-hub-signature") };
  for (const explanation of explanations(signed, secret, [])) {
    if (explanation !== undefined) return { fits: false, explanation };
    if (performance.now() - started > BUDGET_MS) break;
    // Other requests are handled in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { fits: false, explanation: "signature mismatch with this secret, too" };
}

function headerOf(headers: Delivery["headers"], wanted: string): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(", ");
}
