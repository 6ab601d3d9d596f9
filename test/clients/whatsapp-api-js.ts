/** `whatsapp-api-js`: messages are instances of its classes, errors are returned as responses, and it handles webhooks completely. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { expect } from "vitest";
import * as m from "whatsapp-api-js/messages";
import { WhatsAppAPI } from "whatsapp-api-js/middleware/web-standard";

import type { Emulated } from "../emulator/test-emulator.ts";
import { CUSTOMER, allowCalls, fails, media, operation, type Client, type Loose } from "./client.ts";
import { sends } from "./examples.ts";
import { receives } from "./webhooks.ts";

/** The library's host is fixed; `ponyfill.fetch` can redirect its requests. */
function clientOf({ emulator }: Emulated, token = emulator.account.accessToken): WhatsAppAPI {
  return new WhatsAppAPI({
    token,
    v: "v25.0",
    secure: false,
    ponyfill: {
      fetch: async (url, init) =>
        fetch((url as string | URL).toString().replace("https://graph.facebook.com", emulator.url), init),
    },
  });
}

/** Builds the library's message from a request, and sends it. */
function by(message: (request: Loose) => object) {
  return async (stage: Emulated, request: Loose) => {
    const { to, recipient, context, biz_opaque_callback_data: tracker } = request;
    const { phoneNumberId } = stage.emulator.account;
    const recipientOf = to === undefined ? ({ bsuid: recipient } as Individual) : whom(to as string);
    const about = [message(request), context?.message_id, tracker] as [never, string | undefined, string | undefined];
    const answer = await clientOf(stage).sendMessage(phoneNumberId, recipientOf, ...about);
    return "messages" in answer ? answer.messages[0].id : undefined;
  };
}

type Individual = Parameters<WhatsAppAPI["blockUser"]>[1] & object;

/** Its types require all ids; at run time one is enough. */
function whom(phone: string): Individual {
  return { phone } as Individual;
}

type File = { id?: string; link?: string; caption?: string; filename?: string; voice?: boolean };

/** The library expects an id or a link, and a flag for which it is. */
function source({ id, link }: File): [string, boolean] {
  return [(id ?? link) as string, id !== undefined];
}

const image = (file: File) => new m.Image(...source(file), file.caption);
const video = (file: File) => new m.Video(...source(file), file.caption);

const messages = [
  ...sends(
    ["text", "text.preview", "reply", "tracked", "to a user id"],
    by(({ text }) => new m.Text(text.body, text.preview_url)),
  ),
  ...sends(
    ["image", "image.link"],
    by((request) => image(request.image)),
  ),
  ...sends(
    ["video", "video.link"],
    by((request) => video(request.video)),
  ),
  ...sends(
    ["audio", "audio.link", "audio.voice"],
    by(({ audio }) => new m.Audio(...source(audio), audio.voice)),
  ),
  ...sends(
    ["document", "document.link"],
    by(({ document: file }) => new m.Document(...source(file), file.caption, file.filename)),
  ),
  ...sends(
    ["sticker", "sticker.link"],
    by(({ sticker }) => new m.Sticker(...source(sticker))),
  ),
  // Not `location.pin`: its coordinates are text, and the library requires numbers.
  ...sends(
    ["location"],
    by(({ location: at }) => new m.Location(at.longitude, at.latitude, at.name, at.address)),
  ),
  // It encodes the list as JSON text, which the Graph API accepts.
  ...sends(["contacts", "contacts.full"], by(contacts)),
  ...sends(
    ["reaction", "reaction.removed"],
    by(({ reaction }) => new m.Reaction(reaction.message_id, reaction.emoji)),
  ),
  ...sends(
    ["template", "template.parameters", "template.named", "template.code", "template.carousel", "template.offer"],
    by(({ template: { name, language, components = [] } }) => {
      return new m.Template(name, language.code, ...(components.map(component) as []));
    }),
  ),
];

function contacts({ contacts: cards }: Loose): object {
  const all = cards.map(({ name, phones = [], emails = [], addresses = [], org, urls = [], birthday }: Loose) => [
    new m.Name(name.formatted_name, name.first_name, name.last_name),
    ...phones.map(({ phone, type, wa_id }: Loose) => new m.Phone(phone, type, wa_id)),
    ...emails.map(({ email, type }: Loose) => new m.Email(email, type)),
    ...addresses.map((a: Loose) => new m.Address(a.country, a.country_code, a.state, a.city, a.street, a.zip, a.type)),
    ...(org === undefined ? [] : [new m.Organization(org.company, org.department, org.title)]),
    ...urls.map(({ url, type }: Loose) => new m.Url(url, type)),
    ...(birthday === undefined ? [] : [new m.Birthday(...(birthday.split("-") as [string, string, string]))]),
  ]);
  return new m.Contacts(...(all as [m.Name[]]));
}

