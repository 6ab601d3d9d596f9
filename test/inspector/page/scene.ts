import { APP_SECRET, post, VERIFY_TOKEN, wireOf } from "../../support/http.ts";
/** A bookshop's bot and its customers: something of everything that the page shows. */
import { stage, type Stage } from "../stage.ts";

const PEOPLE = [
  { number: "16505551234", name: "Sheena Nelson" },
  { number: "16505550101", name: "First Customer" },
  { number: "16505550102", name: "Second Customer" },
  { number: "16505550103", name: "Third Customer" },
  { number: "16505550104", name: "عميل" },
];

type Request = Record<string, unknown>;

const MENU: Request = {
  type: "interactive",
  interactive: {
    type: "list",
    header: { type: "text", text: "Corner Bookshop" },
    body: { text: "What can we do for you?" },
    footer: { text: "Open until 18:00" },
    action: {
      button: "Choose",
      sections: [
        {
          title: "Books",
          rows: [
            { id: "order", title: "Order a book", description: "By title, author or ISBN" },
            { id: "status", title: "Order status" },
            { id: "event", title: "Readings", description: "Every Thursday evening" },
          ],
        },
      ],
    },
  },
};
const BUTTONS: Request = {
  type: "interactive",
  interactive: {
    type: "button",
    body: { text: "Shall we keep your seat for Thursday, 19:30?" },
    action: {
      buttons: [
        { type: "reply", reply: { id: "keep", title: "Keep it" } },
        { type: "reply", reply: { id: "cancel", title: "Cancel" } },
      ],
    },
  },
};
const LINK: Request = {
  type: "interactive",
  interactive: {
    type: "cta_url",
    body: { text: "Your order is on its way." },
    action: { name: "cta_url", parameters: { display_text: "Track it", url: "https://example.com/orders/1207" } },
  },
};

function replyTo(text: string): Request {
  if (/menu|hello/i.test(text)) return MENU;
  if (/seat|reading/i.test(text)) return BUTTONS;
  if (/track|where/i.test(text)) return LINK;
  if (/news/i.test(text)) return { type: "template", template: { name: "hello_world", language: { code: "en_US" } } };
  return { type: "text", text: { body: `Thank you! We look into it: ${text}\nMore at https://example.com/help` } };
}

export interface Scene extends Stage {
  /** Sends a message and waits until the app has replied and its statuses have arrived. */
  write(message: string | object, from?: object): Promise<string>;
}

export async function scene(status: () => number = () => 200): Promise<Scene> {
  const found = await stage({
    status,
    listener: { retry: { attempts: 4, delivery: { baseMs: 30, capMs: 60 }, app: { baseMs: 20, capMs: 50 } } },
    emulator: {
      statuses: { sent: 0, delivered: 10, read: 20 },
      account: { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN, allowedNumbers: PEOPLE.map(({ number }) => number) },
    },
    reply: ({ id, from, ...message }, send) => {
      if (status() !== 200) return undefined;
      const text = "text" in message ? (message.text as { body: string }).body : "";
      return send({ to: from, ...(text === "" ? { context: { message_id: id } } : {}), ...replyTo(text) });
    },
  });
  const write: Scene["write"] = async (message, from) => {
    const sent = await found.ask("/api/customer/messages", { json: { message, ...(from && { from }) } });
    if (sent.status !== 200) throw new Error(JSON.stringify(sent.json));
    await found.emulator.settled();
    return sent.json.id as string;
  };
  return { ...found, write };
}

/** Conversations, failures, retries and a rejected delivery. Resolves with the id of the rejected one. */
export async function fill(shop: Scene, failing: { value: number }): Promise<{ rejected: string; last: string }> {
  const { write, emulator, listener, until, ask } = shop;
  const [sheena, amara, jonas, priya, ali] = PEOPLE;
  await write("Hello", sheena);
  await write({ type: "image", image: { caption: "Is this the edition that you have?" } }, amara);
  await write("When is the next reading?", jonas);
  await write({ type: "location", location: { latitude: 52.52, longitude: 13.405, name: "Corner Bookshop" } }, priya);
  await write("هل لديكم كتب بالعربية؟", ali);
  const asked = await write("Where is my order 1207?", sheena);
  await write({ type: "reaction", reaction: { message_id: asked, emoji: "👍" } }, sheena);
  emulator.fail({ code: 131026, times: 1, as: "status" });
  await write("Any news?", sheena);
  emulator.fail({ code: 130429, times: 1 });
  await write("Do you also sell maps? I look for an old one of the harbor, from before 1950.", sheena);
  failing.value = 500;
  await write("Is anybody there?", amara);
  await until("/api/deliveries?status=failed", ({ rows }) => rows.length > 0);
  failing.value = 200;
  await write("I have a question about a seat on Thursday", sheena);
  await post(listener.url, wireOf("text", "wamid.rejected"), {
    "content-type": "application/json",
    "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
  });
  const { rows } = await until("/api/deliveries?status=rejected", (page) => page.rows.length > 0);
  const answered = await until("/api/deliveries?kind=text&search=seat", (page) => page.rows.length > 0);
  await ask("/api/scenarios/opening-hours", {
    method: "PUT",
    json: { steps: [{ message: { message: "Hello" } }, { waitMs: 50 }, { delivery: answered.rows[0].id }] },
  });
  await ask("/api/scenarios/opening-hours/play", { json: {} });
  emulator.fail({ code: 131056, every: 3 });
  return { rejected: rows[0].id as string, last: answered.rows[0].id as string };
}
