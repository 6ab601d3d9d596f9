/** Minimal send requests of each kind, for the tests of their validation. */
import { readOutbound } from "../../src/messages/outbound/index.ts";

export type JsonObject = Record<string, unknown>;

export const times = <T>(number: number, make: (at: number) => T): T[] =>
  Array.from({ length: number }, (_, at) => make(at));
export const TO = { messaging_product: "whatsapp", to: "+16505551234" };
export const sent = (type: string, content: unknown): JsonObject => ({ ...TO, type, [type]: content });
const BODY = { text: "x" };
export const tap = (type: string, action: object, more: object = {}): JsonObject =>
  sent("interactive", { type, body: BODY, action, ...more });

/** The problems of a request, as `path: message`. */
export function problemsOf(request: unknown): string[] {
  const reading = readOutbound(request);
  return "problems" in reading
    ? reading.problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    : [];
}

/** What a request has that wa-hook does not know, as `path: message`. */
export function unknownOf(request: unknown): string[] {
  return readOutbound(request).unknown.map(({ path, message }) => `${path}: ${message}`);
}

export const file = (more: object) => ({ id: "1", ...more });
export const contact = (more: object = {}) => ({
  name: { formatted_name: "Test Contact", first_name: "Test" },
  ...more,
});
export const template = (more: object) =>
  sent("template", { name: "hello_world", language: { code: "en_US" }, ...more });
export const component = (one: object) => template({ components: [one] });
export const reply = (id: string, title = id) => ({ type: "reply", reply: { id, title } });
export const buttons = (...all: object[]) => tap("button", { buttons: all });
export const withHeader = (header: object) => tap("button", { buttons: [reply("a")] }, { header });
export const row = (at: number | string, more: object = {}) => ({ id: `row-${at}`, title: `Row ${at}`, ...more });
export const list = (sections: object[], more: object = {}) => tap("list", { button: "Choose", sections }, more);
export const rows = (...all: object[]) => list([{ rows: all }]);
export const products = (sections: object[]) =>
  tap("product_list", { catalog_id: "1", sections }, { header: { type: "text", text: "x" } });
export const items = (number: number) => times(number, (at) => ({ product_retailer_id: `p-${at}` }));
export const openUrl = (more: object = {}) => ({
  name: "cta_url",
  parameters: { display_text: "Go", url: "https://example.com", ...more },
});
export const flow = (more: object) =>
  tap("flow", { name: "flow", parameters: { flow_message_version: "3", flow_id: "1", flow_cta: "Go", ...more } });
export const address = (country: string) =>
  tap("address_message", { name: "address_message", parameters: { country } });
export const card = (at: number, more: object = {}) => ({
  card_index: at,
  header: { type: "image", image: { id: "1" } },
  action: openUrl(),
  ...more,
});
export const quickReply = (id: string, title = id) => ({ type: "quick_reply", quick_reply: { id, title } });
export const quick = (...ids: string[]) => ({ buttons: ids.map((id) => quickReply(id)) });
export const carousel = (...cards: object[]) => tap("carousel", { cards });

export const ACTION = "interactive.action";
