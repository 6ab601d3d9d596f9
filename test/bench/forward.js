// What forwarding adds: from sending a delivery until the app has it, through wa-hook and through forwarders from npm, beside a direct request.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { bodyOf, requests } from "./deliveries.js";
import { load } from "./load.js";
import { takeTurns } from "./rounds.js";
import { cpuTime, end, OTHER, start, startServer, WA_HOOK } from "./servers.js";
import { ms, rate } from "./table.js";

const ROUNDS = 9;
const SECONDS = 60;
const WARM_UP = 300;
/** One after the other. */
const SINGLE = 500;
/** Less than a listener without a store holds for the app. */
const BURST = 3000;
const PATIENCE_MS = 20_000;
const CONNECTIONS = 32;
/** Exact, because the next release may be faster. */
const PEERS = ["http-proxy@1.18.1", "smee-client@5.0.0"];
const HTTP_PROXY = fileURLToPath(new URL("forwarders/http-proxy.js", import.meta.url));
const SMEE = fileURLToPath(new URL("forwarders/smee.js", import.meta.url));

export async function forward(scratch) {
  const peers = installed(scratch);
  const deliveries = requests(WARM_UP + SINGLE + BURST);
  const app = await startApp();
  const listen = (program, ...flags) => listening(scratch, app, [program, ...flags], deliveries);
  const measured = await takeTurns(
    ROUNDS,
    {
      direct: () => measure(app, { port: app.port }, deliveries),
      ...(peers === undefined
        ? {}
        : {
            proxy: () => proxying(peers, app, deliveries),
            smee: () => streaming(peers, app),
          }),
      recorded: () => listen(WA_HOOK),
      ...(OTHER === undefined ? {} : { other: () => listen(OTHER) }),
      unrecorded: () => listen(WA_HOOK, "--no-record"),
    },
    { seconds: SECONDS, warm: true },
  ).finally(() => app.server.close());
  const { direct } = measured;
  const added = (name, figures) =>
    figures === undefined
      ? { name, figures: ["not installed"] }
      : {
          name,
          figures: [
            ms(figures.p50 - direct.p50),
            ms(figures.p95 - direct.p95),
            rate(figures.perSecond),
            Number.isNaN(figures.cpu) ? "–" : `${Math.round(figures.cpu)} µs`,
          ],
        };
  const goal = (name, value, most) => ({
    name: `  ${name}, of ${most} ms`,
    figures: [],
    ratio: value / most,
    atMost: 1,
  });
  const { recorded } = measured;
  return {
    title: `forward, ${SINGLE} one by one, ${BURST} at once, medians`,
    headings: ["added p50", "added p95", "at once", "CPU each"],
    rows: [
      { name: "directly to the app", figures: [ms(direct.p50), ms(direct.p95), rate(direct.perSecond), "–"] },
      added(PEERS[0], measured.proxy),
      added(`${PEERS[1]}, source on this machine`, measured.smee),
      added("wa-hook listen --forward-to", recorded),
      goal("added p50", recorded.p50 - direct.p50, 0.35),
      goal("added p95", recorded.p95 - direct.p95, 0.7),
      ...(OTHER === undefined ? [] : [added("the other build", measured.other)]),
      added("wa-hook listen --no-record", measured.unrecorded),
    ],
  };
}

/** A folder with the other forwarders; nothing without the registry. */
function installed(scratch) {
  const folder = join(scratch, "forwarders");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--silent"];
  try {
    execFileSync("npm", ["install", ...flags, ...PEERS], {
      cwd: folder,
      stdio: "ignore",
      shell: process.platform === "win32",
    });
    return folder;
  } catch {
    return undefined;
  }
}

