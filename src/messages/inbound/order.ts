/** An order: the products in the shopping cart of a catalog. */
import * as z from "zod";

import { quote, scalar } from "../parts.ts";
import { defineInbound } from "./message.ts";

const item = z.looseObject({
  product_retailer_id: scalar,
  quantity: scalar.nullish(),
  item_price: scalar.nullish(),
  currency: z.string().nullish(),
});

export const order = defineInbound("order", {
  shape: { order: z.looseObject({ product_items: z.array(item), text: z.string().nullish() }) },
  examples: {
    default: {
      order: {
        catalog_id: "194836987003835",
        text: "",
        product_items: [
          { product_retailer_id: "hinge-40", quantity: 2, item_price: 17.5, currency: "EUR" },
          { product_retailer_id: "screws-4x30", quantity: 1, item_price: 3.9, currency: "EUR" },
        ],
      },
    },
    "with-text": {
      order: {
        catalog_id: "194836987003835",
        text: "Please pack them apart",
        product_items: [{ product_retailer_id: "hinge-60", quantity: 1, item_price: 24, currency: "EUR" }],
      },
    },
    older: {
      order: {
        catalog_id: "194836987003835",
        product_items: [{ product_retailer_id: "hinge-40", quantity: "3", item_price: "17.50", currency: "EUR" }],
      },
    },
  },
  summary: ({ order: { product_items, text } }) =>
    [product_items.map(describeItem).join(", "), total(product_items), text ? quote(text) : undefined]
      .filter(Boolean)
      .join(" · "),
  implies: "reply",
});

function describeItem({ quantity, product_retailer_id }: z.output<typeof item>): string {
  return quantity == null ? product_retailer_id : `${quantity} × ${product_retailer_id}`;
}

/** `38.90 EUR`, or nothing when a price is missing or there are several currencies. */
function total(items: readonly z.output<typeof item>[]): string | undefined {
  const currencies = new Set(items.map(({ currency }) => currency));
  const sum = items.reduce(
    (subtotal, { quantity, item_price }) => subtotal + Number(quantity ?? 1) * Number(item_price ?? NaN),
    0,
  );
  const [currency] = currencies;
  return currencies.size === 1 && currency != null && Number.isFinite(sum)
    ? `${sum.toFixed(2)} ${currency}`
    : undefined;
}
