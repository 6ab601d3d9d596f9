// How long after an outage of 4 s requests arrive again: with the ngrok SDK alone (about two minutes) and with wa-hook's tunnel.
// Run by hand: node test/bench/tunnel-outage.js
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { rolldown } from "rolldown";

const OUTAGE_MS = 4000;
const folder = mkdtempSync(join(tmpdir(), "wa-hook-bench-"));

/** Bundles the TypeScript sources into one module that Node can load. */
async function load() {
  const [entry, file] = [join(folder, "entry.ts"), join(folder, "bundle.mjs")];
  const exported = ["test/support/ngrok-peer/peer.ts", "src/tunnel/ngrok/ngrok.ts"];
  writeFileSync(entry, exported.map((path) => `export * from ${JSON.stringify(resolve(path))};\n`).join(""));
  writeFileSync(join(folder, "sdk.mjs"), 'export { default } from "@ngrok/ngrok";\n');
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const bundle = await rolldown({ input: entry, platform: "node", external: ["@ngrok/ngrok"], logLevel: "silent" });
  await bundle.write({ file, codeSplitting: false });
  await bundle.close();
  return { ...(await import(file)), sdk: (await import(join(folder, "sdk.mjs"))).default };
}

async function untilReachable(url) {
  const started = performance.now();
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.headers.has("x-app")) return performance.now() - started;
    await sleep(10);
  }
}

async function measure(name, peer, open) {
  await open(peer);
  await untilReachable(peer.publicUrl);
  await peer.outage(() => sleep(OUTAGE_MS));
  const ms = await untilReachable(peer.publicUrl);
  console.log(`${name}: ${(ms / 1000).toFixed(2)} s after the network was back`);
}

const { startNgrokPeer, openNgrok, sdk } = await load();
const app = createServer((request, response) => response.writeHead(200, { "x-app": "bench" }).end());
await new Promise((done) => app.listen(0, "127.0.0.1", done));
const { port } = app.address();

await Promise.all([
  measure("wa-hook's tunnel", await startNgrokPeer(), ({ address, ca }) =>
    openNgrok({ port, authtoken: "fake", connectUrl: address, connectCas: ca }),
  ),
  measure("the SDK alone", await startNgrokPeer(), async ({ address, ca }) => {
    const session = await new sdk.SessionBuilder()
      .authtoken("fake")
      .serverAddr(address)
      .caCert(Buffer.from(ca))
      .connect();
    await session.httpEndpoint().listenAndForward(`http://127.0.0.1:${port}`);
  }),
]);
rmSync(folder, { recursive: true });
process.exit(0);
