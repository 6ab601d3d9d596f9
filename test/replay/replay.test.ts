import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as later } from "node:timers/promises";

import { describe, expect, onTestFinished, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { fixture } from "../../src/webhook/fixtures.ts";
import { verify } from "../../src/webhook/signature.ts";
import { encodeWire } from "../../src/webhook/wire.ts";
import { serve } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const SECRET = "test-app-secret";
const env = { WHATSAPP_APP_SECRET: SECRET };

interface Taken {
  body: Buffer;
  headers: NodeJS.Dict<string | string[]>;
  rightly: boolean;
}

/** An app that checks signatures as Meta asks for, and remembers what came. */
async function app(): Promise<{ url: string; port: number; taken: Taken[] }> {
  const taken: Taken[] = [];
  const server = await serve((request, response) => {
    void buffer(request).then((body) => {
      const { headers } = request;
      const rightly = verify(body, headers["x-hub-signature-256"], SECRET);
      taken.push({ body, headers, rightly });
      response.writeHead(rightly ? 200 : 401).end();
    });
  });
  return { ...server, taken };
}

const payloads = (taken: Taken[]) =>
  taken.map(({ body }) => JSON.parse(body.toString()) as ReturnType<typeof fixture>["payload"]);
const firstMessage = (payload: unknown) =>
  (payload as { entry: [{ changes: [{ value: { messages: [Record<string, unknown>] } }] }] }).entry[0].changes[0].value
    .messages[0];

describe("what is sent", () => {
  test("has user ids in place of numbers with --hide-numbers, from fixtures and files, with other edits", async () => {
    const { url, taken } = await app();
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "own.json"), JSON.stringify(fixture("text.older").payload));
    await transcript(`replay text status.read own.json --hide-numbers --fresh --from +4915112345678 --to ${url}`, {
      cwd,
      env,
    });
    expect(taken.map(({ rightly }) => rightly)).toEqual([true, true, true]);
    const text = taken.map(({ body }) => body.toString()).join("");
    expect(text).not.toMatch(/16505551234|4915112345678|"from":|wa_id|recipient_id/);
    const [known, , derived] = payloads(taken);
    expect(firstMessage(known)).toMatchObject({ from_user_id: "US.10020030040050060070" });
    expect(firstMessage(derived)).toMatchObject({ from_user_id: expect.stringMatching(/^DE\.\d{20}$/) as string });
    const wamid = Buffer.from((firstMessage(known)["id"] as string).slice("wamid.".length), "base64").toString(
      "latin1",
    );
    expect(wamid).toContain("US.10020030040050060070");
  });

  test("has Meta's headers and Meta's bytes", async () => {
    const { url, taken } = await app();
    await transcript(`replay text.emoji --to ${url}`, { env });
    expect(taken[0]?.body.equals(encodeWire(fixture("text.emoji").payload))).toBe(true);
    expect(taken[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(taken[0]?.body.length),
      "user-agent": "facebookexternalua",
      accept: "*/*",
      "x-hub-signature": expect.stringMatching(/^sha1=[0-9a-f]{40}$/) as string,
      "x-hub-signature-256": expect.stringMatching(/^sha256=[0-9a-f]{64}$/) as string,
    });
  });

  test("is a file, re-written as Meta writes it and with every number to the digit; or with --raw as it is", async () => {
    const { url, taken } = await app();
    const cwd = temporaryFolder();
    const text = '{ "object": "whatsapp_business_account",\n  "entry": [], "id": 12345678901234567890, "é": "a/b" }\n';
    writeFileSync(join(cwd, "mine.json"), text);
    await transcript(`replay mine.json --to ${url}`, { env, cwd });
    await transcript(`replay mine.json --raw --to ${url}`, { env, cwd });
    await transcript(`replay - --to ${url}`, { env, cwd, stdin: text });
    const wire = String.raw`{"object":"whatsapp_business_account","entry":[],"id":12345678901234567890,"\u00e9":"a\/b"}`;
    expect(taken.map(({ body }) => body.toString())).toEqual([wire, text, wire]);
    expect(taken.every(({ rightly }) => rightly)).toBe(true);
  });

  test("is every delivery of a folder, in the order of their paths", async () => {
    const { url, taken } = await app();
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "story/later"), { recursive: true });
    const save = (path: string, body: object) => writeFileSync(join(cwd, "story", path), JSON.stringify(body));
    save("02.json", { n: 2 });
    save("01.json", { n: 1 });
    save("later/03.json", { n: 3 });
    writeFileSync(join(cwd, "story/README.md"), "not a delivery");
    expect(await transcript(`replay story --to ${url}`, { env, cwd })).toContain("3 passed");
    expect(taken.map(({ body }) => body.toString())).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  });

  test("is not edited by --raw --fresh if it is not JSON, which is an error", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "odd.bin"), "no JSON");
    expect(await transcript("replay odd.bin --raw --fresh", { env, cwd })).toMatch(
      /cannot edit odd\.bin: not JSON.*exit 2/s,
    );
  });

  test("is named by its line when a line of NDJSON is wrong", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "a.ndjson"), '\n{"body_b64":"e30="}\n\n\n{"body_b64":\n');
    expect(await transcript("replay a.ndjson", { env, cwd })).toContain("a.ndjson:5 is not JSON");
    writeFileSync(join(cwd, "b.ndjson"), '{"body_b64":5}\n');
    expect(await transcript("replay b.ndjson", { env, cwd })).toContain("b.ndjson:1 has a body_b64 that is not text");
  });
});

