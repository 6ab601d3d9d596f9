/** The commands about recorded deliveries, as people use them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Received } from "../../src/store/store.ts";
import { columnsOf } from "../../src/terminal/paint.ts";
import { serve, wireOf } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { receivedBody, receivedValue, statusItem, textItem } from "../support/received.ts";
import { transcript, wordsOf } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const golden = (name: string) => `../transcripts/${name}.txt`;
const env = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
/** What the clock of a test world shows. */
const NOW = 1_785_500_000_000;
const HOUR = 3_600_000;
const APP = "http://localhost:3000/webhook";

/** A store with these deliveries, as the commands find it in its folder. */
async function recorded(...deliveries: Received[]): Promise<string> {
  const cwd = temporaryFolder();
  const store = await openStore(join(cwd, "events.db"));
  for (const delivery of deliveries) await store.record(delivery);
  await store.close();
  return cwd;
}

const text = (id: string, body = "Hello", more: Partial<Received> = {}) =>
  receivedValue(
    { messages: [textItem(id, body)], contacts: [{ wa_id: "16505551234", profile: { name: "Sheena" } }] },
    { receivedAt: NOW, ...more },
  );
const status = (word: string, id: string, more: object = {}) =>
  receivedValue({ statuses: [statusItem(word, id, more)] }, { receivedAt: NOW });

async function json(line: string, cwd: string, stdin = ""): Promise<Record<string, unknown>[]> {
  const world = testWorld({ cwd, env, stdin });
  expect([line, await main(wordsOf(`${line} --store events.db --json`), world), world.stderr.text]).toEqual([
    line,
    0,
    "",
  ]);
  return world.stdout.text
    .split("\n")
    .filter((each) => each !== "")
    .map((each) => JSON.parse(each) as Record<string, unknown>);
}

const ids = async (line: string, cwd: string) => (await json(line, cwd)).map(({ id }) => id);

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
    ...["curl", "-X", "POST", app.url, "-H", `X-Hub-Signature-256: ${signature}`, "-H", "X-Team: it's blue"],
    ...["--data-binary", body.toString()],
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
  const terminal = await listenInBackground(`--forward-to ${app.url} --store events.db`, { cwd, env });
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

async function conversation(): Promise<string> {
  const at = (seconds: number) => ({ timestamp: String(1_785_499_200 + seconds) });
  const reaction = { from: "16505551234", id: "wamid.4", type: "reaction", reaction: { message_id: "x", emoji: "👍" } };
  const echo = { from: "15550783881", to: "16505551234", id: "wamid.echo", type: "text", text: { body: "Until six" } };
  const errors = [{ code: 131_047, title: "Re-engagement message" }];
  return recorded(
    text("wamid.1", "Hello\nare you open? This is a longer question that needs more than a single line in a bubble"),
    status("read", "wamid.out1", at(20)),
    status("sent", "wamid.out1", at(10)),
    status("delivered", "wamid.echo", at(30)),
    receivedValue({ messages: [{ ...reaction, ...at(40) }] }),
    status("failed", "wamid.out2", { ...at(50), errors }),
    text("wamid.other", "From another", {}),
    receivedValue({ messages: [textItem("wamid.5", "Not this one", "16505555678")] }),
    receivedBody(
      Buffer.from(
        JSON.stringify({
          object: "whatsapp_business_account",
          entry: [
            {
              id: "1",
              changes: [{ field: "smb_message_echoes", value: { message_echoes: [{ ...echo, ...at(25) }] } }],
            },
          ],
        }),
      ),
    ),
    text("wamid.1", "A duplicate"),
    text("wamid.forged", "Forged", { reason: "signature mismatch" }),
  );
}

test("events conversation shows both directions in the order of time, with ticks", async () => {
  const cwd = await conversation();
  const show = (flags: string) => transcript(`events conversation ${flags} --store events.db`, { cwd, env });
  const seen = [await show(""), await show("+16505551234"), await show("+4915199999999")];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-conversation"));
  const messages = (await json("events conversation 16505551234", cwd)).filter(({ type }) => type === "message");
  expect(messages.map(({ id, outgoing, state }) => [id, outgoing, state])).toEqual([
    ["wamid.1", false, undefined],
    ["wamid.other", false, undefined],
    ["wamid.out1", true, "read"],
    ["wamid.echo", true, "delivered"],
    ["wamid.4", false, undefined],
    ["wamid.out2", true, "failed"],
  ]);
});

