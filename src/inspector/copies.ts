/** A delivery to copy: as a command, as a fixture and as a test. */
import { indentJson } from "../json.ts";
import { curlOfDelivery } from "../replay/curl.ts";
import type { Delivery } from "../store/store.ts";
import type { DeliveryDetail } from "./api.ts";

/** `url`: where the command and the test send it. */
export function copiesOf(delivery: Delivery, url: string): DeliveryDetail["copies"] {
  const text = Buffer.from(delivery.body).toString("utf8");
  const fixture = indentJson(text) ?? text;
  return { curl: curlOfDelivery(delivery, url), fixture, test: testOf(delivery, text, url) };
}

function testOf({ events }: Delivery, text: string, url: string): string {
  const [kind = "delivery"] = events.map((event) => event.kind);
  return [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    "",
    'import { sign } from "wa-hook";',
    "",
    `test(${JSON.stringify(`the app accepts a delivery: ${kind}`)}, async () => {`,
    `  const body = ${JSON.stringify(text)};`,
    `  const response = await fetch(${JSON.stringify(url)}, {`,
    '    method: "POST",',
    "    headers: {",
    '      "content-type": "application/json",',
    '      "x-hub-signature-256": sign(body, process.env.WHATSAPP_APP_SECRET),',
    "    },",
    "    body,",
    "  });",
    "  assert.equal(response.status, 200);",
    "});",
    "",
  ].join("\n");
}
