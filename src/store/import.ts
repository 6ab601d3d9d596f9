/** Reads the lines of `wa-hook events export` and records their deliveries again. */
import { parseObject } from "../json.ts";
import { readBody } from "../webhook/payload.ts";
import type { Received, Recorded, Verdict } from "./store.ts";

/** Far more than Meta sends, which is 3 MB. */
const MAX_BODY = 16 * 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** The last millisecond that a `Date` can represent. */
const LAST_TIME = 8.64e15;
/** What is recorded together shares one sync of the disk. */
const GROUP = { deliveries: 256, bytes: 8 * 1024 * 1024 };

/** A delivery, or what is wrong with the line: `has no body_b64`. */
export function readExportLine(text: string): Received | string {
  const line = parseObject(text) as Record<string, unknown> | undefined;
  if (line === undefined || Array.isArray(line)) return "is not a JSON object";
  const { receivedAt, headers = [], body_b64: base64, verdict, reason } = line;
  if (typeof base64 !== "string") return "has no body_b64";
  if (base64.length > MAX_BODY * 2 || !BASE64.test(base64)) return "has a body_b64 that is not base64";
  const body = Buffer.from(base64, "base64");
  if (body.length > MAX_BODY) return "has a body of more than 16 MB";
  if (!Number.isSafeInteger(receivedAt) || Math.abs(receivedAt as number) > LAST_TIME) return "has no valid receivedAt";
  if (!Array.isArray(headers) || !headers.every(isHeader)) return "has headers that are not names and values";
  // Earlier versions export `refused`.
  const isRejected = verdict === "rejected" || verdict === "refused";
  return {
    receivedAt: receivedAt as number,
    headers,
    body,
    keys: isRejected ? [] : readBody(body).map(({ key }) => key),
    ...(isRejected ? { reason: typeof reason === "string" ? reason : "rejected" } : {}),
  };
}

function isHeader(header: unknown): header is [string, string] {
  return Array.isArray(header) && header.length === 2 && header.every((each) => typeof each === "string");
}

/** Where deliveries are imported to. */
export interface ImportStore {
  /** Whether exactly this delivery is recorded. */
  has(delivery: Pick<Received, "receivedAt" | "body">): boolean | Promise<boolean>;
  record(delivery: Received): Promise<Recorded>;
  close(): Promise<void>;
}

/** Records deliveries in their order, several at a time; those that are recorded already are skipped. */
export class Importer {
  readonly #store: ImportStore;
  readonly counts: Record<Verdict | "present", number> = { accepted: 0, duplicate: 0, rejected: 0, present: 0 };
  #group: Received[] = [];
  #bytes = 0;

  constructor(store: ImportStore) {
    this.#store = store;
  }

  async add(delivery: Received): Promise<void> {
    if (await this.#store.has(delivery)) {
      this.counts.present++;
      return;
    }
    this.#group.push(delivery);
    this.#bytes += delivery.body.length;
    if (this.#group.length >= GROUP.deliveries || this.#bytes >= GROUP.bytes) await this.flush();
  }

  /** Resolves when everything added so far is durable. */
  async flush(): Promise<void> {
    const group = this.#group;
    [this.#group, this.#bytes] = [[], 0];
    const recorded = await Promise.all(group.map((delivery) => this.#store.record(delivery)));
    for (const { verdict } of recorded) this.counts[verdict]++;
  }
}
