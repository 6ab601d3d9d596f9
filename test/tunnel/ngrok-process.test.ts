/** The ngrok SDK in a process of its own: its output, and whether the process exits. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { rolldown } from "rolldown";
import { expect, test } from "vitest";

import { run, type Program } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";
import { startPeer, TOKEN } from "./open-tunnel.ts";

const opening = (timeoutMs?: number) => `openNgrok({
  port: 9, authtoken: ${JSON.stringify(TOKEN)}, connectUrl: process.env.CONNECT_URL, connectCas: process.env.CONNECT_CAS,
  ...${JSON.stringify({ timeoutMs })},
})`;
const OPEN = opening();
const OPEN_WITHIN_200_MS = opening(200);

interface ProgramEnv {
  CONNECT_URL: string;
  CONNECT_CAS?: string;
}

/** Runs a script that can call `openNgrok`, with or without the SDK installed. */
async function program(text: string, env: ProgramEnv, installed = true): Promise<Program> {
  const folder = temporaryFolder();
  const [entry, file] = [join(folder, "entry.ts"), join(folder, "program.mjs")];
  writeFileSync(entry, `import { openNgrok } from ${JSON.stringify(resolve("src/tunnel/ngrok/ngrok.ts"))};\n${text}`);
  if (installed) symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const bundle = await rolldown({ input: entry, platform: "node", external: ["@ngrok/ngrok"], logLevel: "silent" });
  await bundle.write({ file, codeSplitting: false });
  await bundle.close();
  return run([process.execPath, file], { env: { PATH: process.env["PATH"], ...env } });
}

test("a program that opens and closes a tunnel exits by itself, and the SDK writes nothing", async () => {
  const peer = await startPeer();
  const { exit, stdout, stderr } = await program(`const tunnel = await ${OPEN}; await tunnel.close();`, {
    CONNECT_URL: peer.address,
    CONNECT_CAS: peer.ca,
  });
  expect(await exit).toBe(0);
  expect([stdout.text, stderr.text]).toEqual(["", ""]);
  expect(peer.unbinds.length).toBeGreaterThan(0);
  await expect.poll(() => peer.sessions).toBe(0);
});

test("the SDK writes nothing to stdout when the tunnel disconnects, reconnects and closes", async () => {
  const peer = await startPeer();
  const text = `const tunnel = await ${OPEN};
    process.stderr.write("open\\n");
    for await (const { type } of tunnel.events()) { process.stderr.write(type + "\\n"); if (type === "connected") break; }
    await tunnel.close(); process.exit(0);`;
  const { exit, stdout, stderr } = await program(text, { CONNECT_URL: peer.address, CONNECT_CAS: peer.ca });
  await stderr.until("open\n");
  await peer.outage(() => stderr.until("disconnected\nreconnecting\n"));
  expect(await exit).toBe(0);
  expect([stdout.text, stderr.text]).toEqual(["", "open\ndisconnected\nreconnecting\nconnected\n"]);
});

test("a service that does not respond does not keep a program from exiting", async () => {
  const text = `await ${OPEN_WITHIN_200_MS}.catch((error) => { process.stderr.write(error.code); process.exit(4); });`;
  const outcomes = (["tls", "auth"] as const).map(async (call) => {
    const peer = await startPeer();
    peer.stopResponding(call);
    const { exit, stdout, stderr } = await program(text, { CONNECT_URL: peer.address, CONNECT_CAS: peer.ca });
    return [await exit, stdout.text, stderr.text];
  });
  expect(await Promise.all(outcomes)).toEqual([
    [4, "", "tunnel.timeout"],
    [4, "", "tunnel.timeout"],
  ]);
});

test("a connect that fails because an earlier SDK call hangs is reported as such", async () => {
  const peer = await startPeer();
  peer.stopResponding("auth");
  const text = `for (let times = 0; times < 2; times++) await ${OPEN_WITHIN_200_MS}.catch((error) => process.stderr.write(error.message + "\\n"));
    process.exit(0);`;
  const { exit, stderr } = await program(text, { CONNECT_URL: peer.address, CONNECT_CAS: peer.ca });
  expect(await exit).toBe(0);
  expect(stderr.text.split("\n")).toEqual([
    `the ngrok service at ${peer.address} did not respond within 0.2 s`,
    "an earlier call of the ngrok SDK did not respond within 0.2 s",
    "",
  ]);
});

test("without the SDK installed the error names the other tunnels", async () => {
  const text = `await ${OPEN}.catch(({ name, code, message, hint }) => console.log(JSON.stringify({ name, code, message, hint })));`;
  const { exit, stdout } = await program(text, { CONNECT_URL: "127.0.0.1:9" }, false);
  expect(await exit).toBe(0);
  expect(JSON.parse(stdout.text)).toEqual({
    name: "UnavailableError",
    code: "tunnel.not-loaded",
    message: `the ngrok SDK cannot be loaded on this machine (${process.platform} ${process.arch})`,
    hint: "use --tunnel cloudflared or --public-url <https url>",
  });
});
