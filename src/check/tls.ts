/** The TLS of an endpoint: certificate, protocol, and whether the server asks for a client certificate. */
import { connect, type Socket } from "node:net";
import { Duplex, Transform } from "node:stream";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";

import { reasonOf, systemCode } from "../errors.ts";
import { connectOptions } from "../http/loopback.ts";
import type { Endpoint } from "./endpoint.ts";

export interface TlsDetails {
  /** Why the certificate is not trusted: a code of OpenSSL or Node.js, such as `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  untrusted?: string;
  /** `TLSv1.3` */
  protocol?: string;
  /** In milliseconds since 1970. */
  expiresAt?: number;
  /** The name of the certificate's issuer. */
  issuer?: string;
  /** Whether the server asks for a client certificate; undefined when it cannot be seen. */
  asksForCertificate?: boolean;
  /** Why there was no TLS connection. */
  failure?: string;
  errorCode?: string;
}

/** Never rejects. The endpoint's URL is https:. */
export async function inspectTls(endpoint: Endpoint): Promise<TlsDetails> {
  const [details, asksForCertificate] = await Promise.all([inspect(endpoint, {}), asksForCertificateIn(endpoint)]);
  const asked = asksForCertificate === undefined ? {} : { asksForCertificate };
  if (details.failure === undefined) return { ...details, ...asked };
  // Node.js does not offer the versions that are out of date by itself.
  const old = await inspect(endpoint, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
  return old.protocol === undefined ? details : old;
}

async function inspect(endpoint: Endpoint, options: ConnectionOptions): Promise<TlsDetails> {
  try {
    const socket = await open(endpoint, options);
    const { valid_to, issuer } = socket.getPeerCertificate();
    const [expiresAt, protocol] = [Date.parse(valid_to), socket.getProtocol()];
    // The type says that it is an Error, and it is a code.
    const untrusted = socket.authorized ? undefined : String(socket.authorizationError);
    const issuedBy = issuer?.O ?? issuer?.CN;
    socket.destroy();
    return {
      ...(untrusted === undefined ? {} : { untrusted }),
      ...(protocol === null ? {} : { protocol }),
      ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
      ...(issuedBy === undefined ? {} : { issuer: String(issuedBy) }),
    };
  } catch (error) {
    const errorCode = systemCode(error);
    return { failure: reasonOf(error), ...(errorCode === undefined ? {} : { errorCode }) };
  }
}

/** Connects without refusing a certificate that is not trusted. */
function open({ url, ca, timeout, signal }: Endpoint, options: ConnectionOptions): Promise<TLSSocket> {
  const host = url.hostname.replaceAll(/^\[|\]$/g, "");
  // A name for an IP address is not allowed in TLS.
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host,
      port: Number(url.port || 443),
      rejectUnauthorized: false,
      ...servername,
      ...connectOptions(url),
      ...(ca === undefined ? {} : { ca: [...ca] }),
      ...options,
    });
    const abort = () => socket.destroy(new Error("interrupted"));
    signal.addEventListener("abort", abort, { once: true });
    socket.on("close", () => {
      signal.removeEventListener("abort", abort);
      reject(new Error("the server closed the connection"));
    });
    socket.setTimeout(timeout, () => socket.destroy(new Error(`no TLS connection within ${timeout / 1000} s`)));
    socket.on("error", reject);
    socket.on("secureConnect", () => resolve(socket));
  });
}

/** In TLS 1.2, the handshake of the server is not encrypted: whether a CertificateRequest is in it can be seen. */
async function asksForCertificateIn(endpoint: Endpoint): Promise<boolean | undefined> {
  const { hostname, port } = endpoint.url;
  const plain = connect({
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    port: Number(port || 443),
    ...connectOptions(endpoint.url),
  });
  const reader = new HandshakeReader();
  const socket = open(endpoint, { socket: tapped(plain, reader), maxVersion: "TLSv1.2" });
  plain.on("error", () => undefined);
  await socket.catch(() => undefined);
  plain.destroy();
  return reader.isDone ? reader.hasCertificateRequest : undefined;
}

/** The socket as a stream whose incoming bytes are also read by `reader`. */
function tapped(plain: Socket, reader: HandshakeReader): Socket {
  const incoming = new Transform({
    transform(chunk: Buffer, _, done) {
      reader.read(chunk);
      done(null, chunk);
    },
  });
  plain.pipe(incoming);
  return Duplex.from({ readable: incoming, writable: plain }) as Socket;
}

/** Reads TLS records up to the end of the server's first flight. Source: RFC 5246, sections 6.2.1 and 7.4. */
class HandshakeReader {
  hasCertificateRequest = false;
  isDone = false;
  #records = Buffer.alloc(0);
  #messages = Buffer.alloc(0);

  read(chunk: Buffer): void {
    if (this.isDone || this.#records.length > MAX_FLIGHT) return;
    this.#records = Buffer.concat([this.#records, chunk]);
    while (this.#records.length >= 5) {
      const length = this.#records.readUInt16BE(3);
      if (this.#records.length < 5 + length) return;
      if (this.#records[0] === HANDSHAKE) this.#add(this.#records.subarray(5, 5 + length));
      this.#records = this.#records.subarray(5 + length);
    }
  }

  #add(fragment: Buffer): void {
    if (this.isDone) return;
    this.#messages = Buffer.concat([this.#messages, fragment]);
    while (this.#messages.length >= 4 && !this.isDone) {
      const length = this.#messages.readUIntBE(1, 3);
      if (this.#messages.length < 4 + length) return;
      if (this.#messages[0] === CERTIFICATE_REQUEST) this.hasCertificateRequest = true;
      if (this.#messages[0] === SERVER_HELLO_DONE) this.isDone = true;
      this.#messages = this.#messages.subarray(4 + length);
    }
  }
}

const [HANDSHAKE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE] = [22, 13, 14];
/** A chain of certificates is far smaller. */
const MAX_FLIGHT = 256 * 1024;
