/** ngrok's SDK in a process of its own: what it writes, and whether the process ends. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { rolldown } from "rolldown";
import { expect, test } from "vitest";

import { run, type Program } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";
import { peered, TOKEN } from "./opening.ts";

const openingWithin = (timeoutMs?: number) => `openNgrok({
  port: 9, authtoken: ${JSON.stringify(TOKEN)}, connectUrl: process.env.CONNECT_URL, connectCas: process.env.CONNECT_CAS,
  ...${JSON.stringify({ timeoutMs })},
})`;
const OPENING = openingWithin();
const IMPATIENT = openingWithin(200);

interface Given {
  CONNECT_URL: string;
  CONNECT_CAS?: string;
}

/** A program with `openNgrok`, in a folder where nothing is installed but what is said. */
async function program(text: string, env: Given, installed = true): Promise<Program> {
  const folder = temporaryFolder();
  const [entry, file] = [join(folder, "entry.ts"), join(folder, "program.mjs")];
  writeFileSync(entry, `import { openNgrok } from ${JSON.stringify(resolve("src/tunnel/ngrok.ts"))};\n${text}`);
  if (installed) symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const bundle = await rolldown({ input: entry, platform: "node", external: ["@ngrok/ngrok"], logLevel: "silent" });
  await bundle.write({ file, codeSplitting: false });
  await bundle.close();
  return run([process.execPath, file], { env: { PATH: process.env["PATH"], ...env } });
}

test("a program that opens and closes a tunnel ends by itself, and the SDK writes nothing", async () => {
  const peer = await peered();
  const { exit, stdout, stderr } = await program(`const tunnel = await ${OPENING}; await tunnel.close();`, {
    CONNECT_URL: peer.address,
    CONNECT_CAS: peer.ca,
  });
  expect(await exit).toBe(0);
  expect([stdout.text, stderr.text]).toEqual(["", ""]);
  expect(peer.unbinds.length).toBeGreaterThan(0);
  await expect.poll(() => peer.sessions).toBe(0);
});

test("a program that loses its tunnel, finds it again and exits leaves nothing behind on stdout", async () => {
  const peer = await peered();
  const text = `const tunnel = await ${OPENING};
    process.stderr.write("open\\n");
    for await (const { type } of tunnel.events()) { process.stderr.write(type + "\\n"); if (type === "up") break; }
    await tunnel.close(); process.exit(0);`;
  const { exit, stdout, stderr } = await program(text, { CONNECT_URL: peer.address, CONNECT_CAS: peer.ca });
  await stderr.until("open\n");
  await peer.outage(() => stderr.until("down\ndown\n"));
  expect(await exit).toBe(0);
  expect([stdout.text, stderr.text]).toEqual(["", "open\ndown\ndown\nup\n"]);
});

test("a service that is silent does not hold up a program that exits", async () => {
  const text = `await ${IMPATIENT}.catch((error) => { process.stderr.write(error.code); process.exit(4); });`;
  const outcomes = (["tls", "auth"] as const).map(async (silence) => {
    const peer = await peered();
    peer.silence(silence);
    const { exit, stdout, stderr } = await program(text, { CONNECT_URL: peer.address, CONNECT_CAS: peer.ca });
    return [await exit, stdout.text, stderr.text];
  });
  expect(await Promise.all(outcomes)).toEqual([
    [4, "", "tunnel.timeout"],
    [4, "", "tunnel.timeout"],
  ]);
});

test("a call of the SDK that hangs is named when the next one has to wait for it", async () => {
  const peer = await peered();
  peer.silence("auth");
  const text = `for (let times = 0; times < 2; times++) await ${IMPATIENT}.catch((error) => process.stderr.write(error.message + "\\n"));
    process.exit(0);`;
  const { exit, stderr } = await program(text, { CONNECT_URL: peer.address, CONNECT_CAS: peer.ca });
  expect(await exit).toBe(0);
  expect(stderr.text.split("\n")).toEqual([
    `ngrok's service at ${peer.address} did not answer within 0.2 s`,
    "an earlier call of ngrok's SDK did not answer within 0.2 s",
    "",
  ]);
});

test("without the SDK's own package the other ways are named", async () => {
  const text = `await ${OPENING}.catch(({ name, code, message, hint }) => console.log(JSON.stringify({ name, code, message, hint })));`;
  const { exit, stdout } = await program(text, { CONNECT_URL: "127.0.0.1:9" }, false);
  expect(await exit).toBe(0);
  expect(JSON.parse(stdout.text)).toEqual({
    name: "UnavailableError",
    code: "tunnel.not-loaded",
    message: `ngrok's SDK cannot be loaded on this machine (${process.platform} ${process.arch})`,
    hint: "use --tunnel cloudflared or --public-url <https url>",
  });
});