/** A part of a template. Buttons are numbered by the library, in their order. */
function component({ type, sub_type: sort, parameters, cards }: Loose): object {
  const [first] = parameters ?? [];
  if (type === "header") return new m.HeaderComponent(...(parameters.map(header) as [m.HeaderParameter]));
  if (type === "body") return new m.BodyComponent(...(parameters.map(word) as [m.BodyParameter]));
  if (type === "limited_time_offer") return new m.LTOComponent(first.limited_time_offer.expiration_time_ms);
  if (type === "carousel") return new m.CarouselComponent(...(cards.map(card) as [m.CarouselCard]));
  if (sort === "url") return new m.URLComponent(first.text);
  if (sort === "copy_code") return new m.CopyComponent(first.coupon_code);
  return new m.PayloadComponent(first.payload);
}

function header({ image: file }: Loose): object {
  return new m.HeaderParameter(image(file));
}

function word({ text, currency, date_time: time, parameter_name: name }: Loose): object {
  if (time !== undefined) return new m.BodyParameter(new m.DateTime(time.fallback_value));
  if (currency === undefined) return new m.BodyParameter(text, name);
  return new m.BodyParameter(new m.Currency(currency.amount_1000, currency.code, currency.fallback_value));
}

function card({ components: [head, ...rest] }: Loose): object {
  return new m.CarouselCard(image(head.parameters[0].image), ...(rest.map(component) as []));
}

/** An interactive message; only its action depends on the type. */
function withAction(action: (given: Loose) => object) {
  return by(({ interactive: { header: head, body, footer, action: given } }) => {
    const frame = [
      body && new m.Body(body.text),
      head && new m.Header(head.type === "text" ? head.text : image(head.image)),
      footer && new m.Footer(footer.text),
    ];
    return new m.Interactive(action(given) as m.ActionButtons, ...(frame as [m.Body]));
  });
}

const product = ({ product_retailer_id: id }: Loose) => new m.Product(id);

const interactive = [
  ...sends(
    ["button", "button.header"],
    withAction(({ buttons }) => {
      const all = buttons.map(({ reply: { id, title } }: Loose) => new m.Button(id, title));
      return new m.ActionButtons(...(all as [m.Button]));
    }),
  ),
  ...sends(
    ["list", "list.short"],
    withAction(({ button, sections }) => {
      const row = ({ id, title, description }: Loose) => new m.Row(id, title, description);
      const all = sections.map(({ title, rows }: Loose) => new m.ListSection(title, ...(rows.map(row) as [m.Row])));
      return new m.ActionList(button, ...(all as [m.ListSection]));
    }),
  ),
  ...sends(
    ["cta_url"],
    withAction(({ parameters }) => new m.ActionCTA(parameters.display_text, parameters.url)),
  ),
  ...sends(
    ["flow", "flow.draft"],
    withAction(({ parameters }) => new m.ActionFlow(parameters)),
  ),
  ...sends(
    ["product", "product.bare"],
    withAction((given) => new m.ActionProduct(new m.CatalogProduct(given.product_retailer_id, given.catalog_id))),
  ),
  ...sends(
    ["product_list"],
    withAction(({ catalog_id: id, sections }) => {
      const all = sections.map(({ title, product_items: items }: Loose) => {
        return new m.ProductSection(title, ...(items.map(product) as [m.Product]));
      });
      return new m.ActionProductList(id, ...(all as [m.ProductSection]));
    }),
  ),
  ...sends(
    ["catalog_message", "catalog_message.bare"],
    withAction(({ parameters }) => {
      const id = parameters?.thumbnail_product_retailer_id as string | undefined;
      return new m.ActionCatalog(id === undefined ? undefined : new m.Product(id));
    }),
  ),
  ...sends(
    ["location_request_message"],
    withAction(() => new m.ActionLocation()),
  ),
  ...sends(
    ["call_permission_request"],
    withAction(() => new m.ActionCallPermission()),
  ),
  ...sends(
    ["request_contact_info"],
    withAction(() => new m.ActionContactRequest()),
  ),
];

