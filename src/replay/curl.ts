/** A recorded delivery as a curl command that sends it again. */
import { quote } from "../graph/curl.ts";
import type { Delivery } from "../store/store.ts";

/** curl sets these itself, or they belong to the connection. */
const OMITTED = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "keep-alive",
  "expect",
  "upgrade",
  "te",
  "trailer",
]);
/** What the store has instead of a secret. */
const REDACTED = "(redacted)";
/** Longer arguments are refused by Linux. */
const MAX_ARGUMENT = 100_000;
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Sends exactly the bytes and the signature that were received. A body that cannot stand in a command line is read from the store. Headers
 * with secrets are left out.
 */
export function curlOfDelivery({ id, headers, body }: Pick<Delivery, "id" | "headers" | "body">, url: string): string {
  const text = Buffer.from(body).toString("latin1");
  const isArgument = PRINTABLE.test(text) && text.length <= MAX_ARGUMENT && !text.startsWith("@");
  const kept = headers.filter(
    ([name, value]) => !OMITTED.has(name.toLowerCase()) && value !== REDACTED && PRINTABLE.test(`${name}${value}`),
  );
  const command = [
    `curl -X POST ${quote(url)}`,
    ...kept.map(([name, value]) => `-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`),
    `--data-binary ${isArgument ? quote(text) : "@-"}`,
  ].join(" \\\n  ");
  return isArgument ? command : `wa-hook events show ${id} --raw | ${command}`;
}
