/** Values without the secrets in them, for everything that is told or kept. */

const SECRET = new Set(
  "access_token appsecret_proof client_secret verify_token fb_exchange_token input_token revoke_token pin hash".split(
    " ",
  ),
);
const HIDDEN = "…";
/** A larger body is told by its size alone, so that a thousand of them do not fill the memory. */
const MAX_TOLD_BYTES = 64 * 1024;

export function withoutSecrets<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutSecrets) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    hides(key, inner) ? HIDDEN : withoutSecrets(inner),
  ]);
  return Object.fromEntries(entries) as Value;
}

function hides(key: string, value: unknown): boolean {
  return typeof value === "string" && SECRET.has(key);
}

export function isTooLarge({ size }: { size: number }): boolean {
  return size > MAX_TOLD_BYTES;
}

export function told(body: { fields: object; size: number }): unknown {
  return isTooLarge(body) ? `${body.size} bytes` : withoutSecrets(body.fields);
}
