// The least that a receiver can do that loses nothing: the signature, one transaction and one sync of the log for each group, 200. It reads
// no event, knows no duplicate and prints nothing.
import { createHmac, timingSafeEqual } from "node:crypto";
import { fdatasync, openSync } from "node:fs";
import { createServer } from "node:http";

import Database from "libsql";

const [port, file] = process.argv.slice(2);
const secret = process.env.WHATSAPP_APP_SECRET;

const database = new Database(file);
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000");
database.exec("CREATE TABLE deliveries (id INTEGER PRIMARY KEY, at INTEGER, headers TEXT, body BLOB)");
const log = openSync(`${file}-wal`, "r+");
const begin = database.prepare("BEGIN IMMEDIATE");
const insert = database.prepare("INSERT INTO deliveries (at, headers, body) VALUES (?, ?, ?)");
const commit = database.prepare("COMMIT");
let waiting = [];
let isWriting = false;

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    if (!isSigned(body, request.headers["x-hub-signature-256"])) return response.writeHead(401).end();
    waiting.push({ row: [Date.now(), JSON.stringify(request.rawHeaders), body], response });
    if (!isWriting) gather();
  });
}).listen(Number(port), "127.0.0.1");

function gather() {
  isWriting = true;
  setImmediate(() => setImmediate(() => setImmediate(write)));
}

function write() {
  const group = waiting;
  waiting = [];
  begin.run([]);
  for (const { row } of group) insert.run(row);
  commit.run([]);
  fdatasync(log, (error) => {
    if (error) throw error;
    for (const { response } of group) response.end();
    isWriting = false;
    if (waiting.length > 0) gather();
  });
}

function isSigned(body, header = "") {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