describe("changes", () => {
  test("--set changes a value inside the message or from the root, and keeps its sort", async () => {
    const { url, taken } = await app();
    const set =
      "--set text.body=5 --set timestamp=1 --set $.entry[0].id=99 --set $.entry[0].changes[0].value.contacts[0].profile.name=Test";
    await transcript(`replay text ${set} --to ${url}`, { env });
    await transcript(`replay location --set location.latitude=1.5 --to ${url}`, { env });
    const [text, location] = payloads(taken);
    expect(firstMessage(text)).toMatchObject({ text: { body: "5" }, timestamp: "1" });
    expect(text?.entry[0]?.id).toBe("99");
    expect(JSON.stringify(text)).toContain('"name":"Test"');
    expect(firstMessage(location)).toMatchObject({ location: { latitude: 1.5 } });
  });

  test("--set is used where the path is, and it is enough when one delivery has it", async () => {
    const { url, taken } = await app();
    expect(
      await transcript(`replay text image account_update --set text.body=x --set event=Y --to ${url}`, { env }),
    ).toContain("3 passed");
    expect(firstMessage(payloads(taken)[0])).toMatchObject({ text: { body: "x" } });
    expect(JSON.stringify(payloads(taken)[2])).toContain('"event":"Y"');
  });

  test("--from writes from another number everywhere", async () => {
    const { url, taken } = await app();
    await transcript(`replay text status.read --from "+49 151 2345678" --to ${url}`, { env });
    const sent = JSON.stringify(payloads(taken));
    expect(sent).toContain('"from":"491512345678"');
    expect(sent).toContain('"wa_id":"491512345678"');
    expect(sent).toContain('"recipient_id":"491512345678"');
    expect(sent).not.toContain("16505551234");
  });

  test("--fresh gives each delivery an id and a time of its own; without it --repeat sends the same", async () => {
    const { url, taken } = await app();
    await transcript(`replay text --repeat 3 --to ${url}`, { env });
    await transcript(`replay text --repeat 3 --fresh --to ${url}`, { env });
    const messages = payloads(taken).map(firstMessage);
    expect(new Set(messages.slice(0, 3).map(({ id }) => id)).size).toBe(1);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(4);
    expect(messages[3]?.["timestamp"]).toBe("1785500000");
    expect(messages.every(({ id }) => String(id).startsWith("wamid."))).toBe(true);
  });
});

describe("faults", () => {
  test.each(["--unsigned", "--wrong-secret", "--tampered"])(
    "%s is right when the app refuses it, and still is a payload",
    async (fault) => {
      const { url, taken } = await app();
      expect(await transcript(`replay ${fault} --to ${url}`, { env })).toMatch(/passed.*exit 0/s);
      expect(taken.some(({ rightly }) => rightly)).toBe(false);
      for (const payload of payloads(taken)) expect(payload.object).toBeTypeOf("string");
    },
  );

  test("an app that accepts everything is reported", async () => {
    const open = await serve((_, response) => void response.end());
    const seen = await transcript(`replay text --unsigned --to ${open.url}`, { env });
    expect(seen).toContain("the app accepts deliveries that Meta did not sign");
    expect(seen).toContain("exit 1");
  });
});

