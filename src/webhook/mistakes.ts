/** Mistakes of webhook receivers, each with its cause and its fix in one sentence. `check` and `replay` name them in the same words. */

export interface Mistake {
  /** What the app does, to follow "because" or to stand alone. */
  cause: string;
  /** What to do, as an imperative. */
  fix: string;
  /** How to do it, by framework. */
  snippets?: readonly Snippet[];
}

interface Snippet {
  framework: string;
  code: string;
}

/** How to get the bytes of a request before anything parses them. */
const RAW_BODY: readonly Snippet[] = [
  { framework: "Express", code: 'app.post("/webhook", express.raw({ type: "application/json" }), handler)' },
  {
    framework: "Fastify",
    code: 'app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) => done(null, body))',
  },
  { framework: "Next.js, Hono", code: "const body = await request.text()" },
  { framework: "Flask", code: "body = request.get_data()" },
  { framework: "FastAPI", code: "body = await request.body()" },
];

const BODY_LIMIT: readonly Snippet[] = [
  { framework: "Express", code: 'express.raw({ type: "application/json", limit: "4mb" })' },
  { framework: "Fastify", code: "Fastify({ bodyLimit: 4 * 1024 * 1024 })" },
  { framework: "nginx", code: "client_max_body_size 4m;" },
];

const CHALLENGE: readonly Snippet[] = [
  { framework: "Express", code: 'response.type("text/plain").send(request.query["hub.challenge"])' },
  { framework: "Fastify", code: 'reply.type("text/plain").send(request.query["hub.challenge"])' },
  { framework: "Next.js, Hono", code: 'return new Response(url.searchParams.get("hub.challenge"))' },
  { framework: "Flask", code: 'return request.args.get("hub.challenge")' },
  { framework: "FastAPI", code: "return PlainTextResponse(challenge)" },
];

const CHECK_FIRST =
  "verify X-Hub-Signature-256 over the raw body, and respond with 401 when it is missing or does not match";
const READ_TOLERANTLY = "acknowledge every delivery with a valid signature, and skip what the app does not use";

