/** The headers of a delivery as Meta makes it. Source: what Meta's requests show in servers' logs. */
import { sign, signSha1 } from "./signature.ts";

export type Header = readonly [name: string, value: string];

export const META_HEADERS: readonly Header[] = [
  ["Content-Type", "application/json"],
  ["Accept", "*/*"],
  ["User-Agent", "facebookexternalua"],
];

/** Both signatures, the older one and the one that counts. */
export function signatures(body: Uint8Array, appSecret: string): readonly Header[] {
  return [
    ["X-Hub-Signature", signSha1(body, appSecret)],
    ["X-Hub-Signature-256", sign(body, appSecret)],
  ];
}
