/** Each receiver of the zoo shows its own mistake by direct requests; the right ones show none. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { request, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, test } from "vitest";

import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { signSha1 } from "../../src/webhook/signature.ts";
import { encodeWire } from "../../src/webhook/wire.ts";
import { endApps } from "./start.ts";
import { startGraph, type Graph } from "./zoo/graph.ts";
import { FRAMEWORKS, MISTAKES, receivers, type Mistake, type Receiver } from "./zoo/index.ts";
import { startable, startReceivers } from "./zoo/start.ts";

const SECRETS = { appSecret: "test-app-secret", verifyToken: "test-verify-token" };
const CHALLENGE = "1158201444";
/** So long something is awaited that should come, and something that should not. */
const [COMES, STAYS_AWAY] = [8000, 300];
const shown = new Map<Receiver, string[]>();

const urls = new Map<Receiver, string>();
const graphs = new Map<Receiver, Graph>();

beforeAll(async () => {
  await Promise.all(startable.map(async (receiver) => graphs.set(receiver, await startGraph())));
  const started = await startReceivers(startable, (receiver) => ({
    WHATSAPP_APP_SECRET: SECRETS.appSecret,
    WHATSAPP_VERIFY_TOKEN: SECRETS.verifyToken,
    GRAPH_API_URL: graphs.get(receiver)?.url ?? "",
    WHATSAPP_ACCESS_TOKEN: "test-access-token",
    WHATSAPP_PHONE_NUMBER_ID: "106540352242922",
  }));
  const judge = async ([receiver, url]: [Receiver, string]) => {
    urls.set(receiver, url);
    const { sent, sends } = graphs.get(receiver) as Graph;
    shown.set(receiver, await mistakesOf({ url, sent, sends }, receiver.mistake));
  };
  // Those that take longest come first.
  const waiting = [...started].toSorted(([a], [b]) => Number(b.mistake === "slow") - Number(a.mistake === "slow"));
  const next = async (): Promise<void> => {
    const one = waiting.shift();
    if (one === undefined) return;
    await judge(one);
    return next();
  };
  await Promise.all(Array.from({ length: 12 }, next));
}, 60_000);
afterAll(endApps);

test.each(startable)("$name shows $mistake", (receiver) => {
  expect(shown.get(receiver)).toEqual(receiver.mistake === "none" ? [] : [receiver.mistake]);
});

const right = startable.filter(({ mistake }) => mistake === "none");

test.each(right)("$name marks a message as read and replies to a customer without a number", async (receiver) => {
  const { url = "", ...graph } = { ...graphs.get(receiver), url: urls.get(receiver) };
  const { signed } = probed({ ...(graph as Graph), url });
  const { payload } = fixture("text.user-id");
  const { messages } = payload.entry[0]?.changes[0]?.value as { messages: Record<string, unknown>[] };
  messages[0] = { ...messages[0], id: "wamid.hidden", text: { body: "Hidden" } };
  expect(await signed(encodeWire(payload))).toMatchObject({ status: 200 });
  const { sent, sends } = graph as Graph;
  const recipient = messages[0]["from_user_id"];
  const reply = { messaging_product: "whatsapp", recipient, type: "text", text: { body: "You wrote: Hidden" } };
  await sends(() => sent.some(({ text }) => text?.body === reply.text.body), COMES);
  expect(sent).toContainEqual(reply);
  expect(sent).toContainEqual({ messaging_product: "whatsapp", status: "read", message_id: "wamid.hidden" });
});

test.each(right)("$name accepts every bundled delivery", async (receiver) => {
  const { works, signed } = probed({ url: urls.get(receiver) ?? "", sent: [], sends: async () => false });
  expect(await works).toBe(true);
  const refused: string[] = [];
  for (const { name, payload } of fixtures()) {
    if ((await signed(encodeWire(payload))).status !== 200) refused.push(name);
  }
  expect(refused).toEqual([]);
});

