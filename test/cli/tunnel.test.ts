/** The built `wa-hook listen` with the real ngrok SDK; a local peer replaces the ngrok service and the emulator replaces Meta. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import { emulated } from "../support/emulated.ts";
import { freePort, listening, VERIFY_TOKEN } from "../support/http.ts";
import { startNgrokPeer, type NgrokPeer } from "../support/ngrok-peer/peer.ts";
import { waHook, type Program } from "../support/program.ts";
import { written, transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/tunnel-${name}.txt`;

interface Stage {
  peer: NgrokPeer;
  emulator: Emulator;
  cwd: string;
  env: Record<string, string>;
}

async function stage(): Promise<Stage> {
  const peer = await startNgrokPeer();
  onTestFinished(() => peer.close());
  const own = await listening({ verifyToken: VERIFY_TOKEN });
  const emulator = await emulated({ webhook: own.listener.url, account: { verifyToken: VERIFY_TOKEN } });
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "ca.pem"), peer.ca);
  const env = {
    NGROK_AUTHTOKEN: "fake-authtoken-for-tests",
    NGROK_CONNECT_URL: peer.address,
    NGROK_CONNECT_CAS: "ca.pem",
    ...emulator.env,
  };
  return { peer, emulator, cwd, env };
}

async function listen({ cwd, env }: Stage, ...flags: string[]): Promise<Program> {
  const program = waHook(["listen", "--port", String(await freePort()), ...flags], { cwd, env });
  await program.stderr.until(/Ready\.|error: /);
  return program;
}

async function stopped(program: Program, flags: string, cwd: string): Promise<string> {
  program.process.kill("SIGINT");
  const code = await program.exit;
  return written(`listen ${flags}`, program.stdout.text, program.stderr.text, Number(code), cwd);
}

test("a tunnel opens, the callback is registered, a message arrives, and Ctrl-C restores the previous callback", async () => {
  const on = await stage();
  const { emulator, peer, cwd } = on;
  const program = await listen(on, "--register", "phone");
  await program.stderr.until("Registered    phone");
  await emulator.receive("Is anybody there?");
  await program.stdout.until("Is anybody there?");
  const seen = await stopped(program, "--register phone", cwd);
  const requests = emulator.requests.map(
    ({ method, path, status, body }) => `${method} ${path} ${status} ${JSON.stringify(body ?? "")}`,
  );
  const text = `${seen}\n# requests to Meta\n${requests.join("\n")}\n`.replaceAll(
    /127\.0\.0\.1:\d+/g,
    "127.0.0.1:PORT",
  );
  await expect(text).toMatchFileSnapshot(golden("register"));
  expect(peer.auths[0]).toMatchObject({ Extra: { UserAgent: expect.stringMatching(/^wa-hook\/\d/) } });
});

test("after a kill the next start restores the callback that was left registered, and opens the tunnel again", async () => {
  const on = await stage();
  const { emulator, cwd } = on;
  const killed = await listen(on, "--register", "phone");
  await killed.stderr.until("Registered    phone");
  killed.process.kill("SIGKILL");
  await killed.exit;
  const left = await transcript("webhook status", { cwd, env: emulator.env });
  const next = await listen(on, "--register", "phone");
  await next.stderr.until("Registered    phone");
  const seen = await stopped(next, "--register phone", cwd);
  const after = await transcript("webhook status", { cwd, env: emulator.env });
  await expect([left, seen, after].join("\n")).toMatchFileSnapshot(golden("killed"));
  expect(left).toMatch(/phone .*receives messages/);
  expect(after).toMatch(/app .*receives messages/);
});

test("while the tunnel is disconnected the listener still accepts local deliveries, and the reconnect is reported", async () => {
  const on = await stage();
  const { emulator, peer, cwd } = on;
  const program = await listen(on, "--register", "phone");
  await program.stderr.until("Registered    phone");
  const port = /Local URL +http:\/\/127\.0\.0\.1:(\d+)/.exec(program.stderr.text)?.[1];
  await peer.outage(async () => {
    await program.stderr.until("is unreachable: connection refused");
    expect(await transcript(`replay text --to ${port}`, { cwd, env: emulator.env })).toContain("1 passed");
  });
  await program.stderr.until("reconnected");
  await emulator.receive("And now?");
  await program.stdout.until("And now?");
  await expect(await stopped(program, "--register phone", cwd)).toMatchFileSnapshot(golden("disconnected"));
});

test.runIf(process.platform === "linux")("the tunnel forwards to the address of the listener", async () => {
  const on = await stage();
  const program = await listen(on, "--host", "127.0.0.2");
  await program.stderr.until(/Self-check/);
  expect(await stopped(program, "--host 127.0.0.2", on.cwd)).toContain("✓ Self-check");
});

test("an ngrok error ends the command when the tunnel was requested, and is a notice otherwise", async () => {
  const on = await stage();
  const { peer, cwd } = on;
  peer.refuse({ auth: "The authtoken you specified is properly formed, but it is invalid. ERR_NGROK_107" });
  const asked = await listen(on, "--tunnel", "ngrok");
  const first = written("listen --tunnel ngrok", asked.stdout.text, asked.stderr.text, Number(await asked.exit), cwd);
  const program = await listen(on);
  await program.stderr.until("Ready.");
  const second = await stopped(program, "", cwd);
  await expect(`${first}\n${second}`).toMatchFileSnapshot(golden("refused"));
});

test("with --json the SDK writes nothing to stdout", async () => {
  const on = await stage();
  const program = waHook(["listen", "--port", "0", "--json"], { cwd: on.cwd, env: on.env });
  await program.stdout.until("self-check");
  on.peer.cut();
  await program.stdout.until('"state":"connected"');
  program.process.kill("SIGINT");
  expect(await program.exit).toBe(0);
  const types = program.stdout.text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types).toContain("tunnel");
  expect(types.at(-1)).toBe("summary");
  expect(program.stderr.text).toBe("");
});
