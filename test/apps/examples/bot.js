// A bot of one file: it marks each message as read, sends a menu to who asks for it, and repeats every other text.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const MENU = {
  type: "interactive",
  interactive: {
    type: "button",
    body: { text: "What would you like?" },
    action: {
      buttons: ["Order", "Help"].map((title) => ({ type: "reply", reply: { id: title.toLowerCase(), title } })),
    },
  },
};

export function createBot(env = process.env, log = console.error) {
  const seen = new Set();
  return createServer(async (request, response) => {
    const query = new URL(request.url, "http://bot").searchParams;
    if (request.method === "GET") {
      const right =
        query.get("hub.mode") === "subscribe" && query.get("hub.verify_token") === env.WHATSAPP_VERIFY_TOKEN;
      return response.writeHead(right ? 200 : 403).end(right ? query.get("hub.challenge") : "");
    }
    const body = await buffer(request); // the bytes as they came: the signature is over these
    if (!isSigned(body, request.headers["x-hub-signature-256"], env.WHATSAPP_APP_SECRET))
      return response.writeHead(401).end();
    response.end(); // first acknowledge, then work
    const messages = JSON.parse(body).entry.flatMap(({ changes }) =>
      changes.flatMap(({ value }) => value.messages ?? []),
    );
    for (const message of messages.filter(({ id }) => !seen.has(id) && seen.add(id))) {
      await answer(message, env).catch((error) => log(error.message));
    }
  });
}

async function answer({ id, from, from_user_id: userId, type, text }, env) {
  const to = from === undefined ? { recipient: userId } : { to: from };
  const repeated = { type, text: { body: `You said: ${text?.body}` } };
  if (type === "text") await send({ ...to, ...(text.body === "menu" ? MENU : repeated) }, env);
  await send({ status: "read", message_id: id }, env);
}

async function send(message, { GRAPH_API_URL, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_ACCESS_TOKEN }) {
  const response = await fetch(`${GRAPH_API_URL}/v25.0/${WHATSAPP_PHONE_NUMBER_ID}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${WHATSAPP_ACCESS_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", ...message }),
  });
  if (!response.ok) throw new Error(await response.text());
}

function isSigned(body, header = "", secret) {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  return header.length === expected.length && timingSafeEqual(Buffer.from(header), expected);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) createBot().listen(process.env.PORT ?? 8000);