test("each mistake has a receiver, each style a right one, and the five most frequent mistakes three styles", () => {
  const count = (mistake: Mistake) => receivers.filter((receiver) => receiver.mistake === mistake).length;
  expect(MISTAKES.filter((mistake) => count(mistake) === 0)).toEqual([]);
  expect(count("none")).toBe(FRAMEWORKS.length);
  const frequent = ["parsed-body", "accepts-unsigned", "challenge-as-json", "status-201", "not-idempotent"] as const;
  for (const mistake of frequent) expect(count(mistake)).toBeGreaterThanOrEqual(3);
});

/** 3 MB. */
const LARGE = Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry: [], more: "x".repeat(3e6) }));
const LARGE_SIGNATURE = sign(LARGE);

type Probe = (receiver: Probed, own: boolean) => Promise<boolean>;

async function mistakesOf(started: Graph, own: Mistake): Promise<string[]> {
  const receiver = probed(started);
  // That no receiver has another mistake too is for the table of `check` to show (test/check/zoo.test.ts).
  const asked = own === "none" ? MISTAKES : [own];
  const found = await Promise.all(
    asked.map(async (mistake) => ((await PROBES[mistake](receiver, mistake === own)) ? [mistake] : [])),
  );
  return found.flat();
}

type Probed = ReturnType<typeof probed>;
let messages = 0;

/** Requests to one receiver. */
function probed({ url, sends, sent }: Graph) {
  const send = async (body: Buffer, headers: OutgoingHttpHeaders) => {
    const asked = request(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers } });
    try {
      const [response] = (await once(asked.end(body), "response")) as [IncomingMessage];
      await text(response);
      return { status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "" };
    } catch {
      // Some close the connection instead of reading all of a body that they refuse.
      return { status: 0, type: "" };
    }
  };
  const signed = (body: Buffer) => send(body, { "X-Hub-Signature-256": sign(body) });
  const accepts = async (body: Buffer, headers: OutgoingHttpHeaders) => isGood((await send(body, headers)).status);
  const start = performance.now();
  const plain = signed(message().bytes);
  return {
    send,
    signed,
    accepts,
    plain,
    /** Until the response, in milliseconds. */
    took: plain.then(() => performance.now() - start),
    /** Whether valid deliveries are accepted; most other questions make sense only then. */
    works: plain.then(({ status }) => isGood(status)),
    /** Whether deliveries are accepted that another secret signed. */
    trusts: (async () => {
      const { bytes } = message();
      return accepts(bytes, { "X-Hub-Signature-256": sign(bytes, "another-secret") });
    })(),
    ask: async (token: string) => {
      const query = `hub.mode=subscribe&hub.challenge=${CHALLENGE}&hub.verify_token=${token}`;
      const response = await fetch(`${url}?${query}`, { redirect: "manual" });
      return { status: response.status, body: await response.text() };
    },
    answered: (words: string, ms = COMES, times = 1) =>
      sends(() => sent.filter(({ text }) => text?.body === `You wrote: ${words}`).length >= times, ms),
  };
}

