/** Sending: each outbound example is sent through a library and compared with the request that the emulator receives. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { expect } from "vitest";

import { outboundExamples } from "../../src/messages/outbound/index.ts";
import { prepare, type Emulated } from "../emulator/test-emulator.ts";
import { last, type Loose, type Operation, type Remark } from "./client.ts";

const EXAMPLES = [
  ...outboundExamples(),
  { name: "reply", request: { ...like("text"), context: { message_id: "wamid.0" } } },
  { name: "tracked", request: { ...like("text"), biz_opaque_callback_data: "parcel-4711" } },
  { name: "to a user id", request: { ...like("text"), to: undefined, recipient: "US.0" } },
];

/** The rows of the table begin with these, in this order. */
export const EXAMPLE_NAMES = [...new Set(EXAMPLES.map(({ name }) => name))];

function like(name: string): object {
  return outboundExamples().find((example) => example.name === name)?.request as object;
}

/**
 * Sends examples of our outbound kinds: what arrives must be the example, and the id that the library returns the one that was given.
 * `arrives` says what else the library makes of it.
 */
export function sends(
  names: readonly string[],
  send: (stage: Emulated, request: Loose) => Promise<string | undefined>,
  { arrives = (request) => request, ...remark }: Remark & { arrives?: (request: Loose) => object } = {},
): Operation[] {
  return names.map((name) => ({
    ...remark,
    name,
    async run(stage) {
      const request = (await prepare(EXAMPLES.find((example) => example.name === name)?.request, stage)) as Loose;
      const id = await send(stage, request);
      const { body, kind, messageId, status } = last(stage);
      expect(status).toBe(200);
      expect(plain(body)).toEqual(plain(arrives(request)));
      if (kind !== "read") expect(messageId).toBeTypeOf("string");
      expect(id).toBe(messageId);
    },
  }));
}

/** Normalizes a request: removes default values and converts indexes to text. */
function plain(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (DEFAULTS[key] === value || (Array.isArray(value) && key === "components" && value.length === 0))
      return undefined;
    // Some libraries send contacts as JSON text.
    if (key === "contacts" && typeof value === "string") return JSON.parse(value);
    return key === "index" ? String(value) : value;
  });
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  recipient_type: "individual",
  policy: "deterministic",
  preview_url: false,
};
