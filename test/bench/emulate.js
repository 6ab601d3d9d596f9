// Messages that the emulator takes per second, beside the least that could answer them; and whether many of them leave its memory flat.
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

import { load } from "./load.js";
import { takeTurns } from "./rounds.js";
import { BARE, cpuTime, end, memory, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";
import { generator, loadFor, prepared } from "./wrk.js";

const GRAPH = fileURLToPath(new URL("receivers/graph.js", import.meta.url));
const ROUNDS = 5;
const SECONDS = 45;
const CONNECTIONS = 32;
/** More than can be answered in a second; they are all alike. */
const PREPARED = generator === "wrk" ? 1 : 50_000;
const BATCH = 5000;
const BATCHES = 10;

export async function emulate(scratch) {
  const measured = (server, requests) => measure(server, prepared(scratch, "messages", requests(PREPARED)));
  const { least, silent, telling } = await takeTurns(
    ROUNDS,
    {
      least: () => bare(measured),
      silent: () => emulating(scratch, [], measured),
      telling: () => delivering(scratch, measured),
    },
    { seconds: SECONDS, warm: true },
  );
  const { early, late } = await delivering(scratch, grow);
  const row = (name, { perSecond, p50, p95, p99, cpu }) => ({
    name,
    figures: [rate(perSecond), ms(p50), ms(p95), ms(p99), `${Math.round(cpu)} µs`],
  });
  const mib = (value) => `${Math.round(value)} MiB`;
  return {
    title: `emulate, ${CONNECTIONS} connections by ${generator}, medians`,
    headings: ["messages", "p50", "p95", "p99", "CPU each"],
    rows: [
      row("node:http, only answers", least),
      row("wa-hook emulate", silent),
      { name: "  beside node:http", figures: [], ratio: silent.perSecond / least.perSecond },
      row("wa-hook emulate, delivering statuses", telling),
      { name: "  beside node:http", figures: [], ratio: telling.perSecond / least.perSecond },
      {
        name: `memory after ${BATCH * 5} and ${BATCH * BATCHES} messages`,
        figures: [mib(early), mib(late)],
        ratio: late / early,
        atMost: 1.25,
      },
    ],
  };
}

async function bare(use) {
  const server = await startServer((port) => [GRAPH, String(port)]);
  try {
    return await use(server, requestsTo("1"));
  } finally {
    await end(server.child);
  }
}

/** Starts an emulator, has `use(server, requests)` measure it, and ends it. */
async function emulating(scratch, flags, use) {
  const folder = mkdtempSync(join(scratch, "emulate-"));
  const output = openSync(join(folder, "output"), "w");
  const args = ["emulate", "--quiet", "--json", "--no-limits", "--save-env", "settings", ...flags];
  try {
    const server = await startServer((port) => [WA_HOOK, ...args, "--port", String(port)], {
      cwd: folder,
      stdio: ["ignore", output, "inherit"],
    });
    const settings = await settingsIn(join(folder, "settings"));
    try {
      return await use(server, requestsTo(settings.WHATSAPP_PHONE_NUMBER_ID, settings.WHATSAPP_ACCESS_TOKEN));
    } finally {
      await end(server.child);
    }
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** They are written just after the port is open. */
async function settingsIn(file) {
  while (!existsSync(file)) await sleep(10);
  return parseEnv(readFileSync(file, "utf8"));
}

/** The same with an app that takes the webhooks. */
async function delivering(scratch, use) {
  const app = await startServer((port) => [BARE, String(port)]);
  try {
    return await emulating(scratch, ["--webhook", String(app.port)], use);
  } finally {
    await end(app.child);
  }
}

async function measure({ child, port }, requests) {
  await loadFor(1, port, requests, CONNECTIONS);
  const before = cpuTime(child);
  const figures = await loadFor(1, port, requests, CONNECTIONS);
  return { ...figures, cpu: (cpuTime(child) - before) / figures.answered };
}

/** What the process holds after each batch, in MiB: the medians of the early and of the late ones. */
async function grow({ child, port }, requests) {
  const held = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    await load(port, requests(BATCH), CONNECTIONS);
    held.push(memory(child));
  }
  const middle = (values) => values.toSorted((a, b) => a - b)[1];
  return { early: middle(held.slice(3, 6)), late: middle(held.slice(-3)) };
}

function requestsTo(phoneNumberId, token = "none") {
  const body = JSON.stringify({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: "+16505551234",
    type: "text",
    text: { body: "Your parcel is at the shop." },
  });
  const head = [
    `POST /v25.0/${phoneNumberId}/messages HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const request = Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
  return (count) => Array.from({ length: count }, () => request);
}
