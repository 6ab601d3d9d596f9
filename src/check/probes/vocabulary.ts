/** Every bundled kind and field, in one delivery each: the app must acknowledge what it does not use, too. */
import type { Payload } from "../../webhook/envelope.ts";
import { bundled } from "../../webhook/fixture-catalog.ts";
import type { MistakeCode } from "../../webhook/mistakes.ts";
import { describe, isAccepted, type Endpoint } from "../endpoint.ts";
import { USER_ID_DOCS, WEBHOOKS_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Outcome, type Probe } from "../probe.ts";

type Group = "messages" | "user ids" | "statuses" | "errors" | "fields";

interface Delivery {
  name: string;
  payload: Payload;
}

/** A probe that delivers all bundled fixtures of a group. */
function vocabulary(
  group: Group,
  mistake: MistakeCode,
  definition: Pick<Probe, "code" | "title" | "why" | "needs" | "blocks"> & Partial<Pick<Probe, "source">>,
): Probe {
  return defineProbe({
    expected: "200",
    severity: "fail",
    source: WEBHOOKS_DOCS,
    ...definition,
    ask: (endpoint) => askGroup(endpoint, group, mistake),
  });
}

async function askGroup(endpoint: Endpoint, group: Group, mistake: MistakeCode): Promise<Outcome> {
  const slow = await endpoint.isSlow();
  const deliveries = (await deliveriesOf(group)).filter(({ name }) => !slow || isPlain(name));
  const payloads = deliveries.map(({ payload }) => endpoint.data.fixture(payload));
  const replies = await endpoint.deliverAll(payloads, slow);
  const rejected = deliveries.flatMap(({ name }, at) => {
    const reply = replies[at];
    return reply === undefined || isAccepted(reply) ? [] : [{ name, reply }];
  });
  const [first] = rejected;
  if (first === undefined) return pass(`${deliveries.length} accepted`);
  const names = rejected.slice(0, NAMED).map(({ name }) => name);
  const more = rejected.length > NAMED ? ", …" : "";
  return bad(
    `${describe(first.reply)} for ${rejected.length} of ${deliveries.length}: ${names.join(", ")}${more}`,
    mistake,
  );
}

const NAMED = 4;

async function deliveriesOf(group: Group): Promise<Delivery[]> {
  // The steps of the conversation are the same kinds again.
  const all = (await bundled()).filter(({ name }) => !name.startsWith("conversation."));
  return all.filter(({ payload }) => groupOf(payload) === group);
}

/** A kind without variants: one dot belongs to `status.sent`. */
function isPlain(name: string): boolean {
  return !name.replace(/^status\./, "").includes(".") || name.endsWith("user-id");
}

interface Value {
  messages?: { from?: string }[];
  statuses?: unknown[];
}

function groupOf({ entry: [first] }: Payload): Group {
  const change = first?.changes[0];
  if (change?.field !== "messages") return "fields";
  const { messages, statuses } = change.value as Value;
  if (messages === undefined) return statuses === undefined ? "errors" : "statuses";
  return messages.some(({ from }) => from === undefined) ? "user ids" : "messages";
}

export const messages = vocabulary("messages", "crash-on-messages", {
  code: "vocabulary.messages",
  title: "Message types",
  why: "customers send whatever WhatsApp offers; a type that makes the app fail is repeated for up to 7 days",
  needs: ["bytes.escapes"],
  blocks: "some types of messages fail",
});

export const userIds = vocabulary("user ids", "crash-without-from", {
  code: "vocabulary.user-id",
  title: "Customers without number",
  why: "since 2026 customers can hide their number behind a username: from and wa_id are missing",
  source: USER_ID_DOCS,
  needs: ["bytes.escapes"],
  blocks: "messages without a phone number fail",
});

export const statuses = vocabulary("statuses", "crash-on-statuses", {
  code: "vocabulary.statuses",
  title: "Statuses",
  why: "each outbound message causes up to three statuses: they are most of the deliveries",
  needs: ["bytes.escapes"],
  blocks: "statuses fail",
});

export const errors = vocabulary("errors", "crash-on-errors", {
  code: "vocabulary.errors",
  title: "Errors only",
  why: "Meta reports problems of the account in deliveries without messages and statuses",
  needs: ["vocabulary.statuses"],
  blocks: "deliveries with errors only fail",
});

export const fields = vocabulary("fields", "crash-on-account-fields", {
  code: "vocabulary.fields",
  title: "Other webhook fields",
  why: "templates, calls, groups and the account itself have webhook fields of their own, in other shapes",
  needs: ["vocabulary.statuses"],
  blocks: "webhook fields other than messages fail",
});