test.each([40, 80, 120])("a conversation fits a terminal of %i columns", async (width) => {
  const cwd = await recorded(
    text("wamid.1", `長い文 🎉 ${"abc".repeat(50)}`),
    text("wamid.2", "x"),
    status("read", "wamid.3"),
  );
  const world = testWorld({ cwd, env, tty: true });
  Object.assign(world.stdout, { columns: width });
  expect(await main(wordsOf("events conversation 16505551234 --store events.db"), world)).toBe(0);
  const lines = world.stdout.text.replaceAll(/\u001b\[[\d;]*m/g, "").split("\n");
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
});

test("in a terminal, a customer is chosen", async () => {
  const cwd = await conversation();
  const asked: string[] = [];
  const ask = {
    choose: <Value>(_: string, choices: readonly { name: string; value: Value }[]) => {
      for (const { name } of choices) asked.push(name);
      return Promise.resolve(choices[1]?.value as Value);
    },
  };
  const world = { ...testWorld({ cwd, env }), ask: ask as never, keys: { read: () => ({ [Symbol.dispose]() {} }) } };
  expect(await main(wordsOf("events conversation --store events.db"), world)).toBe(0);
  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain("+1 650 555 1234");
  expect(world.stdout.text).toContain("Not this one");
});

test("events diff names what was added, removed and changed, and whether the bytes differ", async () => {
  const cwd = await recorded(
    receivedBody(Buffer.from('{"a":1,"b":[1,2],"c":{"d":"x"}}'), {
      headers: [
        ["X-A", "1"],
        ["X-B", "2"],
      ],
    }),
    receivedBody(Buffer.from('{"a":1,"b":[1],"c":{"d":"y"},"e e":null}'), {
      headers: [
        ["x-a", "1"],
        ["X-C", "3"],
      ],
    }),
    receivedBody(Buffer.from('{ "a":1,"b":[1,2],"c":{"d":"x"}}'), {
      headers: [
        ["X-A", "1"],
        ["X-B", "2"],
      ],
    }),
    receivedBody(Buffer.from("not JSON"), { headers: [] }),
  );
  const diff = (flags: string) => transcript(`events diff ${flags} --store events.db`, { cwd, env });
  const seen = [
    await diff("1 2"),
    await diff("1 @3"),
    await diff("1 3 --raw"),
    await diff("1 1 --raw"),
    await diff("3 last"),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-diff"));
});

test("what was exported is imported byte for byte, once", async () => {
  const cwd = await recorded(
    receivedBody(wireOf("text.emoji"), { receivedAt: 5, headers: [["X-A", "1"]] }),
    receivedBody(Buffer.from([255, 0, 10]), { receivedAt: 6 }),
    text("wamid.1", "No", { reason: "signature mismatch" }),
  );
  const world = testWorld({ cwd, env });
  await main(wordsOf("events export --store events.db"), world);
  const exported = world.stdout.text;
  writeFileSync(join(cwd, "all.ndjson"), exported);
  const load = (flags: string, stdin = "") => transcript(`events import ${flags} --store copy.db`, { cwd, env, stdin });
  const seen = [await load("all.ndjson"), await load("all.ndjson")];
  const again = testWorld({ cwd, env });
  await main(wordsOf("events export --store copy.db"), again);
  expect(again.stdout.text).toBe(exported);
  const damaged = [
    "{}",
    "",
    '{"body_b64":"%"}',
    exported.split("\n")[0]?.replace('"receivedAt":5', '"receivedAt":7'),
    "no JSON",
  ];
  seen.push(
    await load("-", `${damaged.join("\n")}\n{"body_b64":"","receivedAt":1,"headers":[1]}`),
    await load("missing.ndjson"),
  );
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-import"));
  expect(readFileSync(join(cwd, "all.ndjson"), "utf8")).toBe(exported);
});

test("events export has the filters of events list", async () => {
  const cwd = await recorded(text("wamid.1"), status("sent", "wamid.out"), text("wamid.2"));
  expect(await ids("events export --kind text", cwd)).toEqual(["1", "3"]);
  expect(await ids("events export --kind text --limit 1", cwd)).toEqual(["3"]);
});
