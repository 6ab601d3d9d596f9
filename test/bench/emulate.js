// Messages that the emulator takes per second, beside the least that could answer them; and whether 100 000 of them leave its memory flat.
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

import { load } from "./load.js";
import { takeTurns } from "./rounds.js";
import { BARE, end, memory, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";

const GRAPH = fileURLToPath(new URL("receivers/graph.js", import.meta.url));
const ROUNDS = 3;
const CONNECTIONS = 32;
const WARM_UP = 5000;
const MEASURED = 20_000;
const BATCH = 10_000;
const BATCHES = 10;

export async function emulate(scratch) {
  const { least, silent, telling } = await takeTurns(ROUNDS, {
    least: () => bare(),
    silent: () => emulating(scratch, [], measure),
    telling: () => delivering(scratch, measure),
  });
  const { early, late } = await delivering(scratch, grow);
  const row = (name, { perSecond, p50, p99 }) => ({ name, figures: [rate(perSecond), ms(p50), ms(p99)] });
  const mib = (value) => `${Math.round(value)} MiB`;
  return {
    title: `emulate, ${CONNECTIONS} connections, median of ${ROUNDS}`,
    headings: ["messages", "p50", "p99"],
    rows: [
      row("node:http, only answers", least),
      row("wa-hook emulate", silent),
      { name: "  beside node:http", figures: [], ratio: silent.perSecond / least.perSecond },
      row("wa-hook emulate, delivering statuses", telling),
      { name: "  beside node:http", figures: [], ratio: telling.perSecond / least.perSecond },
      {
        name: `memory after ${BATCH * 3} and ${BATCH * BATCHES} messages`,
        figures: [mib(early), mib(late)],
        ratio: late / early,
        atMost: 1.25,
      },
    ],
  };
}

async function bare() {
  const server = await startServer((port) => [GRAPH, String(port)]);
  try {
    return await measure(server, requestsTo("1"));
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

async function measure({ port }, requests) {
  await load(port, requests(WARM_UP), CONNECTIONS);
  return load(port, requests(MEASURED), CONNECTIONS);
}

/** What the process holds after each batch, in MiB: the medians of the early and of the late ones. */
async function grow({ child, port }, requests) {
  const held = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    await load(port, requests(BATCH), CONNECTIONS);
    held.push(memory(child));
  }
  const middle = (values) => values.toSorted((a, b) => a - b)[1];
  return { early: middle(held.slice(1, 4)), late: middle(held.slice(-3)) };
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
