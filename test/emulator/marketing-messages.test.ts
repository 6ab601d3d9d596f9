/** Marketing messages: templates of one category, sent like any message. */
import { expect, test } from "vitest";

import { startBusiness } from "./business-stage.ts";
import { hello } from "./test-emulator.ts";

async function withTemplate(category: string) {
  const stage = await startBusiness();
  const components = [{ type: "BODY", text: "Everything is half price" }];
  await stage.ask(`/${stage.waba}/message_templates`, { json: { name: "sale", language: "en", category, components } });
  // The review has ended by then.
  stage.emulator.advance(1000);
  const template = { name: "sale", language: { code: "en" } };
  const send = (changes: object = {}) =>
    stage.ask(`/${stage.phone}/marketing_messages`, {
      json: { ...hello(stage.emulator), text: undefined, type: "template", template, ...changes },
    });
  return { ...stage, send };
}

test("a marketing template is accepted with its own parameters, and logged as a message", async () => {
  const { emulator, send } = await withTemplate("MARKETING");
  const { json } = await send({ product_policy: "STRICT", message_activity_sharing: true });
  expect(json.messages).toEqual([{ id: expect.stringMatching(/^wamid\./), message_status: "accepted" }]);
  expect(emulator.requests.at(-1)).toMatchObject({ kind: "template", messageId: json.messages[0].id });
});

test("other messages and other categories are refused", async () => {
  const { send } = await withTemplate("UTILITY");
  expect((await send()).json.error.code).toBe(134_100);
  expect((await send({ type: "text", text: { body: "Hello" } })).json.error.message).toBe(
    "(#100) Param type must be one of {TEMPLATE}",
  );
  expect((await send({ product_policy: "LOOSE" })).json.error.message).toBe(
    '(#100) Param product_policy must be one of {CLOUD_API_FALLBACK, STRICT} - got "LOOSE".',
  );
  expect((await send({ template: { name: "none", language: { code: "en" } } })).json.error.code).toBe(132_001);
});
