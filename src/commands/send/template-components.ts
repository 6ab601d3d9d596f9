/** The components of a template message: from the values of its parameters, or as typed when the template is not known. */
import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import { mediaKindOf } from "../../messages/media-types.ts";
import { isNamed, type TemplateNeed } from "../../messages/template-needs.ts";
import { mediaSource, type SourceOptions } from "../inputs/media-source.ts";
import type { Content } from "./send.ts";
import type { GivenValues, TemplateValues } from "./template-values.ts";
import type { SendEvent } from "./view.ts";

export interface ComposeOptions extends SourceOptions {
  /** Milliseconds since 1970. */
  now: number;
}

type Composing = AsyncGenerator<SendEvent, Content[], void>;

/** Uploads what has to be uploaded. */
export async function* componentsOf(values: TemplateValues, options: ComposeOptions): Composing {
  const cards = new Set([...values.keys()].map(({ card }) => card).filter((card) => card !== undefined));
  const components = yield* partsOf(valuesOn(undefined, values), options);
  const carousel: Content[] = [];
  for (const card of cards) {
    carousel.push({ card_index: card, components: yield* partsOf(valuesOn(card, values), options) });
  }
  return carousel.length === 0 ? components : [...components, { type: "carousel", cards: carousel }];
}

function valuesOn(card: number | undefined, values: TemplateValues): [TemplateNeed, string][] {
  return [...values].filter(([need]) => need.card === card);
}

async function* partsOf(values: readonly [TemplateNeed, string][], options: ComposeOptions): Composing {
  const components: Content[] = [];
  for (const [part, type] of [
    ["header", "header"],
    ["offer", "limited_time_offer"],
    ["body", "body"],
  ] as const) {
    const parameters: Content[] = [];
    for (const [need, value] of values)
      if (need.part === part) parameters.push(yield* parameterOf(need, value, options));
    if (parameters.length > 0) components.push({ type, parameters });
  }
  for (const [need, value] of values) {
    if (need.part !== "button") continue;
    const sub_type = need.form === "coupon" ? "copy_code" : "url";
    const parameters = [yield* parameterOf(need, value, options)];
    components.push({ type: "button", sub_type, index: String(need.button), parameters });
  }
  return components;
}

async function* parameterOf(
  { form, placeholder }: TemplateNeed,
  value: string,
  options: ComposeOptions,
): AsyncGenerator<SendEvent, Content, void> {
  switch (form) {
    case "image":
    case "video":
    case "document": {
      const { object, name } = yield* mediaSource(value, form, options);
      const filename = form === "document" && name !== undefined ? { filename: name } : {};
      return { type: form, [form]: { ...object, ...filename } };
    }
    case "location":
      return { type: "location", location: locationOf(value) };
    case "coupon":
      return { type: "coupon_code", coupon_code: value };
    case "expiration":
      return { type: "limited_time_offer", limited_time_offer: { expiration_time_ms: options.now + msOf(value) } };
    default: {
      const name = placeholder === undefined || !isNamed(placeholder) ? {} : { parameter_name: placeholder };
      return { type: "text", ...name, text: value };
    }
  }
}

function msOf(typed: string): number {
  const ms = parseDuration(typed);
  if (ms !== undefined) return ms;
  throw new UsageError(`--expires must be a duration with a unit; got ${JSON.stringify(typed)}`, {
    code: "template.expires",
    hint: "use a form such as 12h or 2d",
  });
}

/** `52.5163,13.3777`, and after `|` a name and an address. */
function locationOf(typed: string): Content {
  const [degrees = "", name, address] = typed.split("|", 3);
  const [, latitude, longitude] = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(degrees) ?? [];
  if (latitude === undefined || longitude === undefined) {
    throw new UsageError(`the location in the header must be latitude and longitude; got ${JSON.stringify(typed)}`, {
      code: "template.location",
      hint: 'use the form "52.5163,13.3777|name|address"',
    });
  }
  const about = { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) };
  return { latitude: Number(latitude), longitude: Number(longitude), ...about };
}

/** The components as the flags alone say them. */
export async function* typedComponents(given: GivenValues, options: SourceOptions): Composing {
  const header = given.header === undefined ? undefined : yield* typedHeader(given.header, options);
  return [
    ...(header === undefined ? [] : [{ type: "header", parameters: [header] }]),
    ...(given.param.length === 0 ? [] : [{ type: "body", parameters: given.param.map(typedParameter) }]),
    ...given.buttonParam.map(typedButton),
  ];
}

function typedParameter(typed: string): Content {
  const [, name, text] = /^([a-z_][a-z0-9_]*)=(.*)$/s.exec(typed) ?? [];
  return name === undefined ? { type: "text", text: typed } : { type: "text", parameter_name: name, text };
}

/** `0=text`, or `0=payload:text` for a quick reply. */
export function typedButton(typed: string): Content {
  const [index, value] = [typed.slice(0, 1), typed.slice(2)];
  const payload = /^payload:(.*)$/s.exec(value)?.[1];
  return payload === undefined
    ? { type: "button", sub_type: "url", index, parameters: [{ type: "text", text: value }] }
    : { type: "button", sub_type: "quick_reply", index, parameters: [{ type: "payload", payload }] };
}

/** A file or a URL with the extension of a media type is media; anything else is text. */
async function* typedHeader(typed: string, options: SourceOptions): AsyncGenerator<SendEvent, Content, void> {
  const extension = /\.\w+$/.exec(typed)?.[0].toLowerCase() ?? "";
  const kind = mediaKindOf(extension)?.kind;
  if (kind === undefined || kind === "audio" || kind === "sticker") return { type: "text", text: typed };
  const { object } = yield* mediaSource(typed, kind, options);
  return { type: kind, [kind]: object };
}
