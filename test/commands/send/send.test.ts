/** wa-hook send and media against the emulator: the output, and the requests that Meta receives. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { openStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { emulated } from "../../support/emulated.ts";
import { person } from "../../support/pty.ts";
import { receivedValue, statusItem, textItem } from "../../support/received.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const golden = (name: string) => `../../transcripts/send-${name}.txt`;
const TO = "--to +16505551234";
const GROUP = "Y2FwaV9ncm91cDoxMjM0NTY3ODkw";
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

async function lines(emulator: Emulator, commands: readonly string[], cwd = temporaryFolder()): Promise<string> {
  const written: string[] = [];
  for (const line of commands) written.push(await transcript(line, { cwd, env: emulator.env }));
  return written.join("\n");
}

test("every kind of message is sent with the expected request", async () => {
  const emulator = await emulated({ limits: false });
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "photo.png"), PNG);
  writeFileSync(join(cwd, "note.txt"), "a note\n");
  writeFileSync(join(cwd, "flow.json"), JSON.stringify({ type: "interactive", interactive: fixtureOfCatalog }));
  const { id } = await emulator.receive("Hello");
  const seen = await lines(
    emulator,
    [
      `send text "Hello, see https://example.com" --preview-url ${TO}`,
      `send text "Hello" ${TO} --reply-to ${id} --callback-data order-17`,
      `send template hello_world --language en_US ${TO}`,
      `send image photo.png --caption "The hinge" ${TO}`,
      `send image https://example.com/photo.jpg ${TO}`,
      `send document note.txt ${TO}`,
      `send location 52.5163,13.3777 --name Gate --address "Pariser Platz" ${TO}`,
      `send location ${TO} -- -33.8568,151.2153`,
      `send contact "Test Contact" --phone +16505555678 --email contact@example.com --company Example ${TO}`,
      `send reaction 👍 --message ${id} ${TO}`,
      `send reaction --message ${id} ${TO}`,
      `send buttons "Is ten right?" --button yes=Yes --button No --footer "Example Ltd" ${TO}`,
      `send list "Which?" --row "Tea/green=Green|mild" --row Tea/black=Black --row Coffee/mocha=Mocha ${TO}`,
      `send cta-url "Your ticket" https://example.com/t/17 --label Show ${TO}`,
      `send flow "Book a table" --flow 1234567890 --screen START --data '{"day":"Friday"}' ${TO}`,
      `send location-request "Where shall we bring it?" ${TO}`,
      `send json flow.json ${TO}`,
      `send read ${id} --typing`,
      `send text Hello --to US.13491208655302741918`,
      `send product hinge-blue --catalog 194836987003835 --body "It fits your door" --footer "Example Ltd" ${TO}`,
      `send product hinge-blue --catalog 194836987003835 ${TO}`,
      `send product-list "These fit" --catalog 194836987003835 --product Hinges/blue --product Hinges/red --product Screws/4x40 ${TO}`,
      `send catalog "Everything in stock" --thumbnail hinge-blue ${TO}`,
      `send carousel "Our bikes" --card "photo.png|City|Book=https://example.com/city" --card "https://example.com/b.mp4||Book=https://example.com/b" ${TO}`,
      `send carousel "Our bikes" --card "photo.png|City|keep=Keep it|More" --card "photo.png|Cargo|keep=Keep it|More" ${TO}`,
      `send carousel "Parts" --catalog 194836987003835 --product hinge-blue --product hinge-red ${TO}`,
      `send address "Where to?" --value name=Sheena --value in_pin_code=400063 --header "Your parcel" ${TO}`,
      `send order-details "Your bill" --reference order-17 --item Repair=450 --item "Screws, blue=12*0.25" --tax 3 --discount 1.5 --configuration shop ${TO}`,
      `send order-details "Your bill" --reference order-18 --currency BRL --physical --item Repair=450 --shipping 9.9 --payment-link https://example.com/pay ${TO}`,
      `send order-details "Your bill" --reference order-19 --item Repair=450 --payment '[{"type":"upi_intent_link"}]' ${TO}`,
      `send voice-call "Any questions?" --label "Call us" --expires 90s --payload order-17 ${TO}`,
      `send voice-call "Any questions?" ${TO}`,
      `send flow "Book a table" --flow booking --flow-action data_exchange --flow-token table-7 ${TO}`,
      `send flow "Book a table" --flow booking --flow-action navigate ${TO}`,
    ],
    cwd,
  );
  await expect(seen).toMatchFileSnapshot(golden("all"));
  const bodies = emulator.requests.filter(({ path }) => path.endsWith("/messages")).map(({ body }) => body);
  await expect(`${JSON.stringify(bodies, undefined, 2)}\n`).toMatchFileSnapshot(
    "../../transcripts/send-all-requests.json",
  );
});

const fixtureOfCatalog = { type: "catalog_message", body: { text: "All of it" }, action: { name: "catalog_message" } };

test("--dry-run prints the requests without the token, and sends nothing", async () => {
  const emulator = await emulated();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "photo.png"), PNG);
  const seen = await lines(
    emulator,
    [
      `send text "It's 10 o'clock" ${TO} --dry-run`,
      `send image photo.png ${TO} --dry-run`,
      "send read wamid.X --dry-run",
      `send pin wamid.X --days 7 --to ${GROUP} --dry-run`,
      `send pin wamid.X --unpin --to ${GROUP} --dry-run`,
      `send text Hello --to ${GROUP} --dry-run`,
      `send voice-call "Any questions?" --label "Call us now, or later" --expires 60d ${TO} --dry-run`,
    ],
    cwd,
  );
  await expect(seen).toMatchFileSnapshot(golden("dry-run"));
  expect(seen).not.toContain(emulator.account.accessToken);
  expect(emulator.requests).toEqual([]);
});

test("invalid input is refused before anything is sent", async () => {
  const emulator = await emulated();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "empty.png"), "");
  writeFileSync(join(cwd, "really-text.png"), "this is no picture");
  writeFileSync(join(cwd, "large.png"), Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]));
  writeFileSync(join(cwd, "movie.avi"), "RIFF");
  writeFileSync(join(cwd, "list.json"), "[]");
  writeFileSync(join(cwd, "broken.json"), "{");
  const rows = Array.from({ length: 11 }, (_, index) => `--row ${index}`).join(" ");
  const seen = await lines(
    emulator,
    [
      "send text Hello",
      "send text Hello --to 6505551234",
      "send text Hello --to +1650FLOWERS",
      "send text Hello --to +1650555",
      "send text Hello --to +16505559999",
      `send text ${"x".repeat(4097)} ${TO}`.replace("x".repeat(4097), `"${"x".repeat(4097)}"`),
      `send buttons "Which?" --button One --button Two --button Three --button Four ${TO}`,
      `send list "Which?" ${TO}`,
      `send list "Which?" ${rows} ${TO}`,
      `send image missing.png ${TO}`,
      `send image empty.png ${TO}`,
      `send image large.png ${TO}`,
      `send image really-text.png ${TO}`,
      `send image movie.avi ${TO}`,
      `send location nowhere ${TO}`,
      `send reaction 👍 ${TO}`,
      `send reaction 👍 ${TO} --message wamid.HBgLMTY1MDU1NTEyMzQV…`,
      "send read @last",
      `send text Hello ${TO} --to +4915123456789`,
      `send text Hello ${TO} --wait-for 5`,
      `send flow "Book" ${TO}`,
      `send flow "Book" --flow booking --flow-action data_exchange --screen START ${TO}`,
      `send flow "Book" --flow booking --flow-action jump ${TO}`,
      `send flow "Book" --flow booking --data {} ${TO}`,
      `send json list.json ${TO}`,
      `send json broken.json ${TO}`,
      `send json missing.json ${TO}`,
      `send product hinge-blue ${TO}`,
      `send product-list "Which?" --catalog 1948 ${TO}`,
      `send carousel "Which?" --card photo.png ${TO}`,
      `send carousel "Which?" --card "https://example.com/a.png|A|Yes" ${TO}`,
      `send carousel "Which?" --card "https://example.com/a.png|A|Yes" --product a ${TO}`,
      `send carousel "Which?" --product a --product b ${TO}`,
      `send address "Where to?" --country India ${TO}`,
      `send order-details "Your bill" ${TO}`,
      `send order-details "Your bill" --reference a --item Repair ${TO}`,
      `send order-details "Your bill" --reference a --item Repair=1 --payment {} ${TO}`,
      "send pin wamid.A",
      `send pin wamid.A --days 7 ${TO}`,
      `send text Hello ${TO} --wait delivered`,
      "send",
      "send texts Hello",
    ],
    cwd,
  );
  await expect(seen.replaceAll("x".repeat(4097), "xxx…")).toMatchFileSnapshot(golden("bad-input"));
  expect(emulator.requests).toEqual([]);
});

test("missing, malformed and mismatched settings each have their error and hint", async () => {
  const emulator = await emulated();
  const { tokens } = emulator;
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(emulator.env).filter(([name]) => !names.includes(name)));
  const cases: [string, Record<string, string>][] = [
    ["no token", without("WHATSAPP_ACCESS_TOKEN")],
    ["no phone number id", without("WHATSAPP_PHONE_NUMBER_ID")],
    ["a token with a quote in it", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: "“EAAG”" }],
    ["an invalid token", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: "EAAGnotatoken" }],
    ["an expired token", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: tokens.expired }],
    ["a token whose user logged out", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: tokens.loggedOut }],
    ["a token without the permission", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: tokens.noMessagingScope }],
    ["a token of another business", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: tokens.otherBusiness }],
    ["a token of another app", { ...emulator.env, WHATSAPP_ACCESS_TOKEN: tokens.otherApp }],
    ["the secret of another app", { ...emulator.env, WHATSAPP_APP_SECRET: "another-secret" }],
    ["a number instead of its id", { ...emulator.env, WHATSAPP_PHONE_NUMBER_ID: "+1 555 078 3881" }],
    ["another phone number id", { ...emulator.env, WHATSAPP_PHONE_NUMBER_ID: "999999999999999" }],
    ["a refused connection", { ...emulator.env, GRAPH_API_URL: "http://127.0.0.1:1" }],
    ["plain HTTP", { ...emulator.env, GRAPH_API_URL: "http://graph.example.com" }],
    ["an invalid version", { ...emulator.env, GRAPH_API_VERSION: "25" }],
  ];
  const written: string[] = [];
  for (const [name, env] of cases) written.push(`# ${name}\n${await transcript(`send text Hello ${TO}`, { env })}`);
  const seen = written.join("\n");
  await expect(seen).toMatchFileSnapshot(golden("settings"));
  for (const token of Object.values(tokens)) expect(seen).not.toContain(token);
});

test("in a terminal without --to, the recipient is chosen from the allowed numbers", async () => {
  const emulator = await emulated({ account: { allowedNumbers: ["16505551234", "4915123456789"] } });
  const world = testWorld({ env: emulator.env });
  const ask = person([["Recipient", "+49"]], world);
  expect(await main(["send", "text", "Hello"], { ...world, ask })).toBe(0);
  expect(world.stderr.text).toContain("? Recipient\n  +1 650 555 1234\n❯ +49 1512 3456789\n");
  expect(emulator.requests.at(-1)?.body).toMatchObject({ to: "+4915123456789" });
});

test("a Mexican number is sent to its allowed variant, and the hint for a rejected one names the other variant", async () => {
  const emulator = await emulated({ account: { allowedNumbers: ["525512345678"] } });
  const known = await transcript("send text Hello --to +5215512345678", { env: emulator.env });
  const { WHATSAPP_ALLOWED_NUMBERS: _, ...env } = emulator.env;
  const unknown = await transcript("send text Hello --to +5215512345678", { env });
  await expect(`${known}\n${unknown}`).toMatchFileSnapshot(golden("two-forms"));
});

test("--retry repeats a request after a rate limit, and without it the request is sent once", async () => {
  const emulator = await emulated();
  emulator.fail({ code: 131056, times: 1 });
  const seen = await lines(emulator, [`send text Hello ${TO}`]);
  emulator.fail({ code: 131056, times: 1 });
  const retried = await lines(emulator, [`send text Hello ${TO} --retry`]);
  await expect(`${seen}\n${retried}`).toMatchFileSnapshot(golden("retry"));
  expect(emulator.requests.map(({ status }) => status)).toEqual([400, 400, 200]);
});

test("media is uploaded and downloaded unchanged, and existing files are not overwritten", async () => {
  const emulator = await emulated();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "photo.png"), PNG);
  const upload = await transcript("media upload photo.png", { cwd, env: emulator.env });
  const [, id = ""] = /^(\d+)$/m.exec(upload) ?? [];
  const seen = await lines(
    emulator,
    [
      `media get ${id} -o back.png`,
      `media get ${id} -o back.png`,
      `media get ${id}`,
      "media get 1234567890",
      `media get ${id} -o no/where.png`,
      "media upload missing.png",
    ],
    cwd,
  );
  expect(readFileSync(join(cwd, "back.png"))).toEqual(PNG);
  expect(readFileSync(join(cwd, `${id}.png`))).toEqual(PNG);
  expect(statSync(join(cwd, "back.png")).mode & 0o777).toBe(0o600);
  await expect(`${upload}\n${seen}`).toMatchFileSnapshot(golden("media"));
});

/** A folder whose store has a received message and a status. */
async function withRecorded(): Promise<{ cwd: string; received: string; sent: string }> {
  const cwd = temporaryFolder();
  const [received, sent] = ["wamid.RECEIVED", "wamid.SENT"];
  mkdirSync(join(cwd, ".wa-hook"));
  const store = await openStore(join(cwd, ".wa-hook/events.db"));
  await store.record(receivedValue({ messages: [textItem(received)] }));
  await store.record(receivedValue({ statuses: [statusItem("sent", sent)] }));
  await store.close();
  return { cwd, received, sent };
}