const others = [
  ...sends(["read", "read.typing"], async (stage, { message_id: id, typing_indicator: typing }) => {
    const answer = await clientOf(stage).markAsRead(stage.emulator.account.phoneNumberId, id, typing?.type);
    expect(answer).toEqual({ success: true });
    return undefined;
  }),
  ...media({
    upload: async (stage, file) => {
      const form = new FormData();
      form.set("file", file);
      const answer = await clientOf(stage).uploadMedia(stage.emulator.account.phoneNumberId, form);
      if (!("id" in answer)) throw new Error(answer.error.message);
      return answer.id;
    },
    look: async (stage, id) => {
      const answer = await clientOf(stage).retrieveMedia(id, stage.emulator.account.phoneNumberId);
      if (!("url" in answer)) throw new Error(answer.error.message);
      return { url: answer.url, mime: answer.mime_type, sha256: answer.sha256, size: Number(answer.file_size) };
    },
    download: async (stage, { url }) => (await clientOf(stage).fetchMedia(url)).arrayBuffer(),
    remove: async (stage, id) => "success" in (await clientOf(stage).deleteMedia(id)),
  }),
  operation("block a customer", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    const users = [{ input: CUSTOMER, wa_id: "16505551234" }];
    const blocked = await clientOf(stage).blockUser(phoneNumberId, whom(CUSTOMER));
    const unblocked = await clientOf(stage).unblockUser(phoneNumberId, whom(CUSTOMER));
    expect(blocked).toMatchObject({ block_users: { added_users: users } });
    expect(unblocked).toMatchObject({ block_users: { removed_users: users } });
  }),
  operation("QR codes", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    const client = clientOf(stage);
    const { code, qr_image_url } = (await client.createQR(phoneNumberId, "Hello")) as Loose;
    expect(qr_image_url).toMatch(/png$/);
    expect(await client.updateQR(phoneNumberId, code, "Hello again")).toMatchObject({ code });
    const listed = { data: [expect.objectContaining({ code, prefilled_message: "Hello again" })] };
    expect(await client.retrieveQR(phoneNumberId)).toMatchObject(listed);
    expect(await client.retrieveQR(phoneNumberId, code)).toEqual(listed);
    expect(await client.deleteQR(phoneNumberId, code)).toEqual({ success: true });
  }),
  operation("call a customer", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    await allowCalls(stage);
    const { calls } = (await clientOf(stage).initiateCall(phoneNumberId, whom(CUSTOMER), "v=0")) as Loose;
    expect(await clientOf(stage).terminateCall(phoneNumberId, calls[0].id)).toMatchObject({ success: true });
  }),
  operation("answer a call", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    const id = (await stage.emulator.act({ action: "call" })).id as `wacid.${string}`;
    expect(await clientOf(stage).preacceptCall(phoneNumberId, id, "v=0")).toMatchObject({ success: true });
    expect(await clientOf(stage).acceptCall(phoneNumberId, id, "v=0")).toMatchObject({ success: true });
    expect(await clientOf(stage).terminateCall(phoneNumberId, id)).toMatchObject({ success: true });
  }),
];

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId = stage.emulator.account.phoneNumberId }) =>
    clientOf(stage, token).sendMessage(phoneNumberId, whom(to), new m.Text("Hello")),
  surfaced: ({ returned }) => {
    const { error } = returned as { error: Loose };
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = error;
    return { code, subcode, message, details: data?.details, trace };
  },
});

const webhooks = receives({
  app: ({ appSecret, verifyToken: webhookVerifyToken }, see) => {
    const app = new WhatsAppAPI({ token: "none", v: "v25.0", appSecret, webhookVerifyToken });
    app.on.message = ({ from, name, message }) => {
      const { text, image: file } = message as Loose;
      const fileId = file === undefined ? {} : { fileId: file.id as string };
      see({ message: message.id, text: text?.body ?? file?.caption, from, name, ...fileId });
    };
    app.on.status = ({ status, id, phone = "" }) => see({ status, of: id, to: phone });
    return async (request) => {
      if (request.method === "POST") return new Response(null, { status: await app.handle_post(request) });
      try {
        return new Response(app.handle_get(request));
      } catch (status) {
        return new Response(null, { status: status as number });
      }
    };
  },
});

export const whatsappApiJs: Client = {
  name: "whatsapp-api-js",
  address: "option ponyfill.fetch",
  operations: [...messages, ...interactive, ...others, ...errors, ...webhooks],
};
