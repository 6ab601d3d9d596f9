/** The public key of a phone number for Flows. Source: Meta, "Flows Encryption", `whatsapp_business_encryption`. */
import { asJsonObject, stringAt, type JsonObject } from "../json.ts";
import type { Graph } from "./client.ts";

export interface FlowKey {
  /** In PEM format. */
  publicKey: string;
  /** `VALID`, or `MISMATCH` when it was signed by another number. */
  status?: string;
}

/** The key that Meta has for the number; undefined when it has none. */
export async function readFlowKey(graph: Graph, phoneNumberId: string): Promise<FlowKey | undefined> {
  const { body } = await graph.request<JsonObject>({ path: pathOf(phoneNumberId) });
  // Meta's pages show it alone and in a list.
  const { data } = body;
  const item = Array.isArray(data) ? asJsonObject(data[0]) : body;
  const publicKey = stringAt(item, "business_public_key");
  const status = stringAt(item, "business_public_key_signature_status");
  return publicKey === undefined ? undefined : { publicKey, ...(status === undefined ? {} : { status }) };
}

/** Replaces the key of the number. */
export async function uploadFlowKey(graph: Graph, phoneNumberId: string, publicKey: string): Promise<void> {
  await graph.request({
    method: "POST",
    path: pathOf(phoneNumberId),
    json: { business_public_key: publicKey },
  });
}

function pathOf(phoneNumberId: string): string {
  return `${encodeURIComponent(phoneNumberId)}/whatsapp_business_encryption`;
}
