// Signed deliveries as Meta makes them, each with a message id of its own: the same one again would be a duplicate.
import { createHash } from "node:crypto";

import { encodeWire, fixture, sign, signSha1 } from "../../dist/index.js";
import { APP_SECRET } from "./servers.js";

const { payload } = fixture("text");
const [{ id, from, from_user_id: userId }] = payload.entry[0].changes[0].value.messages;
const wire = encodeWire(payload).toString("latin1");
const idBytes = Buffer.from(id.slice("wamid.".length), "base64").toString("latin1");

/** As a business has: the messages of one customer reach the app one after the other. */
const CUSTOMERS = 1000;

/** The bundled text message as bytes, under the message id and from the customer that belong to `index`. */
export function bodyOf(index) {
  // As in Meta's ids, the part that differs is random: ids in ascending order would flatter the store's index.
  const digits = createHash("sha256").update(String(index)).digest("hex").slice(0, 20).toUpperCase();
  const bytes = Buffer.from(idBytes.replace(/[0-9A-F]{20}/, digits), "latin1");
  const customer = String(index % CUSTOMERS).padStart(4, "0");
  const text = wire
    .replaceAll(from, from.slice(0, -4) + customer)
    .replaceAll(userId, userId.slice(0, -4) + customer)
    .replace(id, `wamid.${bytes.toString("base64")}`);
  return Buffer.from(text, "latin1");
}

/** The headers that `wa-hook replay` sends with a body. */
export function headersOf(body) {
  return {
    "Content-Type": "application/json",
    Accept: "*/*",
    "User-Agent": "facebookexternalua",
    "X-Hub-Signature": signSha1(body, APP_SECRET),
    "X-Hub-Signature-256": sign(body, APP_SECRET),
  };
}

/** So many different deliveries, as the bytes of whole HTTP requests; `first` is the index of the first. */
export function requests(count, first = 0) {
  return Array.from({ length: count }, (_, index) => {
    const body = bodyOf(first + index);
    const headers = Object.entries({ Host: "127.0.0.1", ...headersOf(body), "Content-Length": body.length });
    const head = ["POST /webhook HTTP/1.1", ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join(
      "\r\n",
    );
    return Buffer.concat([Buffer.from(head, "latin1"), body]);
  });
}