const PROBES: Record<(typeof MISTAKES)[number], Probe> = {
  "parsed-body": async ({ works, signed }) =>
    (await works) && !isGood((await signed(encodeWire(fixture("image").payload))).status),
  "verify-token-as-key": async ({ accepts, trusts }) => {
    const { bytes } = message();
    return (await accepts(bytes, { "X-Hub-Signature-256": sign(bytes, SECRETS.verifyToken) })) && !(await trusts);
  },
  "token-not-checked": async ({ ask }) => (await ask("another")).body === CHALLENGE,
  "challenge-as-json": async ({ ask }) => {
    const { status, body } = await ask(SECRETS.verifyToken);
    return status === 200 && body.startsWith("{") && body.includes(CHALLENGE);
  },
  "challenge-quoted": async ({ ask }) => (await ask(SECRETS.verifyToken)).body === JSON.stringify(CHALLENGE),
  "status-201": async ({ plain }) => (await plain).status === 201,
  redirect: async ({ plain }) => [302, 308].includes((await plain).status),
  "html-error": async ({ plain }) => {
    const { status, type } = await plain;
    return status >= 400 && type.startsWith("text/html");
  },
  "signature-before-handshake": async ({ ask }) => (await ask(SECRETS.verifyToken)).status === 401,
  "case-sensitive-header": async ({ accepts }) => {
    const names = ["X-Hub-Signature-256", "x-hub-signature-256"];
    const accepted = await Promise.all(
      names.map((name) => {
        const { bytes } = message();
        return accepts(bytes, { [name]: sign(bytes) });
      }),
    );
    return accepted.includes(true) && accepted.includes(false);
  },
  "throws-on-length": async ({ send }) =>
    (await send(message().bytes, { "X-Hub-Signature-256": "sha256=abc" })).status === 500,
  "first-entry-only": async ({ works, signed, answered }, own) => {
    const [first, second] = [message(), message()];
    const batch = { ...first.payload, entry: [...first.payload.entry, ...second.payload.entry] };
    await signed(encodeWire(batch));
    return (await works) && (await answered(first.words)) && !(await answered(second.words, wait(!own)));
  },
  "crash-on-statuses": ({ signed }) => crashes(signed, "status.delivered"),
  "crash-on-account-fields": ({ signed }) => crashes(signed, "account_update"),
  "crash-without-from": ({ signed }) => crashes(signed, "text.user-id"),
  "body-limit": async ({ works, send }) => {
    const { status } = await send(LARGE, { "X-Hub-Signature-256": LARGE_SIGNATURE });
    return (await works) && status === 413;
  },
  slow: async ({ took, signed }) => {
    if ((await took) < 2900) return false;
    // This machine may have been the slow one.
    const start = performance.now();
    await signed(message().bytes);
    return performance.now() - start >= 2900;
  },
  "not-idempotent": async ({ works, signed, answered }, own) => {
    const { bytes, words } = message();
    await Promise.all([signed(bytes), signed(bytes)]);
    return (await works) && answered(words, wait(own), 2);
  },
  "answers-before-reading": async ({ trusts, accepts, answered }, own) => {
    const { bytes, words } = message();
    return (await accepts(bytes, {})) && (await trusts) && !(await answered(words, wait(!own)));
  },
  "accepts-unsigned": async ({ accepts, answered }, own) => {
    const { bytes, words } = message();
    return (await accepts(bytes, {})) && answered(words, wait(own));
  },
  "accepts-empty-signature": async ({ accepts }) => {
    const { bytes } = message();
    return (await accepts(bytes, { "X-Hub-Signature-256": "" })) && !(await accepts(bytes, {}));
  },
  "accepts-empty-secret": async ({ accepts, trusts }) => {
    const { bytes } = message();
    return (await accepts(bytes, { "X-Hub-Signature-256": sign(bytes, "") })) && !(await trusts);
  },
  "accepts-sha1": async ({ accepts }) => {
    const { bytes } = message();
    const sha1 = signSha1(bytes, SECRETS.appSecret);
    return (await accepts(bytes, { "X-Hub-Signature": sha1 })) && !(await accepts(bytes, {}));
  },
  "second-signature-header": async ({ accepts, trusts }) => {
    const { bytes } = message();
    const both = [sign(bytes, "another-secret"), sign(bytes)];
    return (await accepts(bytes, { "X-Hub-Signature-256": both })) && !(await trusts);
  },
  "frozen-after-response": async ({ works, signed, answered }, own) => {
    const { bytes, words } = message();
    await signed(bytes);
    return (await works) && !(await answered(words, wait(!own)));
  },
};

function wait(comes: boolean): number {
  return comes ? COMES : STAYS_AWAY;
}

/** Whether a fixture is answered by 500 and a plain text is not. */
async function crashes(signed: Probed["signed"], name: string): Promise<boolean> {
  return (await signed(encodeWire(fixture(name).payload))).status === 500;
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

function sign(body: Buffer, key = SECRETS.appSecret): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}

/** A text that no other delivery has, in plain words. */
function message() {
  const { payload } = fixture("text");
  const words = `Text ${++messages}`;
  const value = payload.entry[0]?.changes[0]?.value as { messages: object[] };
  value.messages = [{ ...value.messages[0], id: `wamid.${words.replace(" ", "")}`, text: { body: words } }];
  return { payload, words, bytes: encodeWire(payload) };
}
