/** HTTPS as Meta requires it. */
import { isLoopback } from "../../http/url.ts";
import type { Endpoint } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";
import { inspectTls, type TlsDetails } from "../tls.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_DAYS = 14;

/** One inspection serves all probes. */
const inspected = new WeakMap<Endpoint, Promise<TlsDetails>>();

function detailsOf(endpoint: Endpoint): Promise<TlsDetails> {
  const known = inspected.get(endpoint) ?? inspectTls(endpoint);
  inspected.set(endpoint, known);
  return known;
}

export const https = defineProbe({
  code: "endpoint.https",
  title: "HTTPS",
  expected: "an https: URL",
  why: "Meta delivers to HTTPS only; on this machine, plain HTTP behind a tunnel or a proxy is usual",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: [],
  blocks: "the URL is not https:",
  turn: "first",
  ask({ url }) {
    if (url.protocol === "https:") return Promise.resolve(pass("https:"));
    return Promise.resolve(isLoopback(url) ? pass("http: on this machine") : bad("http:", "plain-http"));
  },
});

export const trusted = defineProbe({
  code: "tls.trusted",
  title: "Certificate",
  expected: "a complete chain of a public CA for this host name",
  why: "Meta verifies the certificate and does not connect when it is self-signed, expired or for another name",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: [],
  requires: "https",
  blocks: "the certificate is not trusted",
  turn: "first",
  async ask(endpoint) {
    const { untrusted, failure, issuer = "unknown" } = await detailsOf(endpoint);
    if (failure !== undefined)
      return bad(failure, "untrusted-certificate", "check host, port and the server's TLS settings");
    if (untrusted === undefined) return pass(`issued by ${issuer}`);
    return bad(`${untrusted} (issued by ${issuer})`, "untrusted-certificate", FIXES[untrusted]);
  },
});

/** By the codes of OpenSSL and Node.js. */
const FIXES: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "use a certificate for this host name",
  CERT_HAS_EXPIRED: "renew the certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "serve the full chain: the intermediate certificates after the server's own",
  UNABLE_TO_GET_ISSUER_CERT: "serve the full chain: the intermediate certificates after the server's own",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "serve the full chain: the intermediate certificates after the server's own; for a private test CA use --ca",
};

export const version = defineProbe({
  code: "tls.version",
  title: "TLS version",
  expected: "TLS 1.2 or newer",
  why: "older versions are insecure, and current clients do not offer them",
  severity: "warn",
  needs: ["tls.trusted"],
  requires: "https",
  blocks: "TLS is out of date",
  turn: "first",
  async ask(endpoint) {
    const { protocol = "unknown" } = await detailsOf(endpoint);
    return /^TLSv1(\.1)?$/.test(protocol) ? bad(protocol, "old-tls") : pass(protocol);
  },
});

export const expiry = defineProbe({
  code: "tls.expiry",
  title: "Certificate expiry",
  expected: `more than ${SOON_DAYS} days`,
  why: "deliveries end with the certificate",
  severity: "warn",
  needs: ["tls.trusted"],
  requires: "https",
  blocks: "the certificate expires",
  turn: "first",
  async ask(endpoint) {
    const { expiresAt = Infinity } = await detailsOf(endpoint);
    const days = Math.floor((expiresAt - Date.now()) / DAY_MS);
    if (days > SOON_DAYS) return pass(`in ${days} days`);
    return bad(`in ${days} days`, "certificate-expires");
  },
});

export const clientCertificate = defineProbe({
  code: "tls.client-certificate",
  title: "Client certificate",
  expected: "requested or not: both are right",
  why: "Meta can present a certificate (client.webhooks.fbclientcerts.com), signed by its own CA since 2026",
  source: ENDPOINT_DOCS,
  severity: "warn",
  needs: ["tls.trusted"],
  requires: "https",
  blocks: "a client certificate is required",
  turn: "first",
  async ask(endpoint) {
    const { asksForCertificate } = await detailsOf(endpoint);
    if (asksForCertificate === undefined) return pass("unknown: the server has TLS 1.3 only");
    return pass(asksForCertificate ? "requested: turn mTLS on for the app in Meta's dashboard" : "not requested");
  },
});
