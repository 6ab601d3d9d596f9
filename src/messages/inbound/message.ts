/** What every received message can have, whatever its type: what it answers, where it came from, what went wrong with it. */
import * as z from "zod";

import { defineKind, type Kind } from "../kind.ts";
import { describeErrors, error, quote, word } from "../parts.ts";

const common = {
  context: z
    .looseObject({
      id: word.nullish(),
      forwarded: z.boolean().nullish(),
      frequently_forwarded: z.boolean().nullish(),
      referred_product: z.looseObject({ product_retailer_id: word.nullish() }).nullish(),
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
  group_id: word.nullish(),
  identity: z.looseObject({ acknowledged: z.boolean().nullish() }).nullish(),
};

type Common = z.output<z.ZodObject<typeof common>>;

interface Definition<Shape extends z.ZodRawShape> {
  /** The keys of its own: the object of the type. */
  shape: Shape;
  /** Without sender, id, timestamp and type, which the fixture adds. */
  examples: Record<string, object>;
  /** The content in a few words. */
  summary(item: z.output<z.ZodObject<Shape>>): string;
  /** What goes without saying here: that a tap on a button is an answer. */
  implies?: "reply" | "identity";
}

export function defineInbound<Shape extends z.ZodRawShape>(name: string, definition: Definition<Shape>): Kind {
  const { shape, examples, summary, implies } = definition;
  const tell = (content: string, item: Common): string =>
    [[content, ...notes(item, implies)].filter(Boolean).join(" "), describeErrors(item.errors)]
      .filter(Boolean)
      .join(" · ");
  const schema = z.looseObject({ ...shape, ...common });
  const kind = defineKind(name, {
    schema,
    examples,
    summary: (item) => tell(summary(item as z.output<z.ZodObject<Shape>>), item as Common),
  });
  return {
    ...kind,
    read(item) {
      const reading = kind.read(item);
      const lacksContent =
        "problems" in reading && reading.problems.every(({ place, what }) => place === name && what === "missing");
      if (!lacksContent) return reading;
      const errors = withErrors.safeParse(item);
      return errors.success ? { summary: tell("", errors.data) } : reading;
    },
  };
}

/** Instead of a content that Meta could not hand on there are errors. */
const withErrors = z.looseObject({ ...common, errors: z.array(error).min(1) });

function notes({ context, referral, group_id, identity }: Common, implies: string | undefined): string[] {
  const found: string[] = [];
  if (context != null) {
    const { id, forwarded, frequently_forwarded, referred_product } = context;
    const product = referred_product?.product_retailer_id;
    if (product != null) found.push(`(about the product ${product})`);
    else if (id != null && implies !== "reply") found.push("(reply)");
    if (frequently_forwarded === true) found.push("(forwarded many times)");
    else if (forwarded === true) found.push("(forwarded)");
  }
  if (referral != null) found.push(`(${describeReferral(referral)})`);
  if (group_id != null) found.push("(in a group)");
  if (identity?.acknowledged === false && implies !== "identity") found.push("(with a new identity, not confirmed)");
  return found;
}

function describeReferral({ source_type, headline, body }: NonNullable<Common["referral"]>): string {
  const source = source_type === "ad" ? "an ad" : source_type === "post" ? "a post" : (source_type ?? "elsewhere");
  const words = headline || body;
  return words == null || words === "" ? `from ${source}` : `from ${source}: ${quote(words)}`;
}

/** For examples: the message of ours that is answered. */
export const answered = {
  from: "15550783881",
  id: "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA",
};

/** For examples: where a file can be fetched for some minutes, as deliveries say it since November 2025. */
export function exampleUrl(id: string): string {
  return `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${id}&source=webhook&ext=1785499500&hash=ATtestHash0123456789`;
}