test("@last and @2 stand for recorded message IDs", async () => {
  const emulator = await emulated();
  const { cwd, received, sent } = await withRecorded();
  const body = (seen: string) => seen.replaceAll("\\\n", "");
  const quoted = await lines(emulator, [`send text Hello ${TO} --reply-to @last --dry-run`], cwd);
  expect(body(quoted)).toContain(`"context":{"message_id":"${received}"}`);
  const reaction = await lines(emulator, [`send reaction 👍 ${TO} --message @2 --dry-run`], cwd);
  expect(body(reaction)).toContain(`"message_id":"${sent}"`);
  expect(await lines(emulator, ["send read @1 --dry-run"], cwd)).toContain(received);
  expect(await lines(emulator, ["send read @2 --dry-run"], cwd)).toContain("delivery @2 has no message");
});

test("--wait read that ends after delivered does not blame the listener", async () => {
  const emulator = await emulated();
  const { cwd } = await withRecorded();
  const world = testWorld({ cwd, env: emulator.env });
  const running = main(["send", "text", "Hello", "--to", "+16505551234", "--wait", "read", "--wait-for", "1s"], world);
  const [id] = await world.stdout.until(/wamid\S+/);
  const store = await openStore(join(cwd, ".wa-hook/events.db"));
  await store.record(receivedValue({ statuses: [statusItem("delivered", id)] }));
  await store.close();
  expect(await running).toBe(1);
  expect(world.stderr.text).toContain("status read was not received within 1 s");
  expect(world.stderr.text).toContain("Last status: delivered; missing: read");
  expect(world.stderr.text).toContain("has not opened the chat");
});
