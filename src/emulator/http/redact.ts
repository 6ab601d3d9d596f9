/** Redacts secrets in everything that is emitted or stored. */

const SECRET = new Set(
  "access_token appsecret_proof client_secret verify_token fb_exchange_token input_token revoke_token pin hash".split(
    " ",
  ),
);
const REDACTED = "…";
/** Larger bodies are logged by size only, which bounds the memory of the request log. */
const MAX_LOGGED_BYTES = 64 * 1024;

export function redact<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(redact) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, isSecret(key, inner) ? REDACTED : redact(inner)]);
  return Object.fromEntries(entries) as Value;
}

function isSecret(key: string, value: unknown): boolean {
  // The parts of a batch contain tokens in URLs and forms; each part has a log entry of its own.
  if (key === "batch") return true;
  if (typeof value !== "string" && typeof value !== "number") return false;
  // A code of embedded signup; the codes of languages and errors are shorter.
  return SECRET.has(key) || (key === "code" && /^AQ\w{20}/.test(String(value)));
}

export function isTooLarge({ size }: { size: number }): boolean {
  return size > MAX_LOGGED_BYTES;
}

export function redactedBody(body: { fields: object; size: number }): unknown {
  return isTooLarge(body) ? `${body.size} bytes` : redact(body.fields);
}
