/** Where Meta documents what the probes check. */
const DOCS = "https://developers.facebook.com/documentation/business-messaging/whatsapp";

/** Handshake, signature, retries, certificates. */
export const ENDPOINT_DOCS = `${DOCS}/webhooks/create-webhook-endpoint`;
/** Fields, payloads, size, delivery failures. */
export const WEBHOOKS_DOCS = `${DOCS}/webhooks/overview`;
/** Latency and concurrency. */
export const THROUGHPUT_DOCS = `${DOCS}/throughput`;
/** Customers without a number. */
export const USER_ID_DOCS = `${DOCS}/business-scoped-user-ids`;
/** Batches and duplicates. */
export const GRAPH_WEBHOOKS_DOCS = "https://developers.facebook.com/docs/graph-api/webhooks/getting-started";