describe("the app", () => {
  test("is waited for", async () => {
    const before = createServer().listen(0, "127.0.0.1");
    await once(before, "listening");
    const { port } = before.address() as AddressInfo;
    await new Promise((resolve) => before.close(resolve));
    const world = testWorld({ env });
    const exit = main(["replay", "text", "--wait", "10s", "--to", `http://127.0.0.1:${port}/webhook`], world);
    await world.stderr.until("Waiting for");
    const server = createServer((_, response) => void response.end()).listen(port, "127.0.0.1");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    expect(await exit).toBe(0);
    expect(world.stdout.text).toContain("1 passed");
  });

  test("that dies at the first delivery is reported once, with any number of deliveries in flight", async () => {
    const server = createServer((request) => {
      request.socket.destroy();
      server.close();
      server.closeAllConnections();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const seen = await transcript(`replay text --repeat 50 --concurrency 8 --to http://127.0.0.1:${port}/webhook`, {
      env,
    });
    expect(seen).toMatch(/closed the connection before the response was complete|connection refused/);
    expect(seen).toMatch(/exit [14]\n/);
    expect(seen).not.toContain("bug");
  });

  test("gets so many deliveries at once, and never more", async () => {
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const slow = await serve((request, response) => {
      most = Math.max(most, ++now);
      waiting.push(() => {
        now--;
        response.end();
      });
      request.resume();
      if (waiting.length === 4) for (const answer of waiting.splice(0)) answer();
    });
    expect(await transcript(`replay text --repeat 20 --concurrency 4 --to ${slow.url}`, { env })).toContain(
      "20 passed",
    );
    expect(most).toBe(4);
  });

  test("fails by --max-latency when it is slow, and by its status before that", async () => {
    const slow = await serve((_, response) => void later(60).then(() => response.end()));
    expect(await transcript(`replay text --max-latency 10ms --to ${slow.url}`, { env })).toMatch(
      /Response time: expected at most.*exit 1/s,
    );
    expect(await transcript(`replay text --max-latency 10s --to ${slow.url}`, { env })).toContain("1 passed");
  });

  test("is named by a port, a path or a URL", async () => {
    const paths: (string | undefined)[] = [];
    const any = await serve((request, response) => {
      paths.push(request.url);
      request.resume();
      response.end();
    });
    for (const to of [
      `${any.port}`,
      `:${any.port}/hook`,
      `127.0.0.1:${any.port}/x?a=1`,
      `http://127.0.0.1:${any.port}`,
      `localhost:${any.port}`,
    ]) {
      expect(await transcript(`replay text --to ${to}`, { env })).toContain("1 passed");
    }
    expect(await transcript("replay text --to /other", { env: { ...env, PORT: String(any.port) } })).toContain(
      "1 passed",
    );
    expect(await transcript("replay text", { env: { ...env, WEBHOOK_PORT: String(any.port) } })).toContain("1 passed");
    expect(paths).toEqual(["/webhook", "/hook", "/x?a=1", "/", "/webhook", "/other", "/webhook"]);
  });
});

test("what wa-hook does not know is sent unchanged, with one warning that names its path; bundled fixtures have none", async () => {
  const { url, taken } = await app();
  const value = { messaging_product: "whatsapp", metadata: {}, messages: [{ id: "wamid.A", type: "hologram" }] };
  const changes = [
    { field: "messages", value },
    { field: "teleports", value: { surprise: 1 } },
  ];
  const payload = { object: "whatsapp_business_account", entry: [{ id: "1", changes }], later: true };
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "new.json"), JSON.stringify(payload));
  const seen = await transcript(`replay new.json new.json --to ${url}`, { cwd, env });
  const [messages, field] = ["new.json entry[0].changes[0].value.messages[0]", "new.json entry[0].changes[1]"];
  expect(seen.match(/not known.*/g)).toHaveLength(1);
  expect(seen).toMatch(/exit 0$/m);
  expect(seen).toMatch(/^\(stderr\) ! .*: not known to wa-hook \d+\.\d+; sent as they are$/m);
  expect(seen).toContain(`! ${messages}, ${field}`);
  expect(taken.map(({ body }) => JSON.parse(body.toString()) as object)).toEqual([payload, payload]);
  expect(await transcript(`replay unknown --to ${url}`, { cwd, env })).not.toContain("not known");
});
