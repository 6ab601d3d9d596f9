/** The commands about recorded deliveries, as people use them. */
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { serve, wireOf } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { receivedBody, receivedValue } from "../support/received.ts";
import { APP, env, HOUR, ids, json, NOW, recorded, status, text } from "../support/recorded.ts";
import { transcript, wordsOf } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const golden = (name: string) => `../transcripts/${name}.txt`;

test("events list filters by kind, person, time, status and text, and ends with the count", async () => {
  const image = { from: "16505555678", id: "wamid.image", timestamp: "1785499200", type: "image" };
  const cwd = await recorded(
    text("wamid.1", "Do you have hinges?", { receivedAt: NOW - 3 * HOUR }),
    receivedValue(
      { messages: [{ ...image, image: { id: "1", mime_type: "image/jpeg" } }] },
      { receivedAt: NOW - HOUR },
    ),
    status("delivered", "wamid.out"),
    text("wamid.1", "Do you have hinges?"),
    text("wamid.2", "Thanks", { reason: "signature mismatch", forwardTo: [APP] }),
    text("wamid.3", "Bye", { forwardTo: [APP] }),
  );
  expect(await ids("events list", cwd)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(await ids("events list --kind text", cwd)).toEqual(["1", "4", "6"]);
  expect(await ids("events list --kind image,delivered", cwd)).toEqual(["2", "3"]);
  expect(await ids("events list --kind 'i*'", cwd)).toEqual(["2"]);
  expect(await ids('events list --from "+1 (650) 555-1234"', cwd)).toEqual(["1", "4", "6"]);
  expect(await ids("events list --to 16505551234", cwd)).toEqual(["3"]);
  expect(await ids("events list --since 2h", cwd)).toEqual(["2", "3", "4", "5", "6"]);
  expect(await ids("events list --since 4h --until 30m", cwd)).toEqual(["1", "2"]);
  expect(await ids("events list --until 2026-07-31", cwd)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(await ids("events list --since 2026-07-31T12:10Z", cwd)).toEqual(["3", "4", "5", "6"]);
  expect(await ids("events list --status duplicate", cwd)).toEqual(["4"]);
  expect(await ids("events list --status rejected", cwd)).toEqual(["5"]);
  expect(await ids("events list --status pending", cwd)).toEqual(["6"]);
  expect(await ids("events list --search HINGES", cwd)).toEqual(["1", "4"]);
  expect(await ids("events list --search wamid.3 --kind text --status accepted", cwd)).toEqual(["6"]);
  expect(await ids("events list --kind text --limit 2", cwd)).toEqual(["4", "6"]);
  const list = (flags: string) => transcript(`events list --store events.db ${flags}`.trim(), { cwd, env });
  const seen = [await list(""), await list("--limit 2"), await list("--kind audio"), await list("--since yesterday")];
  seen.push(await list("--kind txt"), await list("--from 1 --to 2"), await list("--status odd"));
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-list"));
});

test("a day means all of it, in local time", async () => {
  const at = new Date(2026, 6, 31).getTime();
  const cwd = await recorded(
    ...[at - 1, at, at + 24 * HOUR - 1, at + 24 * HOUR].map((receivedAt, n) =>
      text(`wamid.${n}`, "Hello", { receivedAt }),
    ),
  );
  expect(await ids("events list --since 2026-07-31 --until 2026-07-31", cwd)).toEqual(["2", "3"]);
});

test("events list -f prints new deliveries that match until Ctrl-C", async () => {
  const cwd = await recorded(text("wamid.1"));
  const world = testWorld({ cwd, env });
  const exit = main(wordsOf("events list -f --kind text --store events.db"), world);
  await world.stdout.until("Hello");
  const store = await openStore(join(cwd, "events.db"));
  onTestFinished(() => store.close());
  await store.record(status("sent", "wamid.out"));
  await store.record(text("wamid.2", "How are you?"));
  await world.stdout.until("How are you?");
  await store.record(text("wamid.3", "Bye"));
  await world.stdout.until("Bye");
  world.stop();
  expect(await exit).toBe(0);
  expect(world.stdout.text.match(/ text /g)).toHaveLength(3);
  expect(world.stdout.text).not.toContain("sent");
});

test("events show prints numbers and escapes as they are meant, and each forward", async () => {
  const body = Buffer.from('{"a":12345678901234567890,"b":["caf\\u00e9",{}],"c":"image\\/jpeg","d":[],"e":null}');
  const cwd = await recorded(
    receivedBody(body, { receivedAt: NOW, headers: [["X-A", "1"]], forwardTo: [APP, `${APP}2`] }),
  );
  const store = await openStore(join(cwd, "events.db"));
  await store.settle({ id: "1", state: "failed", attempts: 10, at: NOW, status: 500, ms: 12, response: "oops" });
  await store.settle({ id: "2", state: "pending", attempts: 1, at: NOW, ms: 3, nextAt: NOW + 1000 });
  await store.close();
  const seen = await transcript("events show last --store events.db", { cwd, env });
  await expect(seen).toMatchFileSnapshot(golden("events-show"));
  const [shown] = await json("events show @1", cwd);
  expect(shown).toMatchObject({ id: "1", forwards: [{ state: "failed", status: 500 }, { state: "pending" }] });
});

test("events show --raw writes exactly the bytes, also those that are no text", async () => {
  const body = Buffer.from([0, 255, 10, 13, 195, 40, 127, 27]);
  const cwd = await recorded(receivedBody(body));
  const piped = testWorld({ cwd, env });
  expect(await main(["events", "show", "1", "--raw", "--store", "events.db"], piped)).toBe(0);
  expect(Buffer.from(piped.stdout.text, "latin1")).toEqual(body);
  const terminal = testWorld({ cwd, env, tty: true });
  await main(["events", "show", "1", "--raw", "--store", "events.db"], terminal);
  expect(terminal.stdout.text).not.toContain("\u001b");
});

test("the command of events show --curl sends the same bytes and signature", async () => {
  const received: { body: string; signature: unknown; team: unknown }[] = [];
  const app = await serve((request, response) => {
    const { "x-hub-signature-256": signature, "x-team": team } = request.headers;
    void buffer(request).then((body) => {
      received.push({ body: body.toString(), signature, team });
      response.end();
    });
  });
  const body = Buffer.from(`{"text":"it's $HOME \\"quoted\\""}`);
  const signature = "sha256=test";
  const cwd = await recorded(
    receivedBody(body, {
      headers: [
        ["Host", "example.com"],
        ["X-Hub-Signature-256", signature],
        ["X-Team", "it's blue"],
        ["Cookie", "secret"],
      ],
      forwardTo: [app.url],
    }),
    receivedBody(Buffer.from("caf\u00e9\n"), { headers: [] }),
  );
  const [shown] = await json("events show 1 --curl", cwd);
  const command = shown?.["curl"] as string;
  expect(command).not.toMatch(/Cookie|Host:|redacted/);
  expect(argumentsOf(command)).toEqual([
    "curl",
    "-X",
    "POST",
    app.url,
    "-H",
    `X-Hub-Signature-256: ${signature}`,
    "-H",
    "X-Team: it's blue",
    "--data-binary",
    body.toString(),
  ]);
  const [binary] = await json("events show 2 --curl --to 3000", cwd);
  expect(binary?.["curl"]).toBe(`wa-hook events show 2 --raw | curl -X POST ${APP} \\\n  --data-binary @-`);
});

/** As a POSIX shell splits it. */
function argumentsOf(command: string): string[] {
  const words = command.replaceAll("\\\n", " ").matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g);
  return [...words].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, (_, quoted?: string, one?: string) => quoted ?? one ?? ""),
  );
}

