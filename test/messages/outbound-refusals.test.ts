/** Validation of outbound messages beyond lengths and counts: the messages and their paths. */
import { describe, expect, test } from "vitest";

import {
  type JsonObject,
  times,
  sent,
  tap,
  problemsOf,
  unknownOf,
  file,
  contact,
  template,
  component,
  reply,
  buttons,
  withHeader,
  row,
  list,
  products,
  items,
  openUrl,
  flow,
  address,
  card,
  quick,
  carousel,
  ACTION,
} from "./outbound-requests.ts";

const PRODUCT = { catalog_id: "1", product_retailer_id: "p" };
const target = (more: object) => ({ title: "x", url: "https://example.com", ...more });
const tapTarget = (more: object, inList = false) => ({
  type: "tap_target_configuration",
  parameters: [
    {
      type: "tap_target_configuration",
      tap_target_configuration: inList ? [target(more)] : target(more),
    },
  ],
});

describe("accepted", () => {
  test.each<[name: string, request: JsonObject]>([
    ["the poles", sent("location", { latitude: -90, longitude: "180" })],
    ["an emoji of several code points", sent("reaction", { message_id: "wamid.A", emoji: "👨‍👩‍👧" })],
    ["a flag", sent("reaction", { message_id: "wamid.A", emoji: "🇫🇷" })],
    ["a keycap", sent("reaction", { message_id: "wamid.A", emoji: "1️⃣" })],
    ["an emoji in text presentation", sent("reaction", { message_id: "wamid.A", emoji: "❤" })],
    ["a language of three letters", template({ language: { code: "fil" } })],
    ["a button index as a string", component({ type: "button", sub_type: "url", index: "9", parameters: [] })],
    ["a product in a template", component({ type: "header", parameters: [{ type: "product", product: PRODUCT }] })],
    ["a tap target URL", component(tapTarget({}))],
    ["cards with any indexes", carousel(card(0), card(9))],
    ["a video on a card", carousel(card(0), card(1, { header: { type: "video", video: { id: "1" } } }))],
    ["types in upper case", component({ type: "BUTTON", sub_type: "COPY_CODE", index: 0, parameters: [] })],
    ["an interactive type in upper case", tap("BUTTON", { buttons: [reply("a")] })],
    ["a call button without index", component({ type: "button", sub_type: "voice_call", parameters: [] })],
    ["a component without parameters", component({ type: "body" })],
    ["a language in lower case", template({ language: { code: "en_us" } })],
    ["ids that are numbers", tap("product", { catalog_id: 1, product_retailer_id: 2 })],
    ["a media ID that is a number", sent("image", { id: 1 })],
    ["a button ID that is a number", buttons({ type: "reply", reply: { id: 1, title: "A" } })],
    ["several tap targets", component(tapTarget({}, true))],
    ["empty names of a place", sent("location", { latitude: 0, longitude: 0, name: "", address: "" })],
    ["an empty part of a contact", sent("contacts", [contact({ birthday: "", org: { company: "" } })])],
    ["keys that are null", buttons({ ...reply("a"), url: null })],
    ["input data of a flow that is null", flow({ flow_action_payload: { screen: "A", data: { name: null } } })],
    ["a product without body", tap("product", { catalog_id: "1", product_retailer_id: "p" }, { body: undefined })],
  ])("%s", (_, request) => {
    expect(problemsOf(request)).toEqual([]);
    expect(unknownOf(request)).toEqual([]);
  });
});

