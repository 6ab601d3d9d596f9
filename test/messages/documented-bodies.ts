/** Requests in every shape that Meta documents, with our own texts: the Cloud API's pages, its OpenAPI document and the additions of 2026. */

type JsonObject = Record<string, unknown>;

const PRODUCT = "messaging_product";
const TO = { [PRODUCT]: "whatsapp", recipient_type: "individual", to: "+16505551234" };
const WAMID = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQwMjRDQzRDRDA0QTA4QzZDMUYyRgA=";
const LINK = "https://example.com/files/one";
const BODY = { text: "What do you think?" };
const GROUP = { ...TO, recipient_type: "group", to: "Y2FwaV9ncm91cDoxMjM0NTY3ODkw" };

const message = (type: string, content: unknown): JsonObject => ({ ...TO, type, [type]: content });
const interactive = (type: string, action: object, more: object = {}) =>
  message("interactive", { type, body: BODY, action, ...more });
const template = (components: object[] = [], code = "en_US") =>
  message("template", { name: "order_update", language: { code, policy: "deterministic" }, components });
const header = (parameter: object) => template([{ type: "header", parameters: [parameter] }]);
const button = (sub_type: string, parameter: object, index: number | string = 0) =>
  template([{ type: "button", sub_type, index, parameters: [parameter] }]);
const text = { text: { body: "Hello" } };

const ORDER = {
  reference_id: "order-17",
  type: "digital-goods",
  currency: "INR",
  total_amount: { value: 45_000, offset: 100 },
  order: {
    status: "pending",
    items: [{ retailer_id: "repair", name: "Repair", amount: { value: 45_000, offset: 100 }, quantity: 1 }],
    subtotal: { value: 45_000, offset: 100 },
    tax: { value: 0, offset: 100, description: "none" },
  },
};

const urlCard = (at: number) => ({
  card_index: at,
  type: "cta_url",
  header: { type: "image", image: { link: LINK } },
  body: { text: "A card" },
  action: { name: "cta_url", parameters: { display_text: "Show", url: LINK } },
});

