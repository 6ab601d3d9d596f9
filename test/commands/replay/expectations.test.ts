/** `wa-hook replay` with expectations: what an app responds, and what it sends to customers. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { beforeEach, describe, expect, test } from "vitest";

import { jsonSchema } from "../../../src/replay/expectations/schema.ts";
import { fixture } from "../../../src/webhook/fixtures.ts";
import { freePort, serve } from "../../support/http.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

const BOT = readFileSync(resolve("test/apps/sample-bot.js"), "utf8");
const env = { PATH: process.env["PATH"] ?? "", WHATSAPP_APP_SECRET: "test-app-secret" };
const START = `--start "node bot.mjs" --emulate`;

let cwd = "";
beforeEach(() => {
  cwd = temporaryFolder();
});

/** Runs the sample bot, changed, and `wa-hook replay` with it. */
async function withBot(line: string, change: (source: string) => string = (source) => source): Promise<string> {
  writeFileSync(join(cwd, "bot.mjs"), change(BOT));
  return transcript(`replay ${line} ${START} --to ${await freePort()}`, { cwd, env });
}

function save(file: string, content: object): void {
  writeFileSync(join(cwd, file), JSON.stringify(content));
}

const RIGHT = {
  defaults: { maxLatency: "5s" },
  fixtures: {
    text: {
      body: { equals: "" },
      answers: [{ read: true }, { type: "text", text: { contains: "blue one" }, within: "4s" }],
      nothingElse: true,
    },
    image: { answers: [{ text: { matches: "^Thank you .* image!$" } }] },
    "text.hidden-number": { answers: [{ type: "text" }] },
    "status.*": { nothingElse: true },
  },
};

describe("a bot that --start runs with the emulator", () => {
  test("passes when it sends what is expected", async () => {
    save("expectations.json", RIGHT);
    const seen = await withBot("text image status.read --expectations expectations.json");
    expect(seen).toMatch(/3 passed.*exit 0/s);
    expect(seen).toContain("no delivery in this run for text.hidden-number");
  });

  test.each([
    [
      "says something else",
      "You wrote: ${text.body}",
      "Hello",
      'Answer 2: a read receipt, a text "Hello", expected a text that',
    ],
    [
      "replies twice",
      "await send(number, { ...to,",
      "for (const _ of 'ab') await send(number, { ...to,",
      "Nothing else: a text",
    ],
    [
      "does not mark as read",
      'await send(number, { status: "read", message_id: id });',
      "",
      "expected a read receipt within 1 s",
    ],
    [
      "sends what the Graph API rejects",
      "{ body: reply }",
      "{ body: '' }",
      "Answer 2: a request that was rejected: (#100)",
    ],
    ["rejects the delivery", "!isSigned(", "isSigned(", "Status: 401, expected 200"],
  ])("fails when it %s, and the reason is named", async (_, from, to, reason) => {
    save("expectations.json", { fixtures: { text: { ...RIGHT.fixtures.text, within: "1s" } } });
    const seen = await withBot("text --expectations expectations.json", (source) => source.replace(from, () => to));
    expect(seen).toMatch(/1 failed.*exit 1/s);
    expect(seen.replaceAll(/\n +/g, " ")).toContain(reason.replaceAll(/\b\d s\b/g, "N ms"));
  });

  test("that replies late to one delivery does not fail the next one", async () => {
    save("expectations.json", { fixtures: { "status.read": { nothingElse: true } } });
    const seen = await withBot("text status.read --expectations expectations.json", (source) =>
      source.replace(
        "await send(number, { ...to,",
        "await new Promise((done) => setTimeout(done, 150));\n  await send(number, { ...to,",
      ),
    );
    expect(seen).toMatch(/2 passed.*exit 0/s);
  });

  test("is recorded, and what was recorded passes, also with a customer for each delivery", async () => {
    save("recorded.json", { fixtures: { own: { status: "4xx" } } });
    const line = "text image text.user-id status.read account_update --own-customers";
    expect(await withBot(`${line} --record recorded.json`)).toMatch(
      /Recorded what the app does with 5 deliveries.*exit 0/s,
    );
    const recorded = JSON.parse(readFileSync(join(cwd, "recorded.json"), "utf8")) as { fixtures: object };
    expect(recorded.fixtures).toMatchObject({
      own: { status: "4xx" },
      text: {
        answers: [{ read: true }, { type: "text", text: { equals: "You wrote: Is the blue one still in stock?" } }],
        nothingElse: true,
      },
      "status.read": { answers: [], nothingElse: true },
    });
    expect(await withBot(`${line} --expectations recorded.json`)).toMatch(/5 passed.*exit 0/s);
    const changed = await withBot("text --expectations recorded.json", (source) => source.replace("You wrote", "Echo"));
    expect(changed).toMatch(/1 failed.*exit 1/s);
  });

  test("that ends during the run is reported with what it printed last", async () => {
    const seen = await withBot("text image --timeout 2s", (source) =>
      source.replace("response.end();", "console.error('out of paper'); process.exit(3);"),
    );
    expect(seen).toContain("The app ended with exit code 3 during the run");
    expect(seen).toContain("out of paper");
  });
});

