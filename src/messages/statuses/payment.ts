/** The status of a payment for an order (India, Brazil): `type` is `payment`, and `status` is that of the payment. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeErrors, error, firstCode, fixErrors, scalar } from "../parts.ts";

const amount = z.looseObject({ value: scalar, offset: scalar.nullish() });

const schema = z.looseObject({
  status: z.string(),
  errors: z.array(error).nullish(),
  payment: z
    .looseObject({
      reference_id: scalar.nullish(),
      amount: amount.nullish(),
      currency: z.string().nullish(),
      transaction: z
        .looseObject({ error: z.looseObject({ code: scalar.nullish(), reason: z.string().nullish() }).nullish() })
        .nullish(),
      refunds: z.array(z.unknown()).nullish(),
    })
    .nullish(),
});

function paid(status: string, transaction: object, more: object = {}): object {
  return {
    // Meta's page about payments names no user ids.
    customer: { userId: false },
    type: "payment",
    status,
    payment: {
      reference_id: "order-4711",
      amount: { value: 38_900, offset: 100 },
      currency: "INR",
      transaction: {
        id: "order-4711-1",
        type: "razorpay",
        ...transaction,
        created_timestamp: 1_785_499_100,
        updated_timestamp: 1_785_499_190,
      },
      ...more,
    },
  };
}

export const payment = defineKind("payment", {
  schema,
  examples: {
    captured: paid("captured", { pg_transaction_id: "pay_test0001", status: "success", method: { type: "upi" } }),
    pending: paid("pending", { status: "pending" }),
    failed: paid("failed", {
      status: "failed",
      error: { code: "BAD_REQUEST_ERROR", reason: "The card has expired" },
    }),
    refunded: paid(
      "captured",
      { pg_transaction_id: "pay_test0002", status: "success", method: { type: "card" } },
      {
        receipt: "receipt-4711",
        notes: { counter: "2" },
        refunds: [
          { id: "refund-1", amount: { value: 3900, offset: 100 }, speed_processed: "normal", status: "success" },
        ],
      },
    ),
  },
  summary: ({ status, errors, payment: details }) =>
    [
      status,
      details?.amount == null ? undefined : [formatAmount(details.amount), details.currency].filter(Boolean).join(" "),
      details?.reference_id,
      details?.refunds?.length ? "with refund" : undefined,
      [details?.transaction?.error?.code, details?.transaction?.error?.reason].filter(Boolean).join(": "),
      describeErrors(errors),
    ]
      .filter(Boolean)
      .join(" · "),
  fix: ({ errors, payment: details }) =>
    details?.transaction?.error == null
      ? fixErrors(errors)
      : "ask the customer to try again or to use another payment method",
  code: ({ errors }) => firstCode(errors),
});

/** `{ value: 38900, offset: 100 }` is 389.00. */
function formatAmount({ value, offset }: z.output<typeof amount>): string {
  const [whole, parts] = [Number(value), Number(offset ?? 1)];
  const digits = Math.log10(parts);
  return Number.isFinite(whole) && Number.isInteger(digits) && digits >= 0 && digits <= 6
    ? (whole / parts).toFixed(digits)
    : value;
}
