/** The keys that any received message can have, whatever its type: context, referral, group, identity, errors. */
import * as z from "zod";

import { defineKind, summarize, type Kind } from "../kind.ts";
import { describeErrors, error, firstCode, fixErrors, quote, scalar } from "../parts.ts";

const common = {
  context: z
    .looseObject({
      id: scalar.nullish(),
      forwarded: z.boolean().nullish(),
      frequently_forwarded: z.boolean().nullish(),
      referred_product: z.looseObject({ product_retailer_id: scalar.nullish() }).nullish(),
    })
    .nullish(),
  referral: z
    .looseObject({
      source_type: z.string().nullish(),
      headline: z.string().nullish(),
      body: z.string().nullish(),
    })
    .nullish(),
  errors: z.array(error).nullish(),
  group_id: scalar.nullish(),
  identity: z.looseObject({ acknowledged: z.boolean().nullish() }).nullish(),
};

type Common = z.output<z.ZodObject<typeof common>>;

interface Definition<Shape extends z.ZodRawShape> {
  /** The keys of this type alone, usually the object named after it. */
  shape: Shape;
  /**
   * Messages without sender, id, timestamp and type, which the fixture adds. The sender has a number and a user id, unless `customer`
   * is `{ number: false }` (hidden behind a username) or `{ userId: false }` (before 2026); `{ parent: true }` adds a parent user id.
   */
  examples: Record<string, object>;
  /** The content in one line. */
  summary(item: z.output<z.ZodObject<Shape>>): string;
  /** A note that the type implies, so that the summary omits it: a button tap is always a reply. */
  implies?: "reply" | "identity";
}

export function defineInbound<Shape extends z.ZodRawShape>(name: string, definition: Definition<Shape>): Kind {
  const { shape, examples, summary, implies } = definition;
  const describe = (content: string, item: Common): string =>
    [[content, ...notes(item, implies)].filter(Boolean).join(" "), describeErrors(item.errors)]
      .filter(Boolean)
      .join(" · ");
  const schema = z.looseObject({ ...shape, ...common });
  const kind = defineKind(name, {
    schema,
    examples,
    summary: (item) => describe(summary(item as z.output<z.ZodObject<Shape>>), item as Common),
    fix: (item) => fixErrors((item as Common).errors),
    code: (item) => firstCode((item as Common).errors),
  });
  return {
    ...kind,
    read(item) {
      const reading = kind.read(item);
      const lacksContent =
        "problems" in reading && reading.problems.every(({ path, reason }) => path === name && reason === "missing");
      if (!lacksContent) return reading;
      const failed = withErrors.safeParse(item);
      if (!failed.success) return reading;
      const { errors } = failed.data;
      return summarize(describe("", failed.data), fixErrors(errors), firstCode(errors));
    },
  };
}

/** Meta sends `errors` in place of content that it could not deliver. */
const withErrors = z.looseObject({ ...common, errors: z.array(error).min(1) });

function notes({ context, referral, group_id, identity }: Common, implies: string | undefined): string[] {
  const found: string[] = [];
  if (context != null) {
    const { id, forwarded, frequently_forwarded, referred_product } = context;
    const product = referred_product?.product_retailer_id;
    if (product != null) found.push(`(about product ${product})`);
    else if (id != null && implies !== "reply") found.push("(reply)");
    if (frequently_forwarded === true) found.push("(forwarded many times)");
    else if (forwarded === true) found.push("(forwarded)");
  }
  if (referral != null) found.push(`(${describeReferral(referral)})`);
  if (group_id != null) found.push("(in a group)");
  if (identity?.acknowledged === false && implies !== "identity") found.push("(new identity, not acknowledged)");
  return found;
}

function describeReferral({ source_type, headline, body }: NonNullable<Common["referral"]>): string {
  const source =
    source_type === "ad" ? "an ad" : source_type === "post" ? "a post" : (source_type ?? "an unknown source");
  const text = headline || body;
  return text == null || text === "" ? `from ${source}` : `from ${source}: ${quote(text)}`;
}

/** For examples: the `context` of a reply to a message of the business. */
export const replyContext = {
  from: "15550783881",
  id: "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA",
};

/** For examples: the short-lived download URL that deliveries include since November 2025. */
export function exampleUrl(id: string): string {
  return `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${id}&source=webhook&ext=1785499500&hash=ATtestHash0123456789`;
}
