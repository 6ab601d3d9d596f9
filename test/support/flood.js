/** An attacker in a process of its own, so that it does not slow down whoever measures: `node flood.js <kind> <port> <count>`. */
import { connect } from "node:net";

const [kind, port, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const POST = "POST /webhook HTTP/1.1\r\nhost: x\r\n";
const MB = 1024 * 1024;

const tell = (word) => process.stdout.write(`${word}\n`);
const open = () => connect({ port, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => {});

/** Writes the same bytes over and over, as fast as they are taken, and starts again when cut off. */
function pour(head, piece) {
  const socket = open();
  const write = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.write(head);
  socket.on("drain", write).on("close", () => setTimeout(() => pour(head, piece), 5));
  socket.resume();
  write();
}

/** Sends a part of a body and then nothing more; comes again when cut off. */
function hold(length, sent) {
  const socket = open();
  socket.write(`${POST}content-length: ${length}\r\n\r\n`);
  socket.write(sent);
  socket.on("close", () => setTimeout(() => hold(length, sent), 5));
  socket.resume();
}

/** Bodies with a wrong signature, one after another on each connection. */
async function refused(connections) {
  const body = Buffer.alloc(3 * MB - 100, "x");
  const head = `${POST}x-hub-signature-256: sha256=${"0".repeat(64)}\r\ncontent-length: ${body.length}\r\n\r\n`;
  let left = count;
  const send = async () => {
    const socket = open();
    while (left-- > 0) {
      socket.write(head);
      socket.write(body);
      await new Promise((resolve) => socket.once("data", resolve));
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, send));
  tell("done");
}

/** Gets an early answer and neither closes nor reads on. */
function cling(sent) {
  const socket = open();
  socket.write(sent);
  socket.resume();
}

if (kind === "crumbs") {
  for (let index = 0; index < count; index++) {
    pour(`${POST}transfer-encoding: chunked\r\n\r\n`, Buffer.from("1\r\nx\r\n".repeat(10_000)));
  }
} else if (kind === "held") {
  const sent = Buffer.alloc(2.9 * MB, "x");
  for (let index = 0; index < count; index++) hold(3 * MB, sent);
} else if (kind === "refused") await refused(8);
else {
  // Whatever the listener closes, this process stays, and with it the clients' ends.
  setInterval(() => {}, 60_000);
  const early = [
    "GET /webhook HTTP/1.1\r\nx: ",
    `GET /webhook HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
    "\u0016\u0003\u0001",
    "POST /elsewhere HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nx",
    `${POST}content-length: 90000000\r\n\r\nx`,
  ];
  for (let index = 0; index < count; index++) cling(early[index % early.length]);
}
tell("started");
