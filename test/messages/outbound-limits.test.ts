/** Limits of lengths and counts: the maximum is accepted, and one more is reported with its path. */
import { describe, expect, test } from "vitest";

import {
  type JsonObject,
  times,
  sent,
  tap,
  problemsOf,
  file,
  contact,
  template,
  component,
  reply,
  buttons,
  withHeader,
  row,
  list,
  rows,
  products,
  items,
  openUrl,
  flow,
  card,
  quick,
  carousel,
  ACTION,
  quickReply,
} from "./outbound-requests.ts";

describe("texts", () => {
  test.each<[place: string, max: number, request: (words: string) => JsonObject]>([
    ["text.body", 4096, (body) => sent("text", { body })],
    ["image.caption", 1024, (caption) => sent("image", file({ caption }))],
    ["video.caption", 1024, (caption) => sent("video", file({ caption }))],
    ["document.caption", 1024, (caption) => sent("document", file({ caption }))],
    ["template.name", 512, (name) => template({ name })],
    ["biz_opaque_callback_data", 512, (note) => ({ ...sent("text", { body: "x" }), biz_opaque_callback_data: note })],
    [`${ACTION}.buttons[0].reply.id`, 256, (id) => buttons(reply(id, "A"))],
    [`${ACTION}.buttons[0].reply.title`, 20, (title) => buttons(reply("a", title))],
    ["interactive.header.text", 60, (text) => withHeader({ type: "text", text })],
    ["interactive.body.text", 1024, (text) => tap("button", { buttons: [reply("a")] }, { body: { text } })],
    ["interactive.footer.text", 60, (text) => tap("button", { buttons: [reply("a")] }, { footer: { text } })],
    ["interactive.body.text", 4096, (text) => list([{ rows: [row(1)] }], { body: { text } })],
    [`${ACTION}.button`, 20, (button) => tap("list", { button, sections: [{ rows: [row(1)] }] })],
    [`${ACTION}.sections[0].title`, 24, (title) => list([{ title, rows: [row(1)] }])],
    [`${ACTION}.sections[0].rows[0].id`, 200, (id) => rows(row(1, { id }))],
    [`${ACTION}.sections[0].rows[0].title`, 24, (title) => rows(row(1, { title }))],
    [`${ACTION}.sections[0].rows[0].description`, 72, (description) => rows(row(1, { description }))],
    [`${ACTION}.sections[0].title`, 24, (title) => products([{ title, product_items: items(1) }])],
    [
      `${ACTION}.cards[1].action.buttons[0].quick_reply.id`,
      256,
      (id) => carousel(card(0, { action: quick("a") }), card(1, { action: { buttons: [quickReply(id, "B")] } })),
    ],
    [
      `${ACTION}.cards[1].action.buttons[0].quick_reply.title`,
      20,
      (title) => carousel(card(0, { action: quick("a") }), card(1, { action: { buttons: [quickReply("b", title)] } })),
    ],
    [`${ACTION}.parameters.display_text`, 20, (display_text) => tap("cta_url", openUrl({ display_text }))],
    [`${ACTION}.parameters.flow_cta`, 30, (flow_cta) => flow({ flow_cta })],
    [
      "interactive.body.text",
      1024,
      (text) => tap("location_request_message", { name: "send_location" }, { body: { text } }),
    ],
    ["interactive.body.text", 1024, (text) => tap("carousel", { cards: [card(0), card(1)] }, { body: { text } })],
    [`${ACTION}.cards[1].body.text`, 160, (text) => carousel(card(0), card(1, { body: { text } }))],
  ])("%s accepts up to %i characters, and none where it is optional", (place, max, request) => {
    expect(problemsOf(request("x".repeat(max)))).toEqual([]);
    expect(problemsOf(request("x".repeat(max + 1)))).toEqual([
      `${place}: must have at most ${max} characters, not ${max + 1}`,
    ]);
    const mayBeEmpty = /caption|footer|description/.test(place);
    expect(problemsOf(request(""))).toEqual(mayBeEmpty ? [] : [`${place}: must not be empty`]);
  });

  test("characters are counted as code points", () => {
    expect(problemsOf(sent("text", { body: "👋".repeat(4096) }))).toEqual([]);
    expect(problemsOf(sent("text", { body: "👋".repeat(4097) }))).toEqual([
      "text.body: must have at most 4096 characters, not 4097",
    ]);
  });
});

describe("counts", () => {
  const sections = `${ACTION}.sections`;
  const titled = (number: number, more: (at: number) => object) =>
    times(number, (at) => ({ title: `S${at}`, ...more(at) }));
  test.each<[place: string, noun: string, max: number, min: number, request: (number: number) => JsonObject]>([
    [
      "contacts",
      "contact",
      257,
      1,
      (number) =>
        sent(
          "contacts",
          times(number, () => contact()),
        ),
    ],
    [`${ACTION}.buttons`, "button", 3, 1, (number) => buttons(...times(number, (at) => reply(`${at}`)))],
    [`${sections}[0].rows`, "row", 10, 1, (number) => rows(...times(number, row))],
    [
      sections,
      "row",
      10,
      2,
      (number) =>
        list([
          { title: "A", rows: [row("a")] },
          { title: "B", rows: times(number - 1, row) },
        ]),
    ],
    [sections, "section", 10, 1, (number) => list(titled(number, (at) => ({ rows: [row(at)] })))],
    [sections, "section", 10, 1, (number) => products(titled(number, () => ({ product_items: items(1) })))],
    [`${sections}[0].product_items`, "product", 30, 1, (number) => products([{ product_items: items(number) }])],
    [
      sections,
      "product",
      30,
      2,
      (number) => products(titled(2, (at) => ({ product_items: items(at === 0 ? 1 : number - 1) }))),
    ],
    [`${ACTION}.cards`, "card", 10, 2, (number) => carousel(...times(number, (at) => card(at % 10)))],
    [
      `${ACTION}.cards[0].action.buttons`,
      "button",
      3,
      1,
      (number) => {
        const action = { buttons: times(number, (at) => quickReply(`${at}`)) };
        return carousel(card(0, { action }), card(1, { action }));
      },
    ],
    [
      "template.components[0].cards",
      "card",
      10,
      1,
      (number) => component({ type: "carousel", cards: times(number, (at) => ({ card_index: at, components: [] })) }),
    ],
  ])("%s accepts the maximum number of %ss and not one more", (place, noun, max, min, request) => {
    expect(problemsOf(request(min))).toEqual([]);
    expect(problemsOf(request(max))).toEqual([]);
    expect(problemsOf(request(max + 1))).toContain(`${place}: must have at most ${max} ${noun}s, not ${max + 1}`);
    if (min === 1) expect(problemsOf(request(0))).toContain(`${place}: must have at least 1 ${noun}, not 0`);
  });

  test("a carousel has at least two cards", () => {
    expect(problemsOf(carousel(card(0)))).toEqual([`${ACTION}.cards: must have at least 2 cards, not 1`]);
  });
});
