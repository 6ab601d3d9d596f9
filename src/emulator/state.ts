/** All that an emulator knows and that a reset makes anew. */
import { DEFAULT_GRAPH_VERSION } from "../graph/version.ts";
import { Access } from "./account/access.ts";
import { APPLICATION, Tokens } from "./account/tokens.ts";
import { Clock } from "./clock.ts";
import { Failures } from "./failures.ts";
import { Ids } from "./ids.ts";
import type { Log } from "./log.ts";
import { Conversation } from "./messaging/conversation.ts";
import { Customers } from "./messaging/customers.ts";
import { History } from "./messaging/history.ts";
import { Limits } from "./messaging/limits.ts";
import { Shelf } from "./messaging/media-store.ts";
import { Templates } from "./messaging/templates.ts";
import { DEFAULTS, isConfined, type Account, type EmulatorOptions } from "./options.ts";
import { Callbacks } from "./webhooks/callbacks.ts";
import { Deliveries } from "./webhooks/deliveries.ts";

export interface Settings {
  options: EmulatorOptions;
  account: Account;
  /** Of the account's tokens. */
  accountSeed: string;
  /** Of everything else. */
  seed: string;
  /** `http://127.0.0.1:8080`. */
  url: string;
  log: Log;
}

export interface State {
  account: Account;
  access: Access;
  callbacks: Callbacks;
  clock: Clock;
  conversation: Conversation;
  customers: Customers;
  deliveries: Deliveries;
  failures: Failures;
  history: History;
  ids: Ids;
  limits: Limits;
  log: Log;
  shelf: Shelf;
  templates: Templates;
  tokens: Tokens;
}

export function newState({ options, account, accountSeed, seed, url, log }: Settings): State {
  const clock = new Clock(options.seed !== undefined);
  const ids = new Ids(seed);
  const [shelf, tokens] = [new Shelf(seed, clock, ids), new Tokens(account, accountSeed, clock)];
  const [callbacks, customers] = [
    new Callbacks({ log, clock, ids, confined: isConfined(options) }),
    new Customers(account, options.window ?? "open", clock),
  ];
  const [failures, history] = [new Failures(), new History()];
  for (const failure of options.fail ?? []) failures.add(failure);
  callbacks.subscribed.set(account.appId, { application: APPLICATION });
  if (options.webhook !== undefined) {
    const callback = String(options.webhook);
    callbacks.app = { callback, fields: new Map([["messages", DEFAULT_GRAPH_VERSION]]) };
  }
  const retryMs = options.retryMs ?? DEFAULTS.retryMs;
  const deliveries = new Deliveries({ account, callbacks, clock, history, log, retryMs });
  const statuses = { ...DEFAULTS.statuses, ...options.statuses };
  return {
    account,
    access: new Access(account, { tokens, shelf }, options.requireProof ?? false),
    callbacks,
    clock,
    conversation: new Conversation({ account, clock, customers, deliveries, history, ids, log, shelf, statuses, url }),
    customers,
    deliveries,
    failures,
    history,
    ids,
    limits: new Limits(options.limits ?? {}, clock),
    log,
    shelf,
    templates: new Templates(ids),
    tokens,
  };
}
