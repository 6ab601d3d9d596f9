/** Headers that could contain a secret are recorded without their values; Meta sends none of them. */

const SECRET_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

export function withoutSecrets(headers: [name: string, value: string][]): [name: string, value: string][] {
  if (!headers.some(isSecret)) return headers;
  return headers.map((header) => (isSecret(header) ? [header[0], "(redacted)"] : header));
}

function isSecret([name]: [name: string, value: string]): boolean {
  return SECRET_HEADERS.has(name.toLowerCase());
}
