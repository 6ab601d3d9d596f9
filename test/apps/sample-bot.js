/** A small bot on bare node:http: marks what customers write as read, and replies to it once. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

const { PORT = "3000", WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = process.env;
const { GRAPH_API_URL: graph, GRAPH_API_VERSION: version = "v25.0", WHATSAPP_ACCESS_TOKEN: token } = process.env;
const seen = new Set();

const server = createServer(async (request, response) => {
  const { pathname, searchParams: query } = new URL(request.url, "http://localhost");
  if (pathname !== "/webhook") return response.writeHead(404).end();
  if (request.method === "GET") {
    const isRight = query.get("hub.mode") === "subscribe" && query.get("hub.verify_token") === verifyToken;
    return response.writeHead(isRight ? 200 : 403).end(isRight ? query.get("hub.challenge") : undefined);
  }
  const body = await buffer(request);
  if (!isSigned(body, request.headers["x-hub-signature-256"])) return response.writeHead(401).end();
  response.end();
  const values = JSON.parse(body).entry.flatMap(({ changes }) => changes.map(({ value }) => value));
  for (const { metadata, messages = [] } of values) for (const message of messages) await answer(message, metadata);
});

async function answer({ id, from, from_user_id: userId, type, text }, { phone_number_id: number }) {
  if (seen.has(id)) return;
  seen.add(id);
  await send(number, { status: "read", message_id: id });
  if (type === "unsupported" || type === "system" || type === "reaction") return;
  const to = from === undefined ? { recipient: userId } : { to: from };
  const reply = type === "text" ? `You wrote: ${text.body}` : `Thank you for the ${type}!`;
  await send(number, { ...to, type: "text", text: { body: reply } });
}

async function send(number, message) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ messaging_product: "whatsapp", ...message });
  const response = await fetch(`${graph}/${version}/${number}/messages`, { method: "POST", headers, body });
  if (!response.ok) console.error(`not sent: ${await response.text()}`);
}

function isSigned(body, given = "") {
  const expected = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

server.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