describe("rejected", () => {
  const url = "must be a URL that starts with http:// or https://, not";
  test.each<[problem: string, request: JsonObject]>([
    ["audio.caption: is not supported for audio and stickers", sent("audio", file({ caption: "x" }))],
    ["sticker.caption: is not supported for audio and stickers", sent("sticker", file({ caption: "x" }))],
    ["image.link: cannot be combined with id", sent("image", file({ link: "https://example.com/a" }))],
    ["image: must have id or link", sent("image", {})],
    [`image.link: ${url} "ftp://example.com"`, sent("image", { link: "ftp://example.com" })],
    [`${ACTION}.parameters.url: ${url} "www.example.com"`, tap("cta_url", openUrl({ url: "www.example.com" }))],
    [`${ACTION}.parameters.url: ${url} "https://"`, tap("cta_url", openUrl({ url: "https://" }))],
    ["location.latitude: must be between -90 and 90, not -90.1", sent("location", { latitude: -90.1, longitude: 0 })],
    ["location.longitude: must be between -180 and 180, not 181", sent("location", { latitude: 0, longitude: "181" })],
    [
      'location.latitude: must be a number of degrees, not "north"',
      sent("location", { latitude: "north", longitude: 0 }),
    ],
    ["location.latitude: must be a number or a string, not true", sent("location", { latitude: true, longitude: 0 })],
    ["location.longitude: is missing", sent("location", { latitude: 0 })],
    [
      "contacts[0].name: must have another part in addition to formatted_name, such as first_name",
      sent("contacts", [{ name: { formatted_name: "Test" } }]),
    ],
    [
      'contacts[0].birthday: must be a date such as 1990-12-31, not "31.12.1990"',
      sent("contacts", [contact({ birthday: "31.12.1990" })]),
    ],
    [
      'reaction.emoji: must be one emoji, or empty to remove the reaction, not "👍👍"',
      sent("reaction", { message_id: "wamid.A", emoji: "👍👍" }),
    ],
    ["reaction.emoji: is missing", sent("reaction", { message_id: "wamid.A" })],
    [
      "template.components[0].parameters[0].text: is missing",
      component({ type: "body", parameters: [{ type: "text", value: "x" }] }),
    ],
    [
      'template.components[0].parameters[0].type: must be "text", "currency" or "date_time", not "image"',
      component({ type: "body", parameters: [{ type: "image", image: { id: "1" } }] }),
    ],
    [
      'to: must be a group id, not "+16505551234"',
      { ...sent("pin", { type: "unpin", message_id: "wamid.A" }), recipient_type: "group" },
    ],
    ["template.components[0].index: is missing", component({ type: "button", sub_type: "url", parameters: [] })],
    ["image.filename: is supported for documents only", sent("image", file({ filename: "a.png" }))],
    [
      "template.components[0].cards[1].card_index: must be unique for each card; 0 is a duplicate",
      component({ type: "carousel", cards: times(2, () => ({ card_index: 0, components: [] })) }),
    ],
    [
      `template.components[0].parameters[0].tap_target_configuration.url: ${url} "x"`,
      component(tapTarget({ url: "x" })),
    ],
    [
      'template.components[0].index: must be a button index from 0 to 9, not "10"',
      component({ type: "button", sub_type: "url", index: "10", parameters: [] }),
    ],
    [
      `${ACTION}.buttons[1].reply.title: must be unique for each button; "A" is a duplicate`,
      buttons(reply("a", "A"), reply("b", "A")),
    ],
    [
      `${ACTION}.buttons[1].reply.id: must be unique for each button; "a" is a duplicate`,
      buttons(reply("a", "A"), reply("a", "B")),
    ],
    ["interactive.header.image: is missing", withHeader({ type: "image" })],
    [
      `${ACTION}.sections[1].title: is missing; each of several sections must have a title`,
      list([{ title: "A", rows: [row(1)] }, { rows: [row(2)] }]),
    ],
    [
      `${ACTION}.sections[1].rows[0].id: must be unique for each row; "row-1" is a duplicate`,
      list([
        { title: "A", rows: [row(1)] },
        { title: "B", rows: [row(1)] },
      ]),
    ],
    [
      `${ACTION}.sections[0].title: is missing; each of several sections must have a title`,
      products([{ product_items: items(1) }, { title: "B", product_items: items(1) }]),
    ],
    [
      'interactive.header.type: must be "text", not "image"',
      list([{ rows: [row(1)] }], { header: { type: "image", image: { id: "1" } } }),
    ],
    [`${ACTION}.parameters.flow_message_version: must be a string, not a number`, flow({ flow_message_version: 3 })],
    [`${ACTION}.parameters.flow_name: cannot be combined with flow_id`, flow({ flow_name: "x" })],
    [`${ACTION}.parameters: must have flow_id or flow_name`, flow({ flow_id: undefined })],
    [
      `${ACTION}.parameters.flow_action_payload.data: must not be empty; omit it instead`,
      flow({ flow_action_payload: { screen: "A", data: {} } }),
    ],
    [
      "interactive.header: is not supported for a product",
      tap("product", { catalog_id: "1", product_retailer_id: "p" }, { header: { type: "text", text: "x" } }),
    ],
    [
      "interactive.header: is missing",
      tap("product_list", { catalog_id: "1", sections: [{ product_items: items(1) }] }),
    ],
    [`${ACTION}.cards[1].card_index: must be from 0 to 9, not 10`, carousel(card(0), card(10))],
    [`${ACTION}.cards[1].card_index: must be unique for each card; 0 is a duplicate`, carousel(card(0), card(0))],
    [
      `${ACTION}.cards[1].header.type: must be "image" or "video", not "text"`,
      carousel(card(0), card(1, { header: { type: "text", text: "x" } })),
    ],
    [
      `${ACTION}.cards[1].action: must have buttons of the same type and number as the first card`,
      carousel(card(0, { action: quick("a") }), card(1)),
    ],
    [
      `${ACTION}.cards[1].action: must have buttons, or name cta_url with parameters`,
      carousel(card(0), card(1, { action: {} })),
    ],
    [
      `${ACTION}.cards[0].action.name: cannot be combined with buttons`,
      carousel(card(0, { action: { ...openUrl(), ...quick("a") } }), card(1)),
    ],
    [`${ACTION}.parameters.country: must be a country code such as IN, not "India"`, address("India")],
    [`${ACTION}.name: must be "send_location", not "location"`, tap("location_request_message", { name: "location" })],
  ])("%s", (problem, request) => {
    expect(problemsOf(request)).toContain(problem);
  });
});

