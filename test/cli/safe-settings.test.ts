/** Settings that would do harm are refused before anything is sent: empty secrets, and addresses that come with a folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { emulated } from "../support/emulated.ts";
import { startNgrokPeer } from "../support/ngrok-peer/peer.ts";
import { programEnv, waHook } from "../support/program.ts";
import { hasPty, person, waHookInTerminal } from "../support/pty.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const golden = (name: string) => `../transcripts/safe-settings-${name}.txt`;
const TOKEN = "EAAfaketokenfortests";

function folder(env: string): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, ".env"), env);
  return cwd;
}

describe("an empty secret", () => {
  test("is a usage error that names its source, whatever the command and wherever it comes from", async () => {
    const cwd = folder("WHATSAPP_APP_SECRET=\nWHATSAPP_VERIFY_TOKEN='  '\nNGROK_AUTHTOKEN=\n");
    writeFileSync(join(cwd, "empty.txt"), " \n");
    const set = {
      WHATSAPP_APP_SECRET: "fake-app-secret",
      WHATSAPP_VERIFY_TOKEN: "fake-token",
      NGROK_AUTHTOKEN: "fake",
    };
    const seen = [
      await transcript("listen --app-secret-file empty.txt", { cwd, env: set }),
      await transcript("listen --verify-token-file empty.txt", { cwd, env: set }),
      await transcript("listen", { cwd, env: { ...set, WHATSAPP_APP_SECRET: "" } }),
      await transcript("listen", { cwd, env: { NGROK_AUTHTOKEN: "fake" } }),
      await transcript("listen", { cwd, env: { ...set, WHATSAPP_VERIFY_TOKEN: "\t" } }),
      await transcript("listen", { cwd, env: { ...set, NGROK_AUTHTOKEN: "" } }),
      await transcript("replay text", { cwd, env: { WHATSAPP_APP_SECRET: " " } }),
      await transcript("replay text --app-secret-file empty.txt", { cwd }),
      await transcript("emulate", { cwd }),
      await transcript("send text Hello --to +16505551234", { cwd, env: { WHATSAPP_ACCESS_TOKEN: "" } }),
      await transcript("token", { cwd, env: { WHATSAPP_ACCESS_TOKEN: " " } }),
      await transcript("init --access-token-file empty.txt", { cwd }),
      await transcript("settings", { cwd }),
    ];
    await expect(seen.join("\n")).toMatchFileSnapshot(golden("empty"));
    expect(seen.filter((each) => each.endsWith("exit 2\n"))).toHaveLength(12);
  });

  test("does not hide behind an older name of the same setting", async () => {
    const cwd = folder("APP_SECRET=fake-and-older\n");
    expect(await transcript("listen", { cwd, env: { WHATSAPP_APP_SECRET: "" } })).toContain(
      "WHATSAPP_APP_SECRET in the environment is empty",
    );
  });

  test("in the env file is a finding of doctor, and init asks for it", async () => {
    const emulator = await emulated();
    const cwd = folder(
      Object.entries(emulator.env)
        .map(([name, value]) => `${name}=${name === "WHATSAPP_APP_SECRET" ? "" : value}\n`)
        .join(""),
    );
    expect(await transcript("doctor", { cwd })).toContain("WHATSAPP_APP_SECRET in .env is empty");
    const world = testWorld({ cwd, tty: true });
    const replies = [
      ["App secret", emulator.account.appSecret],
      ["public", "none"],
    ] as const;
    // Whatever it asks after that is not what this is about.
    await main(["init", "--tunnel", "none", "--gitignore"], {
      ...world,
      ask: person(
        [...replies].map((each) => [...each]),
        world,
      ),
    });
    expect(world.stderr.text).toContain("? App secret");
  });

  test.skipIf(!hasPty)("that is typed is asked for again", async () => {
    const cwd = temporaryFolder();
    const env = { PATH: process.env["PATH"], TERM: "xterm", NO_COLOR: "1" };
    const terminal = waHookInTerminal(["listen", "--public-url", "https://hooks.example.com"], { cwd, env });
    await terminal.shows("App secret (App settings");
    terminal.enter("  ", "(spaces)");
    await terminal.shows("Nothing was typed.");
  });
});

describe("an address in the env file of a folder", () => {
  test("gets no secret that comes from elsewhere, unless a flag names it", async () => {
    const cwd = folder("GRAPH_API_URL=https://graph.facebook.com.example.net\n");
    writeFileSync(join(cwd, "token.txt"), TOKEN);
    const id = { WHATSAPP_PHONE_NUMBER_ID: "106540352242922" };
    const env = { WHATSAPP_ACCESS_TOKEN: TOKEN, ...id };
    const seen = [
      await transcript("send text Hello --to +16505551234", { cwd, env }),
      await transcript("send text Hello --to +16505551234 --access-token-file token.txt", { cwd, env: id }),
      await transcript("token exchange", {
        cwd,
        env: { WHATSAPP_APP_SECRET: "fake", WHATSAPP_APP_ID: "123456789012345" },
      }),
      await transcript("init --access-token-file token.txt", { cwd }),
      await transcript("settings", { cwd, env }),
    ];
    await expect(seen.join("\n")).toMatchFileSnapshot(golden("recipient"));
    const flag = "--graph-url https://graph.facebook.com.example.net";
    const dry = await transcript(`send text Hello --to +16505551234 --dry-run ${flag}`, { cwd, env });
    expect(dry).toContain("exit 0");
  });

  test("gets the secrets that stand beside it, and those of elsewhere when it is Meta or this machine", async () => {
    const other = folder(`GRAPH_API_URL=https://graph.example.net\nWHATSAPP_ACCESS_TOKEN=${TOKEN}\n`);
    const line = "send text Hello --to +16505551234 --dry-run --phone-number-id 106540352242922";
    expect(await transcript(line, { cwd: other })).toContain("exit 0");
    for (const url of [
      "https://graph.facebook.com",
      "http://127.0.0.1:4300",
      "http://localhost:4300",
      "http://[::1]:4300",
    ]) {
      const cwd = folder(`GRAPH_API_URL=${url}\n`);
      expect(await transcript(line, { cwd, env: { WHATSAPP_ACCESS_TOKEN: TOKEN } })).toContain("exit 0");
    }
    for (const url of [
      "https://graph.facebook.com@example.net",
      "http://graph.facebook.com",
      "https://facebook.com.example.net",
    ]) {
      const cwd = folder(`GRAPH_API_URL=${url}\n`);
      expect(await transcript(line, { cwd, env: { WHATSAPP_ACCESS_TOKEN: TOKEN } })).toMatch(
        /would send the access token.*exit 2/s,
      );
    }
  });

  test("does not get ngrok's token, wherever that comes from", async () => {
    const host = "tunnel.example.net:443";
    const env = { NGROK_AUTHTOKEN: "fake-authtoken" };
    expect(await transcript("listen", { cwd: folder(`NGROK_CONNECT_URL=${host}\n`), env })).toContain(
      `NGROK_CONNECT_URL in .env would send the ngrok authtoken from the environment to ${host}`,
    );
    expect(await transcript("listen", { cwd: folder("NGROK_CONNECT_CAS=ca.pem\n"), env })).toContain(
      "--ngrok-ca ca.pem",
    );
    const home = temporaryFolder();
    mkdirSync(join(home, ".config/ngrok"), { recursive: true });
    writeFileSync(join(home, ".config/ngrok/ngrok.yml"), "version: 3\nagent:\n  authtoken: fake-authtoken\n");
    const seen = await transcript("listen", { cwd: folder(`NGROK_CONNECT_URL=${host}\n`), env: { HOME: home } });
    expect(seen).toContain("would send the ngrok authtoken from");
    expect(seen).toContain("ngrok.yml");
  });

  test("gives way to the service that a flag names", async () => {
    const peer = await startNgrokPeer();
    onTestFinished(() => peer.close());
    const cwd = folder("NGROK_CONNECT_URL=tunnel.example.net:443\n");
    writeFileSync(join(cwd, "ca.pem"), peer.ca);
    const env = { ...programEnv, NGROK_AUTHTOKEN: "fake-authtoken" };
    const flags = ["--ngrok-url", peer.address, "--ngrok-ca", "ca.pem", "--no-self-check", "--port", "0"];
    const program = waHook(["listen", ...flags], { cwd, env });
    await program.stderr.until("Ready.");
    expect(peer.auths).toHaveLength(1);
    program.process.kill("SIGINT");
    expect(await program.exit).toBe(0);
  });

  test("does not get what is typed into init", async () => {
    const cwd = folder("GRAPH_API_URL=https://graph.example.net\n");
    const world = testWorld({ cwd, tty: true });
    const ask = person(
      [
        ["App ID", "123456789012345"],
        ["App secret", "0123456789abcdef0123456789abcdef"],
      ],
      world,
    );
    expect(await main(["init"], { ...world, ask })).toBe(2);
    // oxlint-disable-next-line no-control-regex -- colors are left out
    expect(world.stderr.text.replaceAll(/\u001b\[[\d;]*m/g, "").replaceAll(/\s+/g, " ")).toContain(
      "send the app secret from your answer to https://graph.example.net",
    );
  });
});
