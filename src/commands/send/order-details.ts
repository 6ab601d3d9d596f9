/** `wa-hook send order-details`: sends a bill that can be paid in WhatsApp (India, Brazil, Singapore). */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { parseObject } from "../../json.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import { body, footer, idFrom, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

/** An amount of money in hundredths, as Meta takes it with the offset 100. */
const AMOUNT = /^\d{1,12}(\.\d{1,2})?$/;
const money = z.string().regex(AMOUNT, "must be an amount such as 45 or 45.50").optional();

const inputs = z.object({
  body,
  reference: input("--reference <id>", "Your ID of the order, unique for each bill", z.string().optional()),
  item: input(
    "--item <name=price|n*price>",
    'An item, such as "Screws=12*0.25" (repeatable)',
    z.array(z.string()).default([]),
  ),
  tax: input("--tax <amount>", "The tax (default: 0)", money),
  shipping: input("--shipping <amount>", "The cost of shipping", money),
  discount: input("--discount <amount>", "The discount", money),
  currency: input("--currency <code>", "INR, BRL or SGD (default: INR)", z.string().default("INR")),
  goods: input("--physical", "Physical goods that are shipped (default: digital goods)", yes),
  configuration: input(
    "--configuration <name>",
    "The payment configuration in WhatsApp Manager (India)",
    z.string().optional(),
  ),
  paymentLink: input("--payment-link <url>", "The page where the bill is paid (Brazil)", z.string().optional()),
  payment: input("--payment <json>", "Any payment_settings, as a JSON array", z.string().optional()),
  footer,
  ...sendInputs,
});

type Inputs = z.output<typeof inputs>;

export const sendOrderDetails = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send order-details "Your bill" --reference o-17 --item Repair=450', "A bill of 450 INR"],
    ['wa-hook send order-details Bill --reference o-18 --item "Screws=12*0.25"', "Twelve of one item"],
  ],

  run: (inputs, world) => {
    const { reference, currency } = inputs;
    if (reference === undefined) {
      throw new UsageError("--reference is missing", {
        code: "order.reference",
        hint: "use an ID that you have not used for another bill, such as order-17",
      });
    }
    const parameters = {
      reference_id: reference,
      type: inputs.goods ? "physical-goods" : "digital-goods",
      ...paymentOf(inputs),
      currency,
      ...orderOf(inputs),
    };
    return send(inputs, world, interactive("order_details", inputs, { name: "review_and_pay", parameters }));
  },

  print: printSend,
});

function paymentOf({ currency, configuration, paymentLink, payment }: Inputs): object {
  // Source: Meta's OpenAPI document, and its page on payments in Brazil.
  const type = currency === "BRL" ? "br" : configuration === undefined ? undefined : "upi";
  const typed = type === undefined ? {} : { payment_type: type };
  if (payment !== undefined) {
    const settings = parseObject(payment);
    if (Array.isArray(settings)) return { ...typed, payment_settings: settings };
    throw new UsageError("--payment is not a JSON array", {
      code: "order.payment",
      hint: `use the form --payment '[{"type":"payment_link","payment_link":{"uri":"https://example.com/pay"}}]'`,
    });
  }
  const link = paymentLink === undefined ? [] : [{ type: "payment_link", payment_link: { uri: paymentLink } }];
  return {
    ...typed,
    ...(configuration === undefined ? {} : { payment_configuration: configuration }),
    ...(link.length === 0 ? {} : { payment_settings: link }),
  };
}

/** The order and its total, which Meta compares: subtotal + tax + shipping - discount. */
function orderOf({ item, tax = "0", shipping, discount }: Inputs): object {
  const items = item.map(itemOf);
  const subtotal = items.reduce((sum, { amount, quantity }) => sum + amount.value * quantity, 0);
  const total = subtotal + hundredths(tax) + hundredths(shipping ?? "0") - hundredths(discount ?? "0");
  return {
    total_amount: amountOf(total),
    order: {
      status: "pending",
      items,
      subtotal: amountOf(subtotal),
      tax: amountOf(hundredths(tax)),
      ...(shipping === undefined ? {} : { shipping: amountOf(hundredths(shipping)) }),
      ...(discount === undefined ? {} : { discount: amountOf(hundredths(discount)) }),
    },
  };
}

function itemOf(typed: string): { retailer_id: string; name: string; amount: { value: number }; quantity: number } {
  const [, name, quantity = "1", price] = /^([^=]+)=(?:(\d{1,9})\*)?(.+)$/s.exec(typed) ?? [];
  if (name === undefined || price === undefined || !AMOUNT.test(price)) {
    throw new UsageError(`--item must be name=price or name=n*price; got ${JSON.stringify(typed)}`, {
      code: "order.item",
      hint: "use a form such as --item Repair=45.50 or --item Screws=12*0.25",
    });
  }
  return { retailer_id: idFrom(name), name, amount: amountOf(hundredths(price)), quantity: Number(quantity) };
}

function hundredths(amount: string): number {
  return Math.round(Number(amount) * 100);
}

function amountOf(value: number): { value: number; offset: number } {
  return { value, offset: 100 };
}
