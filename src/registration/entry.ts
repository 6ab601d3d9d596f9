/** The record of one registered callback: enough to restore the original and to detect changes made by others. */
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
  /** The callback URL at the level, if there was one. */
  url: z.string().exactOptional(),
  /** Whether the app was subscribed to the account; missing if unknown. */
  subscribed: z.boolean().exactOptional(),
  /** The fields of the app's subscription, for the level `app`. */
  fields: fields.exactOptional(),
});

/** The state at Meta of one level. */
export type Snapshot = z.output<typeof snapshot>;

const entry = z.object({
  id: z.string(),
  graphUrl: z.string(),
  ...ids,
  /** The callback URLs that wa-hook may have registered, newest last. */
  urls: z.array(z.string()).min(1),
  /** The state to restore. */
  before: snapshot,
  /** Fields that were added to the app's subscription. */
  addedFields: z.array(z.string()),
  /** The fields to restore: the original ones and those that others have added since. */
  goal: fields.exactOptional(),
  /** The progress: each phase is on disk before Meta is changed. */
  phase: z.enum(["subscribing", "setting", "set", "restoring", "callback-restored"]),
  /** The URL of another listener of this user that was replaced; `before` is then the state that listener had replaced. */
  over: z.string().exactOptional(),
  /** This listener subscribed the app to the account, not the replaced one. */
  subscribedHere: z.boolean().exactOptional(),
  /** Its process is restoring it, so other listeners must not restore its callback any more. */
  ending: z.boolean().exactOptional(),
  /** Set by `webhook set`: restored by a person, not by the next start. */
  lasting: z.boolean().exactOptional(),
  /** For messages only; the lock shows whether the process runs. */
  pid: z.number().exactOptional(),
});

export type Entry = z.output<typeof entry>;

const current = z.object({ version: z.literal(2), registrations: z.array(entry) });

/** The format of 0.1.0. */
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

/** The entries of a record; `undefined` for an unsupported format. */
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
    // This format has no phase.
    phase: "setting",
    ...(pid === undefined ? { lasting: true } : { pid }),
  };
}

/** Entries with the same key concern the same callback. */
export function keyOf({ graphUrl, level, phoneNumberId, businessAccountId, appId }: Omit<Target, "urls">): string {
  const id = { phone: phoneNumberId, waba: `${businessAccountId}/${appId}`, app: appId }[level];
  return `${graphUrl}#${level}/${id}`;
}

type Target = Pick<Entry, "graphUrl" | "level" | "phoneNumberId" | "businessAccountId" | "appId" | "urls">;

/** Whether the entry registered this URL. */
export function hasSet({ urls }: Pick<Entry, "urls">, url: string | undefined): boolean {
  return url !== undefined && urls.includes(url);
}
