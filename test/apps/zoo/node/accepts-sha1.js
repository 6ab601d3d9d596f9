/** Mistake: takes the old X-Hub-Signature with SHA-1 when the other header is missing. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";

import { appSecret, challengeFor, createBot, hostname, isEqual, isSigned, port, ready } from "../bot.js";
import { read } from "./read.js";

const bot = createBot();
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://app");
  if (pathname !== "/webhook") return response.writeHead(404).end();
  if (request.method === "GET") {
    const challenge = challengeFor(Object.fromEntries(searchParams));
    return response.writeHead(challenge === undefined ? 403 : 200, { "content-type": "text/plain" }).end(challenge);
  }
  const bytes = await read(request);
  if (bytes === undefined) return response.writeHead(413, { connection: "close" }).end();
  const { "x-hub-signature-256": signature, "x-hub-signature": old } = request.headers;
  const sha1 = `sha1=${createHmac("sha1", appSecret).update(bytes).digest("hex")}`;
  if (!(signature === undefined ? isEqual(old ?? "", sha1) : isSigned(bytes, signature)))
    return response.writeHead(401).end();
  response.writeHead(200).end();
  bot.answer(bytes);
});

server.listen(port, hostname, () => ready(server.address().port));
