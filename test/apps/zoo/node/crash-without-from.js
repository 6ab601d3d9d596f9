/** Mistake: takes it that every message has the customer's number; who hides it behind a username has a user id only, and the exception is a 500. */
import { createServer } from "node:http";

import { challengeFor, createBot, hostname, isSigned, messagesIn, port, ready } from "../bot.js";
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
  if (!isSigned(bytes, request.headers["x-hub-signature-256"])) return response.writeHead(401).end();
  try {
    for (const { from, id } of messagesIn(JSON.parse(bytes))) console.error(`${id} from ${from.replace(/^521/, "52")}`);
    response.writeHead(200).end();
    bot.answer(bytes);
  } catch {
    response.writeHead(500).end();
  }
});

server.listen(port, hostname, () => ready(server.address().port));
