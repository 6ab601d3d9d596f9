/** Parses a line typed at the emulator's terminal: a text from the customer, `/image` for another kind of message, or a command. */
import { asJsonObject, parseObject } from "../json.ts";
import { suggestFixture } from "../webhook/fixture-names.ts";
import { findFixture, fixtureNames, fixtures } from "../webhook/fixtures.ts";
import { TOKEN_NAMES, type TokenName } from "./options.ts";
import { stories } from "./stories/index.ts";
import { STARTING_TEMPLATES } from "./templates/starting-templates.ts";
import type { TemplateChange } from "./templates/template.ts";

export type ChatInput =
  /** A message to send as the customer. */
  | { message: string | Readonly<Record<string, unknown>> }
  | { command: "help" }
  | { command: "token"; name: TokenName }
  /** Whether the customer hides the phone number from now on. */
  | { command: "hide"; on: boolean }
  | { command: "story"; name: string }
  /** Opens a Flow, submits its screen, goes back, ends it, leaves it. */
  | { command: "flow"; action: FlowActionName; flow?: string; data?: object }
  | { command: "template"; name: string; change: TemplateChange }
  | { problem: string; hint?: string };

/** Parses one line; undefined when it is empty. */
export function parseChatInput(line: string): ChatInput | undefined {
  const typed = line.trim();
  if (typed === "") return undefined;
  if (!typed.startsWith("/")) return { message: typed };
  const [name = "", argument = "", ...others] = typed.slice(1).split(/\s+/);
  if (name === "help" || name === "?" || name === "") return { command: "help" };
  if (name === "token") return parseToken(argument);
  if (name === "hide") return parseHide(argument);
  if (name === "story") return parseStory(argument);
  if (Object.hasOwn(FLOW_ACTIONS, name)) return parseFlow(name as keyof typeof FLOW_ACTIONS, typed);
  if (name === "template") return parseTemplate(argument, others);
  const fixture = findFixture(name);
  if (fixture === undefined) return { problem: `unknown message /${name}`, hint: suggestFixture(name, fixtureNames()) };
  const message = messageOf(fixture.payload);
  return message === undefined ? { problem: `/${name} is not a message that a customer can send` } : { message };
}

/** By what is typed after the slash. */
const FLOW_ACTIONS = {
  flow: "open_flow",
  submit: "submit_flow",
  back: "back_flow",
  complete: "complete_flow",
  close: "close_flow",
} as const;

type FlowActionName = (typeof FLOW_ACTIONS)[keyof typeof FLOW_ACTIONS];

function parseFlow(name: keyof typeof FLOW_ACTIONS, typed: string): ChatInput {
  const action = FLOW_ACTIONS[name];
  const argument = typed.slice(name.length + 1).trim();
  if (name === "flow") return { command: "flow", action, ...(argument === "" ? {} : { flow: argument }) };
  return name === "back" || name === "close" ? { command: "flow", action } : parseSubmission(argument, action);
}

/** The data of a screen: JSON, or `name=value` for each field. */
export function parseSubmission(typed: string, action: FlowActionName = "submit_flow"): ChatInput {
  const data = typed.startsWith("{") ? asJsonObject(parseObject(typed)) : fieldsIn(typed);
  if (data !== undefined) return { command: "flow", action, data };
  const hint = 'use day=friday guests=2, quotes for spaces, or JSON such as {"day":"friday","guests":2}';
  return { problem: "this is not the data of a screen", hint };
}

const FIELD = /([^\s="]+)=(?:"([^"]*)"|([^\s"]*))(?=\s|$)/g;

function fieldsIn(typed: string): object | undefined {
  const fields = [...typed.matchAll(FIELD)].map(([, name = "", quoted, bare = ""]) => [
    name,
    quoted ?? { true: true, false: false }[bare] ?? bare,
  ]);
  return typed.replaceAll(FIELD, "").trim() === "" ? Object.fromEntries(fields) : undefined;
}

function parseHide(typed: string): ChatInput {
  if (typed === "on" || typed === "off") return { command: "hide", on: typed === "on" };
  return { problem: "/hide needs on or off", hint: "use /hide on to hide the customer's phone number" };
}

function parseStory(typed: string): ChatInput {
  const names = stories.map(({ name }) => name);
  if (names.includes(typed)) return { command: "story", name: typed };
  const problem = typed === "" ? "/story needs a name" : `unknown story ${typed}`;
  return { problem, hint: `use /story ${names.join(" or /story ")}` };
}

function parseToken(typed: string): ChatInput {
  const name = tokenNameOf(typed === "" ? "permanent" : typed);
  return name === undefined
    ? { problem: `unknown token state ${typed}`, hint: `use ${TOKEN_OPTIONS.join(", ")}` }
    : { command: "token", name };
}

/** What can be decided about a template, as typed after `/template`. */
const TEMPLATE_CHANGES = {
  approve: { status: "APPROVED" },
  reject: { status: "REJECTED" },
  pause: { status: "PAUSED" },
  disable: { status: "DISABLED" },
  green: { quality: "GREEN" },
  yellow: { quality: "YELLOW" },
  red: { quality: "RED" },
} as const satisfies Record<string, TemplateChange>;

export const TEMPLATE_ACTIONS = Object.keys(TEMPLATE_CHANGES);

/** `approve <name> [language]` */
function parseTemplate(action: string, [name, language]: readonly string[]): ChatInput {
  const hint = `use /template ${TEMPLATE_ACTIONS.join("|")} <name> [language]`;
  if (!Object.hasOwn(TEMPLATE_CHANGES, action))
    return { problem: `unknown decision ${action || "for a template"}`, hint };
  if (name === undefined) return { problem: "the name of the template is missing", hint };
  const change = TEMPLATE_CHANGES[action as keyof typeof TEMPLATE_CHANGES];
  return { command: "template", name, change: { ...change, ...(language === undefined ? {} : { language }) } };
}

/**
 * The token states as typed on the command line, such as `sixty-days`. The app token is left out: it contains the app secret, which must
 * not be printed.
 */
const TOKENS_BY_OPTION = new Map(
  TOKEN_NAMES.filter((name) => name !== "app").map((name) => [
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    name,
  ]),
);

export const TOKEN_OPTIONS = [...TOKENS_BY_OPTION.keys()];

/** Converts `sixty-days` to `sixtyDays`; undefined when there is no such token. */
export function tokenNameOf(option: string): TokenName | undefined {
  return TOKENS_BY_OPTION.get(option);
}

/** The names of the bundled messages that a customer can send. */
export function messageNames(): string[] {
  return fixtures()
    .filter(({ payload }) => messageOf(payload) !== undefined)
    .map(({ name }) => name);
}

/** Everything that can be typed after a slash, for completion. */
export function chatCompletions(): string[] {
  const templates = [...new Set(STARTING_TEMPLATES.map(({ name }) => name))];
  return [
    "/help",
    "/hide on",
    "/hide off",
    ...Object.keys(FLOW_ACTIONS).map((name) => `/${name}`),
    ...stories.map(({ name }) => `/story ${name}`),
    ...TOKEN_OPTIONS.map((option) => `/token ${option}`),
    ...TEMPLATE_ACTIONS.flatMap((action) => templates.map((name) => `/template ${action} ${name}`)),
    ...messageNames().map((name) => `/${name}`),
  ];
}

type Payload = ReturnType<typeof fixtures>[number]["payload"];

function messageOf(payload: Payload): Readonly<Record<string, unknown>> | undefined {
  const value: { messages?: Readonly<Record<string, unknown>>[] } | undefined = payload.entry[0]?.changes[0]?.value;
  return value?.messages?.[0];
}
