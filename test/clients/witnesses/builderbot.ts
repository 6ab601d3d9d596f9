/** `@builderbot/provider-meta`: the WhatsApp provider of BuilderBot, which sends through a queue. */
// The operations run inside of tests (witnesses.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import type { Emulated } from "../../emulator/test-emulator.ts";
import { temporaryFolder } from "../../support/world.ts";
import { CUSTOMER, fails, last, operation, type Client, type Loose } from "../client.ts";
import { sends } from "../examples.ts";
import { throughAgent } from "./agent.ts";
import { load, versionOf } from "./installed.ts";

const NAME = "@builderbot/provider-meta";
const { MetaProvider } = load(NAME);

/** Calls a method; its result comes as an event of the queue. */
async function call(stage: Emulated, method: string, values: unknown[], changes: Loose = {}): Promise<Loose> {
  const { accessToken: jwtToken, phoneNumberId: numberId } = { ...stage.emulator.account, ...changes };
  return throughAgent(stage, async () => {
    const bot = new MetaProvider({ name: "bot", jwtToken, numberId, version: "v25.0", verifyToken: "none" });
    const done = new Promise((resolve, reject) => bot.queue.once("resolve", resolve).once("reject", reject));
    await bot[method](...values);
    return done;
  });
}

function by(method: string, values: (request: Loose) => unknown[]) {
  return async (stage: Emulated, request: Loose) => {
    const answer = await call(stage, method, [request.to, ...values(request)]);
    return answer.messages[0].id as string;
  };
}

/** It sends numbers without the plus sign. */
const arrives = (request: Loose): object => ({ ...request, to: request.to.slice(1) });

/** Its interactive messages have a body only, and buttons with ids of its own. */
function plain(request: Loose): object {
  const { type, body, action } = request.interactive;
  action.buttons?.forEach(({ reply }: Loose, at: number) => (reply.id = `btn-${at}`));
  return arrives({ ...request, interactive: { type, body, action } });
}

const note = "the library has no header and footer here, and ids of its own";

const messages = [
  ...sends(
    ["text"],
    by("sendText", ({ text }) => [text.body]),
    { arrives },
  ),
  ...["image", "video"].flatMap((type) =>
    sends(
      [`${type}.link`],
      by(`send${type === "image" ? "Image" : "Video"}Url`, ({ [type]: { link, caption } }) => [link, caption]),
      { arrives: (request) => arrives({ ...request, [type]: { caption: "", ...request[type] } }) },
    ),
  ),
  ...sends(
    ["location"],
    by("sendLocation", ({ location: { latitude, longitude, ...rest } }) => {
      return [{ ...rest, lat_number: latitude, long_number: longitude }];
    }),
    { arrives },
  ),
  ...sends(
    ["contacts", "contacts.full"],
    by("sendContacts", ({ contacts }) => [contacts]),
    { arrives },
  ),
  ...sends(
    ["reaction", "reaction.removed"],
    by("sendReaction", ({ reaction }) => [reaction]),
    { arrives },
  ),
  ...sends(
    ["template", "template.parameters", "template.named", "template.code", "template.carousel", "template.offer"],
    by("sendTemplate", ({ template: { name, language, components } }) => [name, language.code, components]),
    { arrives },
  ),
  ...sends(
    ["list", "list.short"],
    by("sendList", ({ interactive }) => [interactive]),
    { arrives },
  ),
  ...sends(
    ["button"],
    by("sendButtons", ({ interactive: { body, action } }) => {
      return [action.buttons.map(({ reply }: Loose) => ({ body: reply.title as string })), body.text];
    }),
    { arrives: plain, note },
  ),
  ...sends(
    ["cta_url"],
    by("sendButtonUrl", ({ interactive: { body, action } }) => {
      return [{ body: action.parameters.display_text, url: action.parameters.url }, body.text];
    }),
    { arrives: plain, note },
  ),
  ...sends(
    ["catalog_message"],
    by("sendCatalog", ({ interactive: { body, action } }) => [
      body.text,
      action.parameters.thumbnail_product_retailer_id,
    ]),
    { arrives: plain, note },
  ),
];

/** It uploads a file and sends it in one call. */
const files = ["image/png", "video/mp4", "audio/mp3", "document/pdf"].map((name) => {
  const [kind = "", extension = ""] = name.split("/");
  const method = { image: "sendImage", video: "sendVideo", audio: "sendAudio", document: "sendFile" }[kind] ?? "";
  return operation(kind, async (stage) => {
    const path = join(temporaryFolder(), `file.${extension}`);
    writeFileSync(path, "bytes");
    const answer = await call(stage, method, [CUSTOMER, path]);
    expect(last(stage)).toMatchObject({ kind, status: 200, messageId: answer.messages[0].id });
  });
});

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId }) => {
    const changes = { ...(token && { accessToken: token }), ...(phoneNumberId && { phoneNumberId }) };
    return call(stage, "sendText", [to, "Hello"], changes);
  },
  surfaced: ({ thrown }) => {
    const { error } = (thrown as Loose).response.data;
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = error;
    return { code, subcode, message, details: data?.details, trace };
  },
});

export const builderbot: Client = {
  name: NAME,
  version: versionOf(NAME),
  address: "agent of node:https",
  operations: [...messages, ...files, ...errors],
};
