// An app that stops in the middle of its answer after so many others, and waits to be killed: `node dying-app.mjs <port> <file> <others>`.
// The file gets the ids of messages.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { text } from "node:stream/consumers";

const [port, file] = [Number(process.argv[2]), process.argv[3]];
let left = Number(process.argv[4]);

createServer(async (request, response) => {
  const [, id] = /"id":"(wamid[^"]*)"/.exec(await text(request));
  appendFileSync(file, `${id}\n`);
  if (left-- !== 0) return response.end();
  response.writeHead(200, { "content-length": "20" });
  response.write("half of it", () => process.stdout.write("half\n"));
}).listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
