/** Plays a story: its fixtures become webhooks of the emulated account and its customer, with new ids, current times and real files. */
import { UsageError } from "../../errors.ts";
import { asJsonObject } from "../../json.ts";
import { digitsOf } from "../../webhook/derive.ts";
import type { Payload } from "../../webhook/envelope.ts";
import { fixture } from "../../webhook/fixtures.ts";
import { hideNumbers } from "../../webhook/hide-numbers.ts";
import { BUSINESS, CUSTOMER, NAME, USER_ID, USERNAME } from "../../webhook/shapes/examples.ts";
import { usernameOf } from "../../webhook/user-id.ts";
import { wamid } from "../../webhook/wamid.ts";
import { closest } from "../../webhook/words.ts";
import { withFile } from "../messaging/inbound.ts";
import { SAMPLES } from "../messaging/samples.ts";
import type { State } from "../state.ts";
import { stories } from "./index.ts";
import type { PlayedStory, Story } from "./story.ts";

/** The time of most events in fixtures, in Unix seconds. */
const FIXTURE_SECONDS = 1_785_499_200;
/** Unix seconds of the year of the fixtures, as a number or as text. */
const SECONDS = /(?<!\d)178\d{7}(?!\d)/g;
const FILES = new Set(["image", "video", "audio", "sticker"]);

/** Queues the webhooks of a story. `url` is the base of media URLs. Throws a `UsageError` for an unknown story. */
export function playStory(name: string, state: State, url: string): PlayedStory {
  const { callbacks, changes, ids } = state;
  const { steps } = storyOf(name);
  const seed = ids.digits("story");
  const fields = new Set<string>();
  for (const [afterMs, fixtureName] of steps) {
    const { payload, field } = fixture(fixtureName);
    fields.add(field);
    changes.emit(field, valueFor(payload, { state, url, afterMs, seed }), afterMs);
  }
  const unsubscribed = [...fields].filter((field) => callbacks.targets(field).length === 0);
  return { story: name, webhooks: steps.length, ms: steps.at(-1)?.[0] ?? 0, unsubscribed };
}

function storyOf(name: string): Story {
  const story = stories.find((each) => each.name === name);
  if (story !== undefined) return story;
  const names = stories.map((each) => each.name);
  const close = closest(name, names);
  throw new UsageError(`unknown story ${name}`, {
    code: "emulate.story",
    hint: close === undefined ? `use ${names.join(" or ")}` : `did you mean ${close}?`,
  });
}

interface Setting {
  state: State;
  url: string;
  afterMs: number;
  /** Different each time, so that no id repeats. */
  seed: string;
}

/** The `value` of the fixture's only change, about the emulated number and customer. */
function valueFor(payload: Payload, { state, url, afterMs, seed }: Setting): object {
  const { account, clock, customers } = state;
  const customer = customers.own();
  if (customer.waId === undefined) hideNumbers(payload);
  const words = new Map([
    [BUSINESS.display_phone_number, account.displayNumber],
    [BUSINESS.phone_number_id, account.phoneNumberId],
    [CUSTOMER, customer.waId ?? ""],
    [USER_ID, customer.userId],
    [NAME, customer.name ?? NAME],
    [usernameOf(NAME, USER_ID), customer.username ?? ""],
    [USERNAME, customer.username ?? USERNAME],
  ]);
  const newId = (id: string) =>
    id.startsWith("wamid.")
      ? wamid(customer.waId ?? customer.userId, `${seed} ${id}`)
      : `wacid.${Buffer.from(digitsOf(`${seed} ${id}`, 20)).toString("base64")}`;
  const value = payload.entry[0]?.changes[0]?.value ?? {};
  const written = JSON.stringify(value);
  const latest = times(written).reduce((last, time) => Math.max(last, time), FIXTURE_SECONDS);
  const shift = Math.floor((clock.now() + afterMs) / 1000) - latest;
  const rewrite = (text: string): string => {
    const word = words.get(text);
    if (word !== undefined) return word;
    return text.replace(/^wa[mc]id\..+$/, newId).replaceAll(SECONDS, (time) => String(Number(time) + shift));
  };
  const walk = (given: unknown, key = ""): unknown => {
    if (typeof given === "string") return rewrite(given);
    if (typeof given === "number") return Number(rewrite(String(given)));
    if (Array.isArray(given)) return given.map((each) => walk(each));
    const object = asJsonObject(given);
    if (object === undefined) return given;
    const copy = Object.fromEntries(Object.entries(object).map(([name, each]) => [name, walk(each, name)]));
    const sample = FILES.has(key) && "mime_type" in copy ? SAMPLES[key] : undefined;
    return sample === undefined ? copy : withFile(copy, sample, { account, mediaStore: state.mediaStore, url });
  };
  return walk(value) as object;
}

function times(text: string): number[] {
  return (text.match(SECONDS) ?? []).map(Number);
}
