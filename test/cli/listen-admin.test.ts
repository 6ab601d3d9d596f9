/** Metrics, health, alarms and retention as `wa-hook listen` shows them. */
import { expect, test } from "vitest";

import { alarmLine } from "../../src/commands/listen/view.ts";
import { columnsOf } from "../../src/terminal/paint.ts";
import { freePort, post, serve } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { paintOf } from "../support/printed.ts";
import { temporaryFolder } from "../support/world.ts";

const env = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

async function listening(flags: string, settings = {}) {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground(flags, { cwd, env: { ...env, ...settings } });
  return { ...terminal, url: `http://127.0.0.1:${terminal.port}/webhook` };
}

test("health is on the port that the banner shows, and an alarm is printed once, with what to do", async () => {
  const port = await freePort();
  const terminal = await listening(`--no-page --page-port ${port}`);
  await terminal.shows(`http://127.0.0.1:${port}/health`);
  for (let index = 0; index < 6; index++) await post(terminal.url, "{}", {});
  await terminal.shows("(saved as #6)");
  const health = async () => (await fetch(`http://127.0.0.1:${port}/health`)).json();
  expect(await health()).toMatchObject({ status: "degraded", reasons: [{ code: "alarm.error_rate" }] });
  await terminal.shows("6 of 6 deliveries not acknowledged in 5 minutes (100 %)");
  await health();
  const seen = await terminal.stop();
  expect(seen.match(/! alarm /g)).toHaveLength(1);
  expect(seen).toMatch(/ {2}→ run wa-hook events list/);
});

test("a taken port leads to the next one, which the banner shows", async () => {
  const other = await serve((_, response) => void response.end());
  const terminal = await listening(`--no-page --page-port ${other.port}`);
  await terminal.shows("Ready.");
  const seen = await terminal.stop();
  expect(seen).toMatch(/ Health +http:\/\/127\.0\.0\.1:PORT\/health/);
});

test("the page is on the port of metrics and health, and the banner shows it", async () => {
  const port = await freePort();
  const terminal = await listening(`--admin-port ${port}`);
  await terminal.shows(`Page           http://127.0.0.1:${port}  (also /health and /metrics)`);
  const html = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  expect(html).toContain('<meta name="wa-hook-token" content="');
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
  const state = await (await fetch(`http://127.0.0.1:${port}/api/state`)).json();
  expect(state).toMatchObject({ command: "listen", emulated: false, listener: { store: ".wa-hook/events.db" } });
  await terminal.stop();
});

test("without the page, its API is not served", async () => {
  const port = await freePort();
  const terminal = await listening(`--no-page --page-port ${port}`);
  await terminal.shows("Ready.");
  for (const path of ["/", "/api/state", "/api/deliveries"]) {
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
  }
  await terminal.stop();
});

test("--no-admin serves and shows none", async () => {
  const terminal = await listening("--no-admin");
  await terminal.shows("Ready.");
  expect(await terminal.stop()).not.toMatch(/Health|Page/);
});

test("the banner shows how much is kept, from flags and settings", async () => {
  const terminal = await listening("--keep 36h", { WEBHOOK_KEEP: "7d", WEBHOOK_KEEP_SIZE: "200M" });
  await terminal.shows("Ready.");
  expect(await terminal.stop()).toContain("(kept 36 hours, at most 200 MB)");
});

test.each([40, 80, 120])("the lines of an alarm fit %i columns", (width) => {
  const alarm = {
    type: "alarm",
    at: 0,
    alarm: "duplicates",
    text: "40 of 140 deliveries in 5 minutes are duplicates (29 %)",
    hint: "Meta repeats what it got no 200 for: check whether earlier deliveries were rejected or slow",
  } as const;
  for (const state of ["started", "ended"] as const) {
    const lines = alarmLine({ ...alarm, state }, paintOf(width)).split("\n");
    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
  }
});