describe("an expectation", () => {
  const app = () =>
    serve((request, response) => void request.resume().on("end", () => response.writeHead(202).end("taken")));

  test("beside a file counts for that file, before the expectations of a pattern", async () => {
    const { url } = await app();
    save("order.json", fixture("order").payload);
    save("other.json", fixture("text").payload);
    save("order.expect.json", { status: "202", body: { equals: "taken" } });
    save("expectations.json", { fixtures: { "*.json": { status: "200" }, "other.*": { status: "2xx" } } });
    const seen = await transcript(`replay order.json other.json --expectations expectations.json --to ${url}`, {
      cwd,
      env,
    });
    expect(seen).toMatch(/2 passed.*exit 0/s);
    save("order.expect.json", { status: "202", body: { equals: "nothing" } });
    const folder = await transcript(`replay . --raw --to ${url}`, { cwd, env });
    expect(folder).toContain('Response body: "taken", expected a body that is "nothing"');
    expect(folder).not.toContain("order.expect.json ");
  });

  test.each([
    [
      "an unknown key",
      { fixtures: { text: { answers: [{ text: { contians: "x" } }] } } },
      "fixtures.text.answers[0].text.contians is unknown; did you mean contains?",
    ],
    [
      "a time without a unit",
      { defaults: { maxLatency: "5" }, fixtures: {} },
      "defaults.maxLatency must be a time with a unit",
    ],
    [
      "a number as status",
      { fixtures: { "image.with-caption": { status: 200 } } },
      'fixtures["image.with-caption"].status must be a string',
    ],
    [
      "a status that is none",
      { fixtures: { text: { status: "ok" } } },
      "fixtures.text.status must be a status such as",
    ],
    [
      "an answer of two sorts",
      { fixtures: { text: { answers: [{ read: true, type: "text" }] } } },
      "fixtures.text.answers[0] must be one of",
    ],
    ["an empty text", { fixtures: { text: { body: {} } } }, "fixtures.text.body must have equals, contains or matches"],
    [
      "a pattern that is none",
      { fixtures: { text: { body: { matches: "(" } } } },
      "fixtures.text.body.matches must be a regular expression",
    ],
    ["no fixtures", {}, "fixtures must be an object"],
    ["another sort of JSON", [], "the file must be an object"],
  ])("of %s is refused with its place before anything is sent", async (_, content, message) => {
    save("expectations.json", content);
    const seen = await transcript("replay text --expectations expectations.json --to 1", { cwd, env });
    expect(seen).toContain("exit 2");
    expect(seen.replaceAll(/\n\(stderr\) +/g, " ")).toContain(`expectations.json: ${message}`);
  });

  test("of answers needs the emulator, and flags that contradict each other are refused", async () => {
    save("expectations.json", RIGHT);
    const refused = async (line: string) => {
      const seen = await transcript(`replay text ${line} --to 1`, { cwd, env });
      expect(seen, line).toContain("exit 2");
      return seen;
    };
    expect(await refused("--expectations expectations.json")).toContain("expectations.json: text expects answers");
    expect(await refused("--expect-answer Hello")).toContain("--expect-answer requires --emulate");
    expect(await refused("--record a.json --expect 200")).toContain("--record cannot be combined");
    expect(await refused("--tampered --expectations expectations.json")).toContain("--tampered cannot be combined");
    expect(await refused("--rate 5/s --speed 2")).toContain("--rate and --speed cannot be combined");
    expect(await refused("--expectations missing.json")).toContain("cannot read missing.json: no such file");
    writeFileSync(join(cwd, "broken.json"), "{");
    expect(await refused("--expectations broken.json")).toContain("broken.json is not JSON");
  });

  test("is in the reports", async () => {
    const { url } = await app();
    save("expectations.json", { fixtures: { text: { status: "202", body: { contains: "nothing" } } } });
    const line = `replay text --expectations expectations.json --report junit --to ${url}`;
    expect(await transcript(line, { cwd, env })).toMatch(
      /<failure message="expected a body that contains &quot;nothing&quot;/,
    );
  });
});

test("the JSON schema that is published is that of the program", async () => {
  const schema = `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;
  await expect(schema).toMatchFileSnapshot("../../../schemas/expectations.schema.json");
});

describe("a rate", () => {
  test("is kept over time while the app is slow to respond", async () => {
    const times: number[] = [];
    const slow = await serve((request, response) => {
      times.push(performance.now());
      request.resume();
      setTimeout(() => response.end(), 200);
    });
    expect(await transcript(`replay text --repeat 40 --rate 100/s --to ${slow.url}`, { cwd, env })).toContain(
      "40 passed",
    );
    const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(took).toBeGreaterThan(340);
    expect(took).toBeLessThan(900);
  });
});