test("events retry has a running listener forward what failed", async () => {
  const cwd = temporaryFolder();
  let status = 500;
  const bodies: string[] = [];
  const app = await serve((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body.toString());
      response.writeHead(status).end();
    });
  });
  const store = await openStore(join(cwd, "events.db"));
  const { forwards } = await store.record(receivedBody(wireOf("text"), { forwardTo: [app.url] }));
  await store.settle({ id: forwards[0] ?? "", state: "failed", attempts: 10 });
  await store.record(text("wamid.rejected", "No", { reason: "signature mismatch" }));
  await store.record(text("wamid.other", "Hello"));
  await store.close();
  const terminal = await listenInBackground(`--forward-to ${app.url} --store events.db --keep 36500d`, { cwd, env });
  status = 200;
  const retry = (flags: string) => transcript(`events retry ${flags} --store events.db`, { cwd, env });
  const seen = [await retry("--failed")];
  await terminal.shows(/→ .*\b200\b/);
  await terminal.stop();
  expect(bodies).toEqual([wireOf("text").toString()]);
  seen.push(await retry("--failed"), await retry("2"), await retry("3"), await retry("3 --to 3000"), await retry(""));
  seen.push(await retry("--all --kind text --to 3000"), await retry("1 --all"), await retry("1 --kind text"));
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-retry"));
});
