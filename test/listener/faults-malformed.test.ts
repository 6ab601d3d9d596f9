/** Ten thousand malformed requests beside honest deliveries. */
import { connect } from "node:net";
import { join } from "node:path";

import { expect, test } from "vitest";

import { CAN_MEASURE_MEMORY, peakMemoryOf } from "../support/attacks.ts";
import { reportFault } from "../support/fault-table.ts";
import {
  allForwarded,
  forwardedText,
  judgeForwards,
  Load,
  messageBody,
  randomFrom,
  readFound,
  Remembering,
  startForwarding,
  TIMES,
  until,
} from "../support/faults.ts";
import { freePort, serve, signed } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

const REQUESTS = 10_000 * TIMES;
const SENDERS = 16;
const MOST_MB = 300;
const POST = "POST /webhook HTTP/1.1\r\nhost: x\r\n";
const WRONG = `${POST}x-hub-signature-256: sha256=${"0".repeat(64)}\r\n`;

/** A body with the signature of another one. */
function tampered(): string {
  const body = messageBody("wamid.forged.0", "forged").toString();
  const { "x-hub-signature-256": signature = "" } = signed(body);
  return `${POST}x-hub-signature-256: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body.replace("Hello", "Jello")}`;
}

const MALFORMED: readonly string[] = [
  "\u0016\u0003\u0001\u0002\u0000\u0001",
  "hello\r\n\r\n",
  "POST /webhook\r\n\r\n",
  "GET /webhook HTTP/9.9\r\n\r\n",
  "DELETE /webhook HTTP/1.1\r\nhost: x\r\n\r\n",
  "POST /elsewhere HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}",
  "GET /webhook?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1 HTTP/1.1\r\nhost: x\r\n\r\n",
  `GET /webhook HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
  `${POST}content-length: 2\r\n\r\n{}`,
  `${POST}content-length: nonsense\r\n\r\n{}`,
  `${POST}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
  `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
  `${POST}content-length: 90000000\r\n\r\nx`,
  `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
  `${POST}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
  `${WRONG}content-length: 2\r\n\r\n{}`,
  `${WRONG}content-length: 50000\r\n\r\n${"[".repeat(50_000)}`,
  `${POST}x-hub-signature-256: sha256=\r\ncontent-length: 2\r\n\r\n{}`,
  `${POST}x-hub-signature-256: nonsense\r\ncontent-length: 2\r\n\r\n{}`,
  `${WRONG}content-length: 1000\r\n\r\n{"object":`,
  tampered(),
];

/** Sends one and resolves when the connection has ended; half of them do not wait for the response. */
function send(port: number, request: string, isHasty: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined).on("close", () => resolve());
    if (isHasty) socket.end(request, () => socket.destroy());
    // An unfinished request is given up once something came back, or nothing is to come.
    else
      socket
        .end(request)
        .resume()
        .on("end", () => socket.destroy());
  });
}

test(
  "10 000 malformed requests beside honest deliveries lose none of these, reach no app and take a bounded amount of memory",
  async () => {
    const app = new Remembering();
    const { url: to } = await serve(app.handle);
    const running = { cwd: temporaryFolder(), port: await freePort(), to };
    const program = await startForwarding(running);
    const load = new Load(running.port, 8);
    const random = randomFrom(9);
    let left = REQUESTS;
    const attack = async () => {
      while (left-- > 0) await send(running.port, MALFORMED[random(MALFORMED.length)] ?? "", random(2) === 0);
    };
    await Promise.all(Array.from({ length: SENDERS }, attack));
    await load.more(1);
    await load.stop();
    const file = join(running.cwd, ".wa-hook/events.db");
    await until(() => allForwarded(file, to));
    const peak = CAN_MEASURE_MEMORY ? peakMemoryOf(program.process.pid ?? 0) : 0;
    program.process.kill("SIGTERM");
    expect(await program.exit).toBe(0);
    expect(peak).toBeLessThan(MOST_MB);
    expect(load.refused).toBe(0);
    const found = readFound(file);
    const judged = judgeForwards(load.acknowledged, found.accepted, app.ids);
    expect(judged.again).toBe(0);
    const fault = `malformed requests (${Math.round(peak)} MB resident at most)`;
    const row = { runs: REQUESTS, acknowledged: load.acknowledged.length, found: judged.found };
    reportFault({ fault, ...row, forwarded: forwardedText(judged) });
  },
  TIMES * 180_000,
);
