/** What a person sees who got something wrong: a message, one thing to do, the exit code. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import Database from "libsql";
import { expect, test } from "vitest";

import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { listening, serve } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const golden = (name: string) => `../transcripts/bad-${name}.txt`;
const env = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

async function all(cwd: string, ...lines: string[]): Promise<string> {
  const parts: string[] = [];
  for (const line of lines) parts.push(await transcript(line, { cwd, env }));
  return parts.join("\n");
}

test("unknown words on the command line", async () => {
  const lines = [
    "lisen",
    "replay --forwad-to 3000",
    "listen extra",
    "events",
    "events lst",
    "fixtures show",
    "listen --port",
    "replay --expect",
  ];
  await expect(await all(temporaryFolder(), ...lines)).toMatchFileSnapshot(golden("words"));
});

test("values that cannot be", async () => {
  const lines = [
    "listen --port 70000",
    "listen --port http",
    "listen --path webhook",
    "listen --host 192.0.2.1",
    "listen --forward-to ftp://x",
    'listen --header "no colon"',
    "listen --app-secret-file missing.txt",
    "replay --repeat 0",
    "replay --concurrency 1.5",
    "replay --timeout soon",
    "replay --expect 600",
    "replay --escape some",
    "replay --from nobody",
    "replay --to 99999",
    "replay --unsigned --tampered",
    "events list --limit none",
    "completion powershell",
  ];
  await expect(await all(temporaryFolder(), ...lines)).toMatchFileSnapshot(golden("values"));
});

test("fixtures that are not there or cannot be read", async () => {
  const cwd = temporaryFolder();
  const recorded = '{"id":"1","receivedAt":1,"headers":[],"body_b64":"e30=","verdict":"accepted","events":[]}';
  writeFileSync(join(cwd, "broken.json"), '{"object": "whatsapp_business_account", "entry": [');
  writeFileSync(join(cwd, "empty.json"), "");
  writeFileSync(join(cwd, "page.html"), "<html></html>");
  writeFileSync(join(cwd, "cut.ndjson"), `${recorded}\n${recorded.slice(0, 40)}`);
  mkdirSync(join(cwd, "folder"));
  writeFileSync(join(cwd, "folder", "notes.txt"), "no JSON here");
  const lines = [
    "replay imge",
    "replay nothing-like-it",
    "replay ./missing.json",
    "replay broken.json",
    "replay empty.json",
    "replay page.html",
    "replay folder",
    "replay cut.ndjson",
    "replay -",
    "replay @last",
    "fixtures show txt",
    "replay text --set text.boddy=x",
    "replay text --set text.body",
    "replay text --set $.entry[0].nothing=x",
    "replay text --set __proto__.polluted=1",
  ];
  await expect(await all(cwd, ...lines)).toMatchFileSnapshot(golden("fixtures"));
});

test("settings that cannot be read", async () => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, "a-folder"));
  const lines = ["settings --env-file missing.env", "listen --env-file a-folder", "replay --env-file missing.env"];
  await expect(await all(cwd, ...lines)).toMatchFileSnapshot(golden("settings"));
});

test("a store that cannot be used", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "text.db"), "this is no database\n".repeat(300));
  new Database(join(cwd, "other.db")).exec("CREATE TABLE other (a)");
  await (await openStore(join(cwd, "newer.db"))).close();
  new Database(join(cwd, "newer.db")).exec("PRAGMA user_version = 99");
  const lines = [
    "listen --store text.db",
    "listen --store other.db",
    "listen --store newer.db",
    "listen --store no/such/folder.db",
    "events list",
    "events list --store text.db",
    "events show 1",
    "events export --store missing.db",
  ];
  await expect(await all(cwd, ...lines)).toMatchFileSnapshot(golden("store"));
});

test("a port that is taken", async () => {
  const { listener } = await listening();
  const cwd = temporaryFolder();
  const fromFlag = await transcript(`listen --port ${listener.port}`, { cwd, env });
  const fromApp = await transcript("listen", { cwd, env: { ...env, PORT: String(listener.port) } });
  await expect([fromFlag, fromApp].join("\n")).toMatchFileSnapshot(golden("port"));
});

test("an app that is not there, or not well", async () => {
  const cwd = temporaryFolder();
  const hangs = await serve(() => {});
  const resets = await serve((request) => request.socket.destroy());
  const fails = await serve((_, response) => void response.writeHead(500).end("oh no"));
  const redirects = await serve((_, response) => void response.writeHead(308, { location: "/webhook/" }).end());
  const half = await serve((_, response) => {
    response.writeHead(200, { "content-length": 100 }).write("half");
    setImmediate(() => response.destroy());
  });
  const created = await serve((_, response) => void response.writeHead(201).end());
  const text = [
    await transcript("replay text --to http://127.0.0.1:9/webhook", { cwd, env }),
    await transcript("replay text --to http://does-not-exist.invalid/", { cwd, env }),
    await transcript("replay text --to http://127.0.0.1:9/webhook --wait 200ms", { cwd, env }),
    await transcript(`replay text --to ${hangs.url} --timeout 200ms`, { cwd, env }),
    await transcript(`replay text --to ${resets.url}`, { cwd, env }),
    await transcript(`replay text --to ${fails.url}`, { cwd, env }),
    await transcript(`replay text --to ${redirects.url}`, { cwd, env }),
    await transcript(`replay text --to ${half.url}`, { cwd, env }),
    await transcript(`replay text --to ${created.url} --json`, { cwd, env }),
    await transcript(`replay text --to ${created.url} --expect 2xx`, { cwd, env }),
    await transcript(`replay text --to ${created.url} --expect 2xx --max-latency 0ms`, { cwd, env }),
    await transcript(`replay text --to ${created.url} --unsigned`, { cwd, env }),
  ];
  await expect(text.join("\n").replaceAll(/"(ms|p50|p95|max|perSecond)":[\d.]+/g, '"$1":0')).toMatchFileSnapshot(
    golden("apps"),
  );
});
