/** `wa-hook events conversation`: the messages of one customer, in both directions. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { Conversation, type Turn } from "../../store/conversation.ts";
import { isMalformed } from "../../store/sqlite/rows.ts";
import { count, defineCommand, input, notice, storeFile, type Notice } from "../../terminal/command.ts";
import { counted, moment, pad, plain, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import type { World } from "../../terminal/world.ts";
import { countedTo } from "../inputs/counted.ts";
import { indexed, person } from "../inputs/filters.ts";
import { openRecorded, type Recorded } from "../inputs/recorded.ts";
import { bubble } from "../views/bubble.ts";

const inputs = z.object({
  customer: input("[number]", "Phone number or BSUID of a customer (default: list the customers)", person.optional()),
  limit: input("--limit <n>", "Maximum number of customers or deliveries (default: 200)", count(1, 100_000, 200)),
  store: storeFile,
});

interface Listed {
  type: "customer";
  /** A phone number (digits only) or a business-scoped user ID. */
  customer: string;
  name?: string;
  /** The number of events from the customer. */
  incoming: number;
  /** The number of all events, statuses included. */
  events: number;
  /** When the newest delivery was received, in milliseconds since 1970. */
  lastAt: number;
}

type Event =
  | Listed
  | { type: "conversation"; customer: string; name?: string }
  | { type: "day"; day: string }
  | ({ type: "message" } & Turn);

export const eventsConversation = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events conversation", "The customers, the newest first"],
    ["wa-hook events conversation +16505551234", "Their messages, and the statuses of the replies"],
  ],

  async *run({ customer, limit, store: file }, world) {
    await using store = await openRecorded(file, world);
    yield* indexed(store, world);
    if (customer !== undefined) return yield* conversationWith(customer, limit, store);
    const customers = listed(store, limit);
    const { ask, keys } = world;
    // Without keys, the output is for a program.
    if (ask === undefined || keys === undefined) return yield* allOf(customers, limit, world);
    const choices: { name: string; value: string }[] = [];
    for await (const each of customers) choices.push({ name: rowOf(each), value: each.customer });
    if (choices.length === 0) return yield notice("No messages recorded yet", NO_MESSAGES);
    yield* conversationWith(await ask.choose("Customer", choices), limit, store);
  },

  print(event, paint) {
    switch (event.type) {
      case "customer":
        return rowOf(event);
      case "conversation":
        return `${paint.name(phone(event.customer))}${event.name === undefined ? "" : `  ${plain(event.name)}`}`;
      case "day":
        return centered(event.day, paint);
      case "message":
        return bubble(event, paint);
    }
  },
});

const COUNTED = 10_000;
const NO_MESSAGES = "start wa-hook listen, then run wa-hook replay conversation";

async function* listed(store: Recorded, limit: number): AsyncGenerator<Listed, void, void> {
  for (const { customer, incoming, events, last } of await store.customers(limit)) {
    const row = await store.get(last);
    if (row === undefined) continue;
    const name = await nameOf(customer, store);
    yield {
      type: "customer",
      customer,
      ...(name === undefined ? {} : { name }),
      incoming,
      events,
      lastAt: row.receivedAt,
    };
  }
}

/** As the newest message has it. */
async function nameOf(customer: string, store: Recorded): Promise<string | undefined> {
  for await (const row of store.matching({ customer, direction: "from", newest: 1 })) {
    if (!isMalformed(row)) return row.events.find(({ from, name }) => from === customer && name !== undefined)?.name;
  }
  return undefined;
}

async function* allOf(
  customers: AsyncIterable<Listed>,
  limit: number,
  { signal }: World,
): AsyncGenerator<Listed | Notice, void, void> {
  let shown = 0;
  for await (const each of customers) {
    if (signal.aborted) return;
    yield each;
    shown++;
  }
  if (shown === 0) yield notice("No messages recorded yet", NO_MESSAGES);
  else if (shown === limit) yield notice(`The newest ${counted(shown, "customer")}; --limit ${limit * 5} for more`);
}

/** What the newest deliveries of the customer contain. */
async function* conversationWith(
  customer: string,
  limit: number,
  store: Recorded,
): AsyncGenerator<Event | Notice, void, void> {
  const conversation = new Conversation(customer);
  let shown = 0;
  for await (const row of store.matching({ customer, newest: limit })) {
    shown++;
    if (!isMalformed(row)) conversation.add(row);
  }
  const turns = conversation.turns();
  if (turns.length === 0) {
    throw new UsageError(`no recorded messages of ${customer}`, {
      code: "conversation.unknown",
      hint: "run wa-hook events conversation for the customers",
    });
  }
  const { name } = conversation;
  yield { type: "conversation", customer, ...(name === undefined ? {} : { name }) };
  let day = "";
  for (const turn of turns) {
    const [today = ""] = moment(turn.at).split(" ");
    if (today !== day) yield { type: "day", day: today };
    day = today;
    yield { type: "message", ...turn };
  }
  const { count: all, text } = await countedTo(Math.max(COUNTED, shown), (atMost) => store.count({ customer }, atMost));
  if (shown < all) {
    const counts = `${shown.toLocaleString("en-US")} of ${text} deliveries`;
    yield notice(`${counts}; --limit ${Math.min(limit * 5, 100_000)} for more`);
  }
}

function rowOf({ customer, name = "", incoming, lastAt }: Listed): string {
  const who = `${pad(phone(customer), 18)}  ${pad(plain(name), 16)}`;
  return `${who}  ${pad(`${incoming} incoming`, 14)}  last ${moment(lastAt)}`;
}

function centered(text: string, { width }: Paint): string {
  const columns = width === Infinity ? 80 : width;
  return `${" ".repeat(Math.max(0, Math.floor((columns - text.length) / 2)))}${text}`;
}
