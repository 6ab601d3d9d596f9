// The load: sends requests over keep-alive connections, one in flight on each, and takes the time of every answer.
// Not autocannon: it puts each request together anew when they differ, and is then slower than the fastest receiver.
import { connect } from "node:net";

/** Resolves with `{ perSecond, p50, p99 }` (times in milliseconds). Rejects when an answer is not 200 or a connection ends early. */
export function load(port, requests, connections) {
  const times = new Float64Array(requests.length);
  const sockets = [];
  let [sent, answered] = [0, 0];
  const { promise, resolve, reject } = withResolvers();
  const started = performance.now();
  for (let index = 0; index < connections; index++) {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket.setNoDelay());
    let [asked, answer] = [0, ""];
    const next = () => {
      if (sent === requests.length) return;
      asked = performance.now();
      socket.write(requests[sent++]);
    };
    socket.on("connect", next);
    socket.on("data", (chunk) => {
      answer += chunk.latin1Slice();
      if (!isComplete(answer)) return;
      if (!answer.startsWith("HTTP/1.1 200 ")) reject(new Error(`a delivery was answered ${answer}`));
      answer = "";
      times[answered++] = performance.now() - asked;
      if (answered === requests.length) resolve();
      else next();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed a connection")));
  }
  return promise
    .then(() => {
      const seconds = (performance.now() - started) / 1000;
      times.sort();
      return { perSecond: times.length / seconds, p50: at(times, 0.5), p99: at(times, 0.99) };
    })
    .finally(() => {
      for (const socket of sockets) socket.destroy();
    });
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

/** `Promise.withResolvers`, which Node.js 20 does not have. */
function withResolvers() {
  let [resolve, reject] = [];
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}
