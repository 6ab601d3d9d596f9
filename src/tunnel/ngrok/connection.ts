/** Where ngrok's SDK connects and whom it trusts there, checked before it is told. */
import { X509Certificate } from "node:crypto";

import { reasonOf, UsageError } from "../../errors.ts";

/** `host` or `host:port`. */
export function checkAddress(connectUrl: string | undefined): void {
  if (connectUrl === undefined || /^[\w.-]+(?::\d{1,5})?$/.test(connectUrl)) return;
  throw new UsageError(`the address of ngrok's service must be host:port; got ${connectUrl}`, {
    code: "tunnel.connect-url",
    hint: "write it like connect.example.com:443, without https://",
  });
}

/** The SDK ends the process over a PEM text that it cannot read. */
export function checkCertificates(connectCas: string | undefined): void {
  if (connectCas === undefined || connectCas === "host" || connectCas === "trusted") return;
  const hint = "name a PEM file with the certificate of the authority, in NGROK_CONNECT_CAS";
  const blocks = connectCas.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    throw new UsageError("the certificates to trust for ngrok's service have no certificate in them", {
      code: "tunnel.connect-cas",
      hint,
    });
  }
  try {
    for (const block of blocks) void new X509Certificate(block);
  } catch (cause) {
    throw new UsageError(`the certificates to trust for ngrok's service cannot be read: ${reasonOf(cause)}`, {
      code: "tunnel.connect-cas",
      hint,
      cause,
    });
  }
}