/** By code: stable, for programs. */
export const MISTAKES = {
  "parsed-body": {
    cause: String.raw`the app verifies the signature of the parsed and re-serialized body: it rejected only bodies with \/ or \u escapes`,
    fix: "verify the signature over the raw request body",
    snippets: RAW_BODY,
  },
  "wrong-secret": {
    cause: "the app rejects deliveries signed with the app secret",
    fix: "use the same app secret in the app, without quotes or white space: App settings → Basic → App secret",
  },
  "verify-token-as-key": {
    cause: "the app verifies signatures with the verify token instead of the app secret",
    fix: "use the app secret (App settings → Basic) as the HMAC key; the verify token is for the handshake only",
  },
  "rejects-deliveries": {
    cause: "the app does not accept deliveries with a valid signature",
    fix: "respond with 200 to every delivery with a valid signature",
  },
  "accepts-unsigned": {
    cause: "the app accepts deliveries without a signature, so that anyone can forge messages",
    fix: CHECK_FIRST,
  },
  "accepts-empty-signature": {
    cause: "the app accepts deliveries with an empty signature",
    fix: "compare the whole header with sha256= and 64 hex digits, and respond with 401 to anything else",
  },
  "accepts-empty-secret": {
    cause: "the app accepts signatures computed with an empty key: it runs without an app secret",
    fix: "let the app refuse to start without WHATSAPP_APP_SECRET",
  },
  "accepts-wrong-signature": {
    cause: "the app accepts deliveries whose signature does not match",
    fix: CHECK_FIRST,
  },
  "accepts-tampered": {
    cause: "the app accepts bodies that were changed after signing",
    fix: "compute the HMAC over the whole raw body of the same request",
  },
  "accepts-malformed": {
    cause: "the app accepts malformed signatures",
    fix: "compare the whole header with sha256= and 64 hex digits, and respond with 401 to anything else",
  },
  "accepts-sha1": {
    cause: "the app accepts the legacy SHA-1 header X-Hub-Signature in place of X-Hub-Signature-256",
    fix: "verify X-Hub-Signature-256 only, and reject deliveries without it",
  },
  "second-signature-header": {
    cause: "the app trusts a second signature header beside one that does not match",
    fix: "reject deliveries with more than one X-Hub-Signature-256 header: Meta sends one",
  },
  "throws-on-length": {
    cause: "the app fails on signatures of another length or form instead of rejecting them",
    fix: "compare the lengths before crypto.timingSafeEqual, and respond with 401 when they differ",
  },
  "case-sensitive-header": {
    cause: "the app finds the signature header in one spelling only; proxies and HTTP/2 write it in lowercase",
    fix: "look up the header without regard to case: header names are case-insensitive",
  },
  "token-not-checked": {
    cause: "the app confirms the handshake for any verify token, so that anyone can register its URL",
    fix: "compare hub.verify_token with the verify token, and respond with 403 when they differ",
  },
  "wrong-verify-token": {
    cause: "the app rejects the handshake with the configured verify token",
    fix: "use the same verify token in the app and for wa-hook",
  },
  "challenge-as-json": {
    cause: "the app responds to the handshake with JSON instead of the challenge",
    fix: "respond with the value of hub.challenge as plain text",
    snippets: CHALLENGE,
  },
  "challenge-quoted": {
    cause: "the app responds to the handshake with the challenge in quotes",
    fix: "respond with the value of hub.challenge as plain text, not as JSON",
    snippets: CHALLENGE,
  },
  "challenge-changed": {
    cause: "the app responds to the handshake with something other than the challenge",
    fix: "respond with the value of hub.challenge and nothing else: no line break, no HTML",
    snippets: CHALLENGE,
  },
  "signature-before-handshake": {
    cause: "the app verifies a signature before the handshake, which has none",
    fix: "verify signatures on POST only: Meta does not sign the GET of the handshake",
  },
  "status-201": {
    cause: "the app acknowledges with a status other than 200",
    fix: "respond with exactly 200: Meta sends deliveries again after any other status",
  },
  redirect: {
    cause: "the endpoint redirects, and Meta does not follow redirects",
    fix: "use the final URL, including scheme, host and any trailing slash",
  },
  "html-error": {
    cause: "the endpoint responds with an HTML page",
    fix: "check the path of the URL and what is in front of the app: a login, an error page, a static site",
  },
  "answers-before-reading": {
    cause: "the app acknowledges deliveries before it has read and verified them",
    fix: "read the body and verify its signature first; then acknowledge, then process",
  },
  "crash-on-messages": { cause: "the app fails on some types of messages", fix: READ_TOLERANTLY },
  "crash-on-statuses": {
    cause: "the app fails on deliveries without messages, such as statuses",
    fix: "read value.messages only when it is there: most deliveries have value.statuses instead",
  },
  "crash-on-errors": {
    cause: "the app fails on deliveries that have only value.errors",
    fix: "read value.messages and value.statuses only when they are there",
  },
  "crash-on-account-fields": {
    cause: "the app fails on webhook fields other than messages",
    fix: "check change.field first, and skip fields that the app does not use: their value has no metadata or messages",
  },
  "crash-without-from": {
    cause: "the app fails on messages of customers without a phone number",
    fix: "identify customers by from_user_id when from is missing: numbers can be hidden behind usernames",
  },
  "crash-on-unknown": {
    cause: "the app fails on types and values that it does not know",
    fix: READ_TOLERANTLY,
  },
  "crash-on-batches": {
    cause: "the app fails on deliveries with several entries, changes or messages",
    fix: "iterate over entry[], changes[], messages[] and statuses[]",
  },
  "body-limit": {
    cause: "the app rejects large bodies; Meta sends up to 3 MB",
    fix: "raise the limit of the body parser to 4 MB",
    snippets: BODY_LIMIT,
  },
  slow: {
    cause: "the app responds too slowly",
    fix: "respond with 200 as soon as the signature is verified, and process the delivery afterwards",
  },
  "fails-under-load": {
    cause: "the app fails when deliveries arrive at the same time",
    fix: "check the app's log for the error, and its limits for connections, rates and database locks",
  },
  "rejects-duplicates": {
    cause: "the app responds with an error to a delivery that it has seen before",
    fix: "respond with 200 to duplicates without processing them: Meta repeats what is not acknowledged",
  },
  "rejects-disorder": {
    cause: "the app fails on statuses that arrive out of order",
    fix: "accept statuses in any order, and ignore those that are older than what is known",
  },
  "first-entry-only": {
    cause: "the app processes only some of the messages of a delivery",
    fix: "iterate over entry[], changes[] and messages[]: one delivery can have up to 1000",
  },
  "not-idempotent": {
    cause: "the app processes a delivery again when Meta repeats it",
    fix: "remember the message ids for 7 days, and skip those that are known",
  },
  "duplicate-race": {
    cause: "the app processes a delivery twice when it arrives twice at the same moment",
    fix: "claim the message id in one atomic step, such as an INSERT into a unique column, before processing",
  },
  "frozen-after-response": {
    cause: "the app acknowledges messages, and then nothing happens",
    fix: "keep the function running after the response (waitUntil, after) or use a queue; if the app does not answer every text, skip effects.*",
  },
  "ignores-user-ids": {
    cause: "the app does not answer customers without a phone number",
    fix: "send to recipient with the user id when from is missing",
  },
  "app-ended": {
    cause: "the app stopped responding during the check",
    fix: "check the app's log for the error that ended it",
  },
  "plain-http": {
    cause: "the endpoint uses plain HTTP, and Meta delivers to HTTPS only",
    fix: "use an https: URL with a certificate of a public CA",
  },
  "untrusted-certificate": {
    cause: "the certificate is not trusted, so that Meta does not connect",
    fix: "serve the full chain of a public CA for this host name; for a private test CA use --ca",
  },
  "old-tls": { cause: "the server has no TLS 1.2 or newer", fix: "enable TLS 1.2 and TLS 1.3" },
  "certificate-expires": { cause: "the certificate expires soon", fix: "renew the certificate" },
} as const satisfies Record<string, Mistake>;

export type MistakeCode = keyof typeof MISTAKES;

/** The mistake with this code; undefined for a code that is not one. */
export function mistakeOf(code: string): Mistake | undefined {
  return Object.hasOwn(MISTAKES, code) ? MISTAKES[code as MistakeCode] : undefined;
}
