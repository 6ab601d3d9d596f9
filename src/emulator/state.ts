/** The complete state of an emulator; a reset replaces it. */
import { DEFAULT_GRAPH_VERSION } from "../graph/version.ts";
import { MAX_BATCH } from "../webhook/batch.ts";
import { Access } from "./account/access.ts";
import { Apps } from "./account/apps.ts";
import { PhoneNumbers } from "./account/phone-numbers.ts";
import { Tokens } from "./account/tokens.ts";
import { newBusiness, type Business } from "./business/business.ts";
import { FlowSessions } from "./business/flow-sessions.ts";
import { Clock } from "./clock.ts";
import { Failures } from "./failures.ts";
import { Ids } from "./ids.ts";
import type { Log } from "./log.ts";
import { Conversation } from "./messaging/conversation.ts";
import { Customers } from "./messaging/customers.ts";
import { History } from "./messaging/history.ts";
import { Limits } from "./messaging/limits.ts";
import { MediaStore } from "./messaging/media-store.ts";
import { DEFAULTS, isLocalOnly, type Account, type EmulatorOptions, type StatusDelays } from "./options.ts";
import { Templates } from "./templates/templates.ts";
import { Callbacks } from "./webhooks/callbacks.ts";
import { Changes } from "./webhooks/changes.ts";
import { Deliveries } from "./webhooks/deliveries.ts";

export interface Settings {
  options: EmulatorOptions;
  account: Account;
  /** Seed for the account's tokens. */
  accountSeed: string;
  /** Seed for everything else. */
  seed: string;
  /** `http://127.0.0.1:8080`. */
  url: string;
  log: Log;
}

export interface State {
  account: Account;
  access: Access;
  apps: Apps;
  business: Business;
  callbacks: Callbacks;
  changes: Changes;
  clock: Clock;
  conversation: Conversation;
  customers: Customers;
  deliveries: Deliveries;
  failures: Failures;
  flowSessions: FlowSessions;
  history: History;
  ids: Ids;
  limits: Limits;
  log: Log;
  mediaStore: MediaStore;
  phoneNumbers: PhoneNumbers;
  /** The delays of statuses, which can change. */
  statuses: StatusDelays;
  templates: Templates;
  tokens: Tokens;
}

/** The fields that an app is subscribed to from the start, each with its version. */
export function startingFields({ fields = ["messages"] }: EmulatorOptions): ReadonlyMap<string, string> {
  return new Map(fields.map((name) => [name, DEFAULT_GRAPH_VERSION]));
}

export function newState({ options, account, accountSeed, seed, url, log }: Settings): State {
  const clock = new Clock(options.seed !== undefined);
  const ids = new Ids(seed);
  const [mediaStore, tokens] = [new MediaStore(seed, clock, ids), new Tokens(account, accountSeed, clock)];
  const apps = new Apps(account, accountSeed);
  const callbacks = new Callbacks({ apps, log, clock, ids, localOnly: isLocalOnly(options) });
  const customers = new Customers(account, options.window ?? "open", clock);
  const [failures, history] = [new Failures(), new History()];
  for (const failure of options.fail ?? []) failures.add(failure);
  const fields = startingFields(options);
  callbacks.subscribe(apps.own, options.webhook, fields);
  for (const url of options.otherApps ?? []) callbacks.subscribe(apps.add(tokens), url, fields);
  const { chaos = [], timeScale = 1 } = options;
  const retryMs = (options.retryMs ?? DEFAULTS.retryMs).map((ms) => ms / timeScale);
  const batch = Math.max(options.batch ?? 1, chaos.includes("batch") ? MAX_BATCH : 1);
  const context = { apps, callbacks, clock, history, log, retryMs, batch, chaos, timeScale, seed };
  const deliveries = new Deliveries(context);
  const changes = new Changes({ account, clock, deliveries, ids });
  const isTestNumber = options.realNumber !== true;
  const phoneNumbers = new PhoneNumbers({ account, changes, clock, ids }, { isTestNumber });
  const business = newBusiness({ account, changes, clock, customers, ids });
  const statuses = { ...DEFAULTS.statuses, ...options.statuses };
  const reviews = { ...DEFAULTS.templates, ...options.templates };
  const templates = new Templates({ changes, clock, ids, reviews, limited: options.limits !== false });
  const { flows: flow, groups: group, signups: signup, uploads: upload } = business;
  const stores = { flow, group, signup, upload, template: { has: (id: string) => templates.get(id) !== undefined } };
  return {
    account,
    access: new Access(account, { tokens, mediaStore, apps, phoneNumbers, stores }, options.requireProof ?? false),
    apps,
    business,
    callbacks,
    changes,
    clock,
    conversation: new Conversation({
      account,
      clock,
      customers,
      deliveries,
      history,
      ids,
      log,
      mediaStore,
      phoneNumbers,
      statuses,
      url,
    }),
    customers,
    deliveries,
    failures,
    flowSessions: new FlowSessions({
      apps,
      clock,
      flows: business.flows,
      ids,
      localOnly: isLocalOnly(options),
      log,
      numbers: business.numbers,
      phoneNumberId: account.phoneNumberId,
    }),
    history,
    ids,
    limits: new Limits(options.limits ?? {}, clock),
    log,
    mediaStore,
    phoneNumbers,
    statuses,
    templates,
    tokens,
  };
}
