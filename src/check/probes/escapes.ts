/** Meta's way of writing JSON: escapes that a parsed and re-serialized body loses. */
import type { Escape } from "../../webhook/wire.ts";
import { describe, isAccepted, type Endpoint } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Outcome } from "../probe.ts";

const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["é", "caf\u00e9"],
  ["an emoji", "\u{1f44b}"],
  ["/", "a/b"],
];
const FULL: readonly (readonly [name: string, text: string])[] = [
  ["@", "a@b"],
  ["%", "50%"],
  ["<", "1 < 2"],
];

export const escapes = defineProbe({
  code: "bytes.escapes",
  title: String.raw`Escapes \u00e9 and \/`,
  expected: "200",
  why: "Meta signs the bytes that it sends, in which é is \\u00e9 and / is \\/; every media message has a /",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["signature.valid"],
  blocks: "deliveries with escapes are rejected",
  ask: (endpoint) => askTexts(endpoint, TEXTS, "basic"),
});

export const fullEscapes = defineProbe({
  code: "bytes.full-escapes",
  title: "Escapes of @, % and <",
  expected: "200",
  why: "Meta has documented \\u0040, \\u0025 and \\u003C for other webhooks; an app that hashes the raw bytes need not know",
  severity: "warn",
  needs: ["bytes.escapes"],
  blocks: "deliveries with escapes are rejected",
  ask: (endpoint) => askTexts(endpoint, FULL, "full"),
});

async function askTexts(endpoint: Endpoint, texts: typeof TEXTS, escape: Escape): Promise<Outcome> {
  const { data } = endpoint;
  const replies = await Promise.all(
    texts.map(async ([name, text]) => {
      const payload = data.delivery([data.text(`wa-hook check: ${text}`)]);
      return { name, reply: await endpoint.deliver(payload, { escape }) };
    }),
  );
  const rejected = replies.filter(({ reply }) => !isAccepted(reply));
  const [first] = rejected;
  if (first === undefined) return pass(`accepted: ${texts.map(([name]) => name).join(", ")}`);
  const names = rejected.map(({ name }) => name).join(", ");
  return bad(`${describe(first.reply)} for ${names}; a text without them is accepted`, "parsed-body");
}