/** Each is accepted as it stands, without a problem and without anything unknown. */
export const documentedBodies: Readonly<Record<string, JsonObject>> = {
  "text without type": { ...TO, ...text },
  "text without recipient_type": { [PRODUCT]: "whatsapp", to: "16505551234", type: "text", ...text },
  "text with preview": message("text", { preview_url: true, body: `See ${LINK}` }),
  "text without preview": message("text", { preview_url: false, body: "Hello" }),
  reply: { ...message("text", text.text), context: { message_id: WAMID } },
  "callback data": { ...message("text", text.text), biz_opaque_callback_data: "order 17" },
  "user ID": { [PRODUCT]: "whatsapp", recipient: "US.13491208655302741918", type: "text", ...text },
  "parent user ID": { [PRODUCT]: "whatsapp", recipient: "US.ENT.11815799212886844830", type: "text", ...text },
  "number and user ID": { ...message("text", text.text), recipient: "US.13491208655302741918" },
  "identity check": { ...message("text", text.text), recipient_identity_key_hash: "DF2lS5v2W6x=" },
  "text to a group": { ...GROUP, type: "text", ...text },
  pin: { ...GROUP, type: "pin", pin: { type: "pin", message_id: WAMID, expiration_days: 7 } },
  unpin: { ...GROUP, type: "pin", pin: { type: "unpin", message_id: WAMID } },
  "direct utility": { ...message("text", text.text), category: "utility", ttl_seconds: 43_200 },
  "direct code": { ...message("text", text.text), category: "authentication", ttl_seconds: 30 },
  "direct interactive": {
    ...interactive("button", { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] }),
    category: "utility",
  },

  "image by ID": message("image", { id: "1003383421387256", caption: "One" }),
  "image by link": message("image", { link: LINK }),
  "image with an empty caption": message("image", { link: LINK, caption: "" }),
  video: message("video", { id: "1003383421387256", caption: "Two" }),
  audio: message("audio", { id: "1003383421387256" }),
  voice: message("audio", { link: LINK, voice: true }),
  document: message("document", { id: "1003383421387256", caption: "Three", filename: "three.pdf" }),
  sticker: message("sticker", { id: "1003383421387256" }),
  location: message("location", { latitude: 37.4421, longitude: -122.1615, name: "Here", address: "1 Test Street" }),
  "location in strings": message("location", { latitude: "37.4421", longitude: "-122.1615", name: "", address: "" }),
  contacts: message("contacts", [
    {
      addresses: [{ street: "1", city: "T", state: "CA", zip: "1", country: "US", country_code: "us", type: "HOME" }],
      birthday: "1990-12-31",
      emails: [{ email: "contact@example.com", type: "WORK" }],
      name: { formatted_name: "Test Contact", first_name: "Test", last_name: "Contact", middle_name: "", suffix: "" },
      org: { company: "Example", department: "", title: "" },
      phones: [{ phone: "+16505555678", type: "WORK", wa_id: "16505555678" }],
      urls: [{ url: LINK, type: "WORK" }],
    },
  ]),
  reaction: message("reaction", { message_id: WAMID, emoji: "\uD83D\uDE00" }),
  "removed reaction": message("reaction", { message_id: WAMID, emoji: "" }),
  read: { [PRODUCT]: "whatsapp", status: "read", message_id: WAMID },
  typing: { [PRODUCT]: "whatsapp", status: "read", message_id: WAMID, typing_indicator: { type: "text" } },
  "read with recipient_type": {
    [PRODUCT]: "whatsapp",
    recipient_type: "individual",
    status: "read",
    message_id: WAMID,
  },

  "template alone": message("template", { name: "hello_world", language: { code: "en_US" } }),
  "template in a language in lower case": template([], "en_us"),
  "template texts": template([{ type: "body", parameters: [{ type: "text", text: "Sheena" }] }]),
  "template texts in upper case": template([{ type: "BODY", parameters: [{ type: "text", text: "Sheena" }] }]),
  "named texts": template([{ type: "body", parameters: [{ type: "text", parameter_name: "who", text: "Sheena" }] }]),
  "currency and date": template([
    {
      type: "body",
      parameters: [
        { type: "currency", currency: { fallback_value: "$100.99", code: "USD", amount_1000: 100_990 } },
        {
          type: "date_time",
          date_time: {
            fallback_value: "1 August 2026",
            day_of_week: 6,
            year: 2026,
            month: 8,
            day_of_month: 1,
            hour: 12,
            minute: 30,
            calendar: "GREGORIAN",
          },
        },
      ],
    },
  ]),
  "header text": header({ type: "text", text: "Sheena" }),
  "header image": header({ type: "image", image: { link: LINK } }),
  "header video": header({ type: "video", video: { id: "1003383421387256" } }),
  "header document": header({ type: "document", document: { id: "1003383421387256", filename: "a.pdf" } }),
  "header location": header({
    type: "location",
    location: { latitude: "37.4421", longitude: "-122.1615", name: "Here", address: "1 Test Street" },
  }),
  "header product": header({ type: "product", product: { product_retailer_id: "a", catalog_id: "1948" } }),
  "quick reply": button("quick_reply", { type: "payload", payload: "yes" }, "0"),
  "quick reply that is true": button("quick_reply", { type: "text", text: true }),
  "end of a URL": button("url", { type: "text", text: "order-17" }, "1"),
  "coupon code": button("COPY_CODE", { type: "coupon_code", coupon_code: "WEEKEND20" }),
  "catalog button": button("CATALOG", { type: "action", action: { thumbnail_product_retailer_id: "a" } }),
  "products button": button("mpm", {
    type: "action",
    action: {
      thumbnail_product_retailer_id: "a",
      sections: [{ title: "Parts", product_items: [{ product_retailer_id: "a" }] }],
    },
  }),
  "flow button": button("flow", { type: "action", action: { flow_token: "token", flow_action_data: { a: 1 } } }),
  "order button": button("order_details", { type: "action", action: { order_details: ORDER } }),
  "call button": template([
    {
      type: "button",
      sub_type: "voice_call",
      parameters: [
        { type: "ttl_minutes", ttl_minutes: 1440 },
        { type: "payload", payload: "order-17" },
      ],
    },
  ]),
  "authentication code": template([
    { type: "body", parameters: [{ type: "text", text: "123456" }] },
    { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "123456" }] },
  ]),
  "limited-time offer": template([
    {
      type: "limited_time_offer",
      parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_785_585_600_000 } }],
    },
  ]),
  "order status template": template([
    {
      type: "order_status",
      parameters: [
        { type: "order_status", order_status: { reference_id: "order-17", order: { status: "processing" } } },
      ],
    },
  ]),
  "tap targets": template([
    {
      type: "tap_target_configuration",
      parameters: [{ type: "tap_target_configuration", tap_target_configuration: [{ url: LINK, title: "Offers" }] }],
    },
  ]),
  "carousel template": template([
    { type: "body", parameters: [{ type: "text", text: "20" }] },
    {
      type: "carousel",
      cards: [0, 1].map((at) => ({
        card_index: at,
        components: [
          { type: "header", parameters: [{ type: "image", image: { id: "1003383421387256" } }] },
          { type: "body", parameters: [{ type: "text", text: "10" }] },
          { type: "button", sub_type: "quick_reply", index: "0", parameters: [{ type: "payload", payload: "more" }] },
          { type: "button", sub_type: "url", index: "1", parameters: [{ type: "text", text: "a" }] },
        ],
      })),
    },
  ]),
  "marketing template": { ...template(), product_policy: "CLOUD_API_FALLBACK", message_activity_sharing: true },

  "reply buttons": interactive(
    "button",
    { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] },
    { header: { type: "video", video: { id: "1003383421387256" } }, footer: { text: "" } },
  ),
  list: interactive(
    "list",
    { button: "Choose", sections: [{ title: "All", rows: [{ id: "a", title: "A", description: "" }] }] },
    { header: { type: "text", text: "Choices" }, footer: { text: "Example Ltd" } },
  ),
  "URL button": interactive(
    "cta_url",
    { name: "cta_url", parameters: { display_text: "Show", url: LINK } },
    { header: { type: "document", document: { link: LINK } } },
  ),
  flow: interactive("flow", {
    name: "flow",
    parameters: {
      flow_message_version: "3",
      flow_id: "1234567890",
      flow_cta: "Book",
      flow_token: "token",
      mode: "draft",
      flow_action: "navigate",
      flow_action_payload: { screen: "START", data: { a: "b" } },
    },
  }),
  "flow by name": interactive("flow", {
    name: "flow",
    parameters: { flow_message_version: "3", flow_name: "booking", flow_cta: "Book", flow_action: "data_exchange" },
  }),
  product: interactive("product", { catalog_id: "1948", product_retailer_id: "a" }, { footer: { text: "Example" } }),
  "product list": interactive(
    "product_list",
    { catalog_id: "1948", sections: [{ title: "Parts", product_items: [{ product_retailer_id: "a" }] }] },
    { header: { type: "text", text: "Parts" } },
  ),
  catalog: interactive("catalog_message", {
    name: "catalog_message",
    parameters: { thumbnail_product_retailer_id: "a" },
  }),
  "location request": interactive("location_request_message", { name: "send_location" }),
  "contact request": interactive("request_contact_info", { name: "request_contact_info" }),
  address: interactive("address_message", {
    name: "address_message",
    parameters: {
      country: "IN",
      values: { name: "Test Contact", in_pin_code: "400063" },
      saved_addresses: [{ id: "a", value: { name: "Test Contact" } }],
      validation_errors: { in_pin_code: "There is no such code." },
    },
  }),
  "call permission": interactive("call_permission_request", { name: "call_permission_request" }),
  "voice call": interactive("voice_call", {
    name: "voice_call",
    parameters: { display_text: "Call us", ttl_minutes: 100, payload: "order-17" },
  }),
  carousel: interactive("carousel", { cards: [urlCard(0), urlCard(1)] }),
  "order details in India": interactive("order_details", {
    name: "review_and_pay",
    parameters: {
      ...ORDER,
      payment_settings: [
        { type: "payment_gateway", payment_gateway: { type: "razorpay", configuration_name: "shop", razorpay: {} } },
      ],
    },
  }),
  "order details with UPI": interactive(
    "order_details",
    {
      name: "review_and_pay",
      parameters: { ...ORDER, payment_type: "upi", payment_configuration: "shop" },
    },
    { header: { type: "image", image: { link: LINK } } },
  ),
  "order details in Brazil": interactive("order_details", {
    name: "review_and_pay",
    parameters: {
      ...ORDER,
      type: "physical-goods",
      payment_type: "br",
      currency: "BRL",
      payment_settings: [{ type: "pix_dynamic_code", pix_dynamic_code: { code: "0002", key: "1", key_type: "CNPJ" } }],
    },
  }),
  "order status": interactive("order_status", {
    name: "review_order",
    parameters: { reference_id: "order-17", order: { status: "shipped", description: "By parcel service" } },
  }),
};
