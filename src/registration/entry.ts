/** What is written down about one callback that was registered: enough to restore what was there, and to know what is still as we left it. */
import * as z from "zod";

const level = z.enum(["phone", "waba", "app"]);

/** The target, as plain data. */
const ids = {
  level,
  phoneNumberId: z.string().exactOptional(),
  businessAccountId: z.string().exactOptional(),
  appId: z.string().exactOptional(),
};

const fields = z.array(z.object({ name: z.string(), version: z.string().exactOptional() }));

const snapshot = z.object({
  /** The callback URL at the level; missing when there was none. */
  url: z.string().exactOptional(),
  /** Whether the app was subscribed to the account; missing when that could not be known. */
  subscribed: z.boolean().exactOptional(),
  /** The fields of the app's subscription, for the level `app`. */
  fields: fields.exactOptional(),
});

/** What Meta has at one level, as plain data. */
export type Snapshot = z.output<typeof snapshot>;

const entry = z.object({
  id: z.string(),
  graphUrl: z.string(),
  ...ids,
  /** The callback URLs that may be at Meta because of us, newest last. */
  urls: z.array(z.string()).min(1),
  /** What is to be restored. */
  before: snapshot,
  /** Fields that were added to the app's subscription. */
  addedFields: z.array(z.string()),
  /** The fields that are being restored: those of before, and what a colleague has added since. */
  goal: fields.exactOptional(),
  /** How far it came: each word is on the disk before Meta is changed. */
  phase: z.enum(["subscribing", "setting", "set", "restoring", "callback-restored"]),
  /** The URL of another listener of this machine that was replaced; `before` is then what that one had replaced. */
  over: z.string().exactOptional(),
  /** The app was subscribed to the account here, and not by the listener that was replaced. */
  subscribedHere: z.boolean().exactOptional(),
  /** Its process is about to restore it: nothing may be given back to it any more. */
  ending: z.boolean().exactOptional(),
  /** Set by `webhook set`: a person restores it, not the next start. */
  lasting: z.boolean().exactOptional(),
  /** For people; whether the process still runs is known by the lock. */
  pid: z.number().exactOptional(),
});

export type Entry = z.output<typeof entry>;

const current = z.object({ version: z.literal(2), registrations: z.array(entry) });

/** As 0.1.0 wrote it. */
const first = z.object({
  url: z.string(),
  graphUrl: z.string(),
  before: z.object({
    ...ids,
    url: z.string().exactOptional(),
    fields: z.array(z.string()).exactOptional(),
    subscribed: z.boolean().exactOptional(),
  }),
  pid: z.number().exactOptional(),
});

/** The entries of a record; nothing when it is not one that this version reads. */
export function parseRecord(value: unknown): Entry[] | undefined {
  const now = current.safeParse(value);
  if (now.success) return now.data.registrations;
  const old = first.safeParse(value);
  return old.success ? [upgraded(old.data)] : undefined;
}

export function recordOf(registrations: readonly Entry[]): z.input<typeof current> {
  return { version: 2, registrations: [...registrations] };
}

function upgraded({ url, graphUrl, before, pid }: z.output<typeof first>): Entry {
  const { url: previous, fields, subscribed, ...ids } = before;
  return {
    id: "version-1",
    graphUrl,
    ...ids,
    urls: [url],
    before: {
      ...(previous === undefined ? {} : { url: previous }),
      ...(subscribed === undefined ? {} : { subscribed }),
      ...(fields === undefined ? {} : { fields: fields.map((name) => ({ name })) }),
    },
    addedFields: fields === undefined || fields.includes("messages") ? [] : ["messages"],
    // It did not write down how far it came.
    phase: "setting",
    ...(pid === undefined ? { lasting: true } : { pid }),
  };
}

/** Entries with the same key are about the same callback. */
export function keyOf({ graphUrl, level, phoneNumberId, businessAccountId, appId }: Omit<Target, "urls">): string {
  const id = { phone: phoneNumberId, waba: `${businessAccountId}/${appId}`, app: appId }[level];
  return `${graphUrl}#${level}/${id}`;
}

type Target = Pick<Entry, "graphUrl" | "level" | "phoneNumberId" | "businessAccountId" | "appId" | "urls">;

/** Whether this URL is at Meta because of the entry. */
export function hasSet({ urls }: Pick<Entry, "urls">, url: string | undefined): boolean {
  return url !== undefined && urls.includes(url);
}
