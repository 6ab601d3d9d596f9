/** Mistake: deliveries are acknowledged with 201; to Meta anything but 200 is a failure, and it delivers again. */
import { createServer } from "node:http";

import { challengeFor, createBot, hostname, isSigned, port, ready } from "../bot.js";
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
  response.writeHead(201).end();
  bot.answer(bytes);
});

server.listen(port, hostname, () => ready(server.address().port));
