/** What the JavaScript receivers share: the right handshake, the right signature check, and a bot that replies to each text once. */
import { createHmac, timingSafeEqual } from "node:crypto";

const { env } = process;
export const appSecret = env.WHATSAPP_APP_SECRET;
export const verifyToken = env.WHATSAPP_VERIFY_TOKEN;
if (!appSecret || !verifyToken) throw new Error("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN");

export const port = Number(env.PORT ?? 3000);
export const hostname = "127.0.0.1";
/** Meta's deliveries have up to 3 MB. */
export const LIMIT = 4 * 1024 * 1024;

/** Prints that the receiver accepts requests. */
export function ready(port) {
  console.log(`listening on http://${hostname}:${port}/webhook`);
}

/** What to respond to the handshake with; nothing when the verify token is not ours. */
export function challengeFor({ "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge }) {
  return mode === "subscribe" && token === verifyToken ? challenge : undefined;
}

export function sign(bytes, key = appSecret) {
  return `sha256=${createHmac("sha256", key).update(bytes).digest("hex")}`;
}

/** Whether a header is the signature of these bytes. */
export function isSigned(bytes, header, key = appSecret) {
  return Buffer.isBuffer(bytes) && typeof header === "string" && isEqual(header, sign(bytes, key));
}

export function isEqual(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The customers' messages of all entries and changes. */
export function messagesIn(payload) {
  const changes = (payload.entry ?? []).flatMap(({ changes = [] }) => changes);
  return changes.filter(({ field }) => field === "messages").flatMap(({ value }) => value.messages ?? []);
}

/** Marks each message as read and replies to texts. */
export function createBot() {
  const { GRAPH_API_URL: graph, GRAPH_API_VERSION: version = "v25.0", WHATSAPP_PHONE_NUMBER_ID: id } = env;
  const headers = { authorization: `Bearer ${env.WHATSAPP_ACCESS_TOKEN}`, "content-type": "application/json" };
  const seen = new Set();

  /** Replies to the new messages of a delivery; for after its acknowledgment. */
  function answer(bytes) {
    try {
      messagesIn(JSON.parse(bytes)).forEach(answerOnce);
    } catch (error) {
      console.error(error);
    }
  }

  function answerOnce(message) {
    if (seen.has(message.id)) return;
    seen.add(message.id);
    reply(message);
  }

  function reply({ id, type, text, from, from_user_id: userId }) {
    const read = send({ status: "read", message_id: id });
    if (type !== "text" || typeof text?.body !== "string") return;
    // A customer who hides the number behind a username has a user id only.
    const recipient = from === undefined ? { recipient: userId } : { to: from };
    const body = `You wrote: ${text.body.slice(0, 4000)}`;
    void read.then(() => send({ ...recipient, type: "text", text: { body } }));
  }

  async function send(message) {
    if (!graph) return;
    const body = JSON.stringify({ messaging_product: "whatsapp", ...message });
    try {
      const response = await fetch(`${graph}/${version}/${id}/messages`, { method: "POST", headers, body });
      if (!response.ok) console.error(await response.text());
      else await response.arrayBuffer();
    } catch (error) {
      console.error(error);
    }
  }

  return { answer, answerOnce, reply };
}