describe("not refused, but reported as unknown", () => {
  test.each<[unknown: string, request: JsonObject]>([
    [
      'template.language.code: must be a language code such as en or en_US, not "en-US"',
      template({ language: { code: "en-US" } }),
    ],
    [
      'template.language.policy: must be "deterministic", not "fallback"',
      template({ language: { code: "en", policy: "fallback" } }),
    ],
    [
      "template.components[0].parameters[0].product.name: is not a supported key",
      component({ type: "header", parameters: [{ type: "product", product: { ...PRODUCT, name: "x" } }] }),
    ],
    [
      "template.components[0].parameters[0].tap_target_configuration.text: is not a supported key",
      component(tapTarget({ text: "x" })),
    ],
    [
      'interactive.header.type: must be "text", "image", "video" or "document", not "gif"',
      withHeader({ type: "gif", gif: { id: "1" } }),
    ],
    [`${ACTION}.parameters.mode: must be "draft" or "published", not "test"`, flow({ mode: "test" })],
    ["interactive.type: must be", tap("poll", { options: [] })],
    [`${ACTION}.buttons[0].type: must be "reply", not "url"`, buttons({ type: "url", url: { title: "Go" } })],
    ["template.components[0].type: must be", component({ type: "footer", parameters: [] })],
    ["template.components[0].sub_type: must be", component({ type: "button", sub_type: "poll", index: 0 })],
    [
      "pin.expiration_days: must be from 1 to 30, not 31",
      {
        ...sent("pin", { type: "pin", message_id: "wamid.A", expiration_days: 31 }),
        recipient_type: "group",
        to: "group-1",
      },
    ],
    [
      `${ACTION}.parameters.ttl_minutes: must be from 1 to 43200, not 43201`,
      tap("voice_call", { name: "voice_call", parameters: { ttl_minutes: 43_201 } }),
    ],
  ])("%s", (unknown, request) => {
    expect(problemsOf(request)).toEqual([]);
    expect(unknownOf(request)).toEqual([expect.stringContaining(unknown)]);
  });
});

test("of very many problems the first hundred are listed, and unknown parts do not hide them", () => {
  const parameters = times(20_000, (at) => ({ type: "text", text: at === 19_999 ? "" : "x", surprise: 1 }));
  const cards = [{ card_index: 0, components: [{ type: "body", parameters }] }];
  const place = "template.components[0].cards[0].components[0].parameters";
  const request = component({ type: "carousel", cards });
  expect(problemsOf(request)).toEqual([`${place}[19999].text: must not be empty`]);
  expect(unknownOf(request)).toHaveLength(100);
  const empty = times(20_000, () => ({ type: "text", text: "" }));
  expect(problemsOf(component({ type: "body", parameters: empty }))).toHaveLength(100);
});