/** `arrival(count)` resolves with the time at which it has got so many more deliveries. */
async function startApp() {
  let [missing, arrived] = [0, () => {}];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.end();
      if (--missing === 0) arrived(performance.now());
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const arrival = (count) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${missing} of ${count} deliveries did not arrive`)),
        PATIENCE_MS,
      );
      missing = count;
      arrived = (at) => {
        clearTimeout(timer);
        resolve(at);
      };
    });
  return { server, port: server.address().port, arrival };
}

async function proxying(peers, app, deliveries) {
  const server = await startServer((port) => [HTTP_PROXY, peers, String(port), `http://127.0.0.1:${app.port}`]);
  return measure(app, server, deliveries);
}

async function listening(scratch, app, [program, ...flags], deliveries) {
  const folder = mkdtempSync(join(scratch, "forward-"));
  const output = openSync(join(folder, "output"), "w");
  const to = `http://127.0.0.1:${app.port}/webhook`;
  const where = flags.length > 0 ? flags : ["--store", join(folder, "events.db")];
  try {
    const argsOf = (port) => [
      program,
      "listen",
      "--quiet",
      "--json",
      "--port",
      String(port),
      "--forward-to",
      to,
      ...where,
    ];
    return await measure(
      app,
      await startServer(argsOf, { cwd: folder, stdio: ["ignore", output, "inherit"] }),
      deliveries,
    );
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

/** Sends to a server that forwards to the app, or to the app itself. */
async function measure(app, { child, port }, deliveries) {
  const socket = connect(port, "127.0.0.1").setNoDelay();
  const one = async (request) => {
    const [arrival, answer] = [app.arrival(1), once(socket, "data")];
    const started = performance.now();
    socket.write(request);
    const [at] = await Promise.all([arrival, answer]);
    return at - started;
  };
  const burst = async (all) => {
    const arrival = app.arrival(all.length);
    const started = performance.now();
    await load(port, all, CONNECTIONS);
    return (await arrival) - started;
  };
  try {
    return await figures(child, { one, burst, deliveries });
  } finally {
    socket.destroy();
    if (child !== undefined) await end(child);
  }
}

async function figures(child, { one, burst, deliveries }) {
  for (const delivery of deliveries.slice(0, WARM_UP)) await one(delivery);
  const times = [];
  for (const delivery of deliveries.slice(WARM_UP, WARM_UP + SINGLE)) times.push(await one(delivery));
  times.sort((a, b) => a - b);
  const cpu = child === undefined ? Number.NaN : cpuTime(child);
  const took = await burst(deliveries.slice(WARM_UP + SINGLE));
  return {
    p50: times[SINGLE * 0.5],
    p95: times[SINGLE * 0.95],
    perSecond: (BURST * 1000) / took,
    cpu: child === undefined ? Number.NaN : (cpuTime(child) - cpu) / BURST,
  };
}

/** The sender is a stream of events, as smee.io has one. */
async function streaming(peers, app) {
  const source = createServer();
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const child = start([
    SMEE,
    peers,
    `http://127.0.0.1:${source.address().port}`,
    `http://127.0.0.1:${app.port}/webhook`,
  ]);
  try {
    const [, stream] = await once(source, "request");
    stream.writeHead(200, { "content-type": "text/event-stream" }).write(": ready\n\n");
    const events = Array.from({ length: WARM_UP + SINGLE + BURST }, (_, index) => eventOf(bodyOf(index)));
    const one = async (event) => {
      const arrival = app.arrival(1);
      const started = performance.now();
      stream.write(event);
      return (await arrival) - started;
    };
    const burst = async (all) => {
      const arrival = app.arrival(all.length);
      const started = performance.now();
      for (const event of all) stream.write(event);
      return (await arrival) - started;
    };
    return await figures(child, { one, burst, deliveries: events });
  } finally {
    source.closeAllConnections();
    source.close();
    await end(child);
  }
}

function eventOf(body) {
  const data = { body: JSON.parse(body.toString("latin1")), "user-agent": "facebookexternalua" };
  return `data: ${JSON.stringify(data)}\n\n`;
}
