// The load: sends requests over keep-alive connections, one in flight on each, and takes the time of every answer.
// Not autocannon: where requests differ it puts each one together anew, and is then slower than the fastest receiver.
import { connect } from "node:net";

/**
 * Resolves with `{ answered, perSecond, p50, p95, p99 }` (times in milliseconds). Ends when all are answered, or after `limitMs`. Rejects
 * when an answer is not 200 or a connection fails.
 */
export async function load(port, requests, connections, limitMs = Infinity) {
  const sockets = Array.from({ length: connections }, () => connect(port, "127.0.0.1").setNoDelay());
  const all = new Float64Array(requests.length);
  const started = performance.now();
  let [sent, answered] = [0, 0];
  try {
    await new Promise((resolve, reject) => {
      const isOver = () => sent === requests.length || performance.now() - started > limitMs;
      const next = () => (isOver() ? undefined : requests[sent++]);
      const count = (took) => {
        all[answered++] = took;
        if (answered === sent && isOver()) resolve();
      };
      for (const socket of sockets) converse(socket, { next, count, reject });
    });
    const seconds = (performance.now() - started) / 1000;
    const times = all.slice(0, answered).toSorted();
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => at(times, share));
    return { answered, perSecond: answered / seconds, p50, p95, p99 };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Asks on one connection, again and again, until there is nothing left to ask. */
function converse(socket, { next, count, reject }) {
  let [asked, answer] = [0, ""];
  const ask = () => {
    const request = next();
    asked = performance.now();
    if (request !== undefined) socket.write(request);
  };
  socket.on("connect", ask);
  socket.on("data", (chunk) => {
    answer += chunk.latin1Slice();
    if (!isComplete(answer)) return;
    if (!answer.startsWith("HTTP/1.1 200 ")) reject(new Error(`a delivery was answered ${answer}`));
    answer = "";
    count(performance.now() - asked);
    ask();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("the server closed a connection")));
}

function isComplete(answer) {
  const head = answer.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(answer) ?? [];
  return length === undefined ? answer.endsWith("\r\n0\r\n\r\n") : answer.length >= head + 4 + Number(length);
}

function at(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
