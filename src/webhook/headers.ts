/** The headers of Meta's deliveries. Source: requests in server logs. */
import { sign, signSha1 } from "./signature.ts";

/** Added by a wa-hook listener to the response of a local sender: `accepted` or `duplicate`. */
export const VERDICT_HEADER = "x-wa-hook-verdict";

export type Header = readonly [name: string, value: string];

export const META_HEADERS: readonly Header[] = [
  ["Content-Type", "application/json"],
  ["Accept", "*/*"],
  ["User-Agent", "facebookexternalua"],
];

/** Both signature headers: the legacy SHA-1 one and the SHA-256 one. */
export function signatures(body: Uint8Array, appSecret: string): readonly Header[] {
  return [
    ["X-Hub-Signature", signSha1(body, appSecret)],
    ["X-Hub-Signature-256", sign(body, appSecret)],
  ];
}
