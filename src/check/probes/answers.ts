/** What the app does with messages, seen in what it sends to the customers: every message once, none lost. */
import type { Endpoint } from "../endpoint.ts";
import { ENDPOINT_DOCS, GRAPH_WEBHOOKS_DOCS, USER_ID_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";
import type { TestMessage } from "../test-data.ts";

/** After the last expected answer, further ones get this share of the time that it took, and at least a moment. */
const MIN_QUIET_MS = 250;
const MAX_QUIET_MS = 2000;
/** For answers that should come: they end the wait. */
const MIN_PATIENCE_MS = 3000;

/** How long the app took to answer, by endpoint: what follows need not wait much longer. */
const answerTimes = new WeakMap<Endpoint, number>();

function countOf({ answers }: Endpoint, { customer }: TestMessage): number {
  const all = answers?.all() ?? [];
  return all.filter(({ kind, to }) => kind === "message" && isTo(to, customer)).length;
}

function isTo(to: string | undefined, { number, userId }: TestMessage["customer"]): boolean {
  return to !== undefined && (to === number || to === userId);
}

/** Waits for an answer to the customer of a message. */
async function isAnswered(endpoint: Endpoint, { customer }: TestMessage, ms: number): Promise<boolean> {
  const { answers, signal } = endpoint;
  const answer = await answers?.wait(({ kind, to }) => kind === "message" && isTo(to, customer), ms, signal);
  return answer !== undefined;
}

function answerTimeout(endpoint: Endpoint): number {
  const took = answerTimes.get(endpoint) ?? MAX_QUIET_MS;
  return Math.min(endpoint.answerMs, Math.max(MIN_PATIENCE_MS, 5 * took));
}

/** Waits as long as answers keep coming: an app may process messages one by one. */
async function countAnswered(endpoint: Endpoint, messages: readonly TestMessage[]): Promise<number> {
  const answered = () => messages.filter((message) => countOf(endpoint, message) > 0).length;
  for (;;) {
    const before = answered();
    const missing = messages.filter((message) => countOf(endpoint, message) === 0);
    if (missing.length === 0) return before;
    const { answers, signal } = endpoint;
    const fits = ({ kind, to }: { kind: string; to?: string }) =>
      kind === "message" && missing.some(({ customer }) => isTo(to, customer));
    await answers?.wait(fits, answerTimeout(endpoint), signal);
    if (answered() === before) return before;
  }
}

/** Waits for answers that should not come. */
async function quiet(endpoint: Endpoint): Promise<void> {
  const took = answerTimes.get(endpoint) ?? 0;
  await endpoint.answers?.settle(Math.min(MAX_QUIET_MS, Math.max(MIN_QUIET_MS, 2 * took)));
}

export const answered = defineProbe({
  code: "effects.answer",
  title: "Answer after 200",
  expected: "a message to the customer",
  why: "serverless functions can be frozen as soon as they have responded, and what was to follow is lost",
  severity: "fail",
  needs: ["signature.valid"],
  requires: "answers",
  blocks: "the app does not answer",
  async ask(endpoint) {
    const { data, answerMs } = endpoint;
    const message = data.text("wa-hook check: hello", data.ownCustomer());
    await endpoint.deliver(data.delivery([message]));
    const started = performance.now();
    if (!(await isAnswered(endpoint, message, answerMs))) {
      return bad(`none within ${answerMs / 1000} s of the acknowledgment`, "frozen-after-response");
    }
    const ms = performance.now() - started;
    answerTimes.set(endpoint, ms);
    return pass(`after ${Math.round(ms)} ms`);
  },
});

export const everyEntry = defineProbe({
  code: "effects.entries",
  title: "Every message answered",
  expected: "an answer to each of 8 messages in 2 entries",
  why: "one delivery can have several entries, changes and messages; those that are not read are lost",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["effects.answer", "vocabulary.batches"],
  requires: "answers",
  blocks: "only the first message is processed",
  async ask(endpoint) {
    const { data } = endpoint;
    const text = () => data.text("wa-hook check: one of several", data.ownCustomer());
    const entries = [0, 1].map(() => [0, 1].map(() => [text(), text()]));
    const messages = entries.flat(2);
    await endpoint.deliver(data.batch(entries[0] ?? [], entries[1] ?? []));
    const count = await countAnswered(endpoint, messages);
    return count === messages.length ? pass("all 8") : bad(`${count} of ${messages.length}`, "first-entry-only");
  },
});

export const oneAnswer = defineProbe({
  code: "effects.duplicate",
  title: "Duplicate answered once",
  expected: "one answer",
  why: "Meta delivers at least once; a bot that answers again, or charges again, is noticed by customers",
  source: GRAPH_WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["effects.answer"],
  requires: "answers",
  blocks: "duplicates are processed again",
  async ask(endpoint) {
    const { data } = endpoint;
    const message = data.text("wa-hook check: duplicate", data.ownCustomer());
    const payload = data.delivery([message]);
    await endpoint.deliver(payload);
    await isAnswered(endpoint, message, answerTimeout(endpoint));
    await endpoint.deliver(payload);
    await quiet(endpoint);
    const count = countOf(endpoint, message);
    return count === 1 ? pass("one") : bad(`${count} answers to ${message.id}`, "not-idempotent");
  },
});

export const oneAnswerAtOnce = defineProbe({
  code: "effects.simultaneous",
  title: "Concurrent, answered once",
  expected: "one answer",
  why: "looking up a message id and storing it are two steps, between which the same delivery can arrive again",
  source: GRAPH_WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["effects.duplicate"],
  requires: "answers",
  blocks: "simultaneous duplicates are processed twice",
  async ask(endpoint) {
    const { data } = endpoint;
    const message = data.text("wa-hook check: twice at once", data.ownCustomer());
    const payload = data.delivery([message]);
    await Promise.all([endpoint.deliver(payload), endpoint.deliver(payload)]);
    await isAnswered(endpoint, message, answerTimeout(endpoint));
    await quiet(endpoint);
    const count = countOf(endpoint, message);
    return count === 1 ? pass("one") : bad(`${count} answers to ${message.id}`, "duplicate-race");
  },
});

export const answeredByUserId = defineProbe({
  code: "effects.user-id",
  title: "Answer without a number",
  expected: "a message to the user id",
  why: "only the user id identifies a customer who hides the phone number",
  source: USER_ID_DOCS,
  severity: "warn",
  needs: ["effects.answer", "vocabulary.user-id"],
  requires: "answers",
  blocks: "customers without a number are not answered",
  async ask(endpoint) {
    const { data } = endpoint;
    const { userId, name } = data.ownCustomer();
    const message = data.text("wa-hook check: hello", { userId, name, username: "wa-hook.check" });
    await endpoint.deliver(data.delivery([message]));
    const isRight = await isAnswered(endpoint, message, answerTimeout(endpoint));
    return isRight ? pass("to the user id") : bad("none", "ignores-user-ids");
  },
});
