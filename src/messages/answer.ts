/** What an app asked of the Graph API on behalf of its customers: messages, reactions, read receipts and typing indicators. */
import { asJsonObject, type JsonObject } from "../json.ts";

/** One message, read receipt, typing indicator or reaction of the app. */
export interface Answer {
  kind: "message" | "read" | "typing" | "reaction";
  /** The customer: digits of the number, a user id, or the id of a group. */
  to?: string;
  /** The type of a message; of an interactive one its own, such as `button`. */
  type?: string;
  /** What the customer reads, one part per line; of a reaction the emoji, empty when it is removed. */
  text?: string;
  /** The message of the customer that is marked as read or reacted to. */
  messageId?: string;
  /** The message that is quoted. */
  replyTo?: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The body of the request. */
  body: object;
}

/** The answers of an app while it runs. */
export interface Answers {
  /** Those accepted so far, oldest first; the oldest of very many are dropped. */
  all(): readonly Answer[];
  /** Resolves with the first that fits, also an earlier one; with nothing after `ms` milliseconds or when the signal aborts. */
  wait(fits: (answer: Answer) => boolean, ms: number, signal?: AbortSignal): Promise<Answer | undefined>;
  /** Resolves when no answer has come for `ms` milliseconds. */
  settle(ms: number): Promise<void>;
}

/** A request as the Graph API got it. The path has no version: `/106540352242922/messages`. */
export interface AnswerRequest {
  method: string;
  path: string;
  body: unknown;
  /** Milliseconds since 1970. */
  at: number;
}

/** Where messages are sent. Source: Meta, "Messages" and "Marketing Messages API for WhatsApp". */
const PATH = /^\/[^/]+\/(?:messages|marketing_messages)\/?$/;
/** A message has far fewer parts. */
const MAX_PARTS = 200;

/** The answers in a request: a read receipt can also show the typing indicator. Empty for any other request. */
export function readAnswer({ method, path, body, at }: AnswerRequest): Answer[] {
  const fields = asJsonObject(body);
  if (method !== "POST" || fields === undefined || !PATH.test(path)) return [];
  if (fields["status"] === "read") return receipts(fields, at);
  const type = textOf(fields["type"]) ?? "text";
  const to = customerIn(fields);
  const replyTo = textOf(asJsonObject(fields["context"])?.["message_id"]);
  const common = {
    ...(to === undefined ? {} : { to }),
    ...(replyTo === undefined ? {} : { replyTo }),
    at,
    body: fields,
  };
  const content = asJsonObject(fields[type]) ?? {};
  if (type === "reaction") {
    const messageId = textOf(content["message_id"]);
    const about = messageId === undefined ? {} : { messageId };
    return [{ kind: "reaction", type, text: textOf(content["emoji"]) ?? "", ...about, ...common }];
  }
  const own = type === "interactive" ? (textOf(content["type"]) ?? type) : type;
  const text = visibleText(type, content);
  return [{ kind: "message", type: own, ...(text === "" ? {} : { text }), ...common }];
}

function receipts(fields: JsonObject, at: number): Answer[] {
  const messageId = textOf(fields["message_id"]);
  const common = { ...(messageId === undefined ? {} : { messageId }), at, body: fields };
  const typing: Answer[] = fields["typing_indicator"] === undefined ? [] : [{ kind: "typing", ...common }];
  return [{ kind: "read", ...common }, ...typing];
}

/** The recipient: `to` is a number or a group, `recipient` a user id. */
function customerIn(fields: JsonObject): string | undefined {
  const to = textOf(fields["to"]);
  if (to === undefined) return textOf(fields["recipient"]);
  const digits = to.replaceAll(/[\s().+-]/g, "");
  return /^\d+$/.test(digits) ? digits : to;
}

/** The keys whose text a customer reads, at any depth. */
const READ = new Set(["body", "text", "caption", "title", "description", "display_text", "button_text", "filename"]);
/** Texts that are not shown. */
const SKIPPED = new Set(["id", "payload", "url", "link"]);

function visibleText(type: string, content: JsonObject): string {
  if (type === "template") return templateText(content);
  const parts: string[] = [];
  const collect = (value: unknown, key: string): void => {
    if (parts.length >= MAX_PARTS) return;
    if (typeof value === "string") {
      // The label of a list's button has the key `button`; that of other interactive messages is a `title`.
      if (READ.has(key) || key === "button" || key === "formatted_name" || key === "address") parts.push(value);
      return;
    }
    if (Array.isArray(value)) for (const item of value) collect(item, key);
    else
      for (const [name, inner] of Object.entries(asJsonObject(value) ?? {}))
        if (!SKIPPED.has(name)) collect(inner, name);
  };
  if (type === "location")
    return [content["name"], content["address"]].flatMap((part) => textOf(part) ?? []).join("\n");
  // The order of a screen, not of the request.
  for (const key of ["header", "body", "footer", "action"]) collect(content[key], key);
  const rest = Object.entries(content).filter(([key]) => !["header", "body", "footer", "action"].includes(key));
  collect(Object.fromEntries(rest), "");
  return parts.join("\n");
}

/** The name of the template and its parameters; the text around them is Meta's. */
function templateText(content: JsonObject): string {
  const parts: string[] = [];
  const collect = (value: unknown): void => {
    if (parts.length >= MAX_PARTS) return;
    if (Array.isArray(value)) for (const item of value) collect(item);
    const fields = asJsonObject(value);
    if (fields === undefined) return;
    const text = textOf(fields["text"]) ?? textOf(fields["fallback_value"]);
    if (text !== undefined) parts.push(text);
    for (const inner of Object.values(fields)) if (typeof inner === "object") collect(inner);
  };
  collect(content["components"]);
  return [textOf(content["name"]) ?? "", ...parts].filter((part) => part !== "").join("\n");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
