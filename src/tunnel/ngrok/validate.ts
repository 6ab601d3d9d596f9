/** Checks the address and the certificates of the ngrok service before the SDK gets them. */
import { X509Certificate } from "node:crypto";

import { reasonOf, UsageError } from "../../errors.ts";

/** `host` or `host:port`. */
export function validateAddress(connectUrl: string | undefined): void {
  if (connectUrl === undefined || /^[\w.-]+(?::\d{1,5})?$/.test(connectUrl)) return;
  throw new UsageError(`the ngrok service address must be host:port, got ${connectUrl}`, {
    code: "tunnel.connect-url",
    hint: "use the form connect.example.com:443, without https://",
  });
}

/** The SDK aborts the process when it cannot parse the PEM text. */
export function validateCertificates(connectCas: string | undefined): void {
  if (connectCas === undefined || connectCas === "host" || connectCas === "trusted") return;
  const hint = "set NGROK_CONNECT_CAS to a PEM file that contains the CA certificate";
  const blocks = connectCas.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    throw new UsageError("the CA file for the ngrok service contains no certificate", {
      code: "tunnel.connect-cas",
      hint,
    });
  }
  try {
    for (const block of blocks) void new X509Certificate(block);
  } catch (cause) {
    throw new UsageError(`the CA file for the ngrok service contains an invalid certificate: ${reasonOf(cause)}`, {
      code: "tunnel.connect-cas",
      hint,
      cause,
    });
  }
}
