/** What a customer does besides sending messages: calls, groups, opting in. Played by `act` and `/_wa-hook/customer`. */
import { UsageError } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import { CUSTOMER_ACTIONS, type ActionName, type ActionResult, type CustomerAction } from "../customer-action.ts";
import type { Customer } from "../messaging/customers.ts";
import type { Account } from "../options.ts";
import type { Changes } from "../webhooks/changes.ts";
import type { Business } from "./business.ts";
import { aboutNumber } from "./context.ts";
import type { FlowSessions } from "./flow-sessions.ts";
import type { Group } from "./group.ts";
import { contactOf, idsOf } from "./people.ts";

interface Stage {
  account: Account;
  business: Business;
  changes: Changes;
  clock: Clock;
  flowSessions: FlowSessions;
  /** Sends a message of this customer. */
  receive(message: object): Promise<{ id: string }>;
}

type Played = ActionResult | Promise<ActionResult>;

/** Plays the action. Returns the id of a new call or message, or the screen of a Flow. Throws a `UsageError` when the action is impossible. */
export function playAction(action: CustomerAction, customer: Customer, stage: Stage): Played {
  const { business, flowSessions, receive } = stage;
  const { userId } = customer;
  const play: Record<ActionName, () => Played> = {
    allow_calls: () => receive(business.calls.permissions.reply(true)),
    deny_calls: () => receive(business.calls.permissions.reply(false)),
    call: () => ({ id: business.calls.receive(customer) }),
    hang_up: () => done(business.calls.hangUp(customer.userId), "there is no call with this customer"),
    decline_calls: () => (business.calls.decline(customer.userId, true), {}),
    accept_calls: () => (business.calls.decline(customer.userId, false), {}),
    join_group: () => join(groupOf(action, business), customer, business),
    leave_group: () => leave(groupOf(action, business), customer, business),
    sign_up: () => signUp(action, customer, stage),
    hand_over: () => (business.threads.handOver(customer), {}),
    open_flow: () => flowSessions.open(userId, action.flow, receive),
    submit_flow: () => flowSessions.submit(userId, action.data, receive),
    back_flow: () => flowSessions.back(userId, receive),
    complete_flow: () => flowSessions.complete(userId, action.data, receive),
    close_flow: () => flowSessions.close(userId),
  };
  if (!CUSTOMER_ACTIONS.includes(action.action)) {
    throw actionError(`${action.action} is not an action of a customer; expected ${CUSTOMER_ACTIONS.join(", ")}`);
  }
  return play[action.action]();
}

function join(group: Group, customer: Customer, { groups }: Business): object {
  const why = groups.join(group, idsOf(customer));
  return done(why === undefined, why ?? "");
}

function leave(group: Group, customer: Customer, { groups }: Business): object {
  return done(groups.leave(group, idsOf(customer)), "the customer is not in the group");
}

function signUp({ signup }: CustomerAction, customer: Customer, { account, business, changes, clock }: Stage): object {
  const open = business.signups.list().filter(({ id, status }) => status === "ACTIVE" && id === (signup ?? id));
  const [only] = open;
  if (only === undefined || open.length > 1) throw actionError(`there are ${open.length} signups; name one by its id`);
  const preference = { category: "marketing_messages", value: "signup", timestamp: clock.seconds() };
  const detail = `Signed up with ${only["display_name"] ?? only.id}`;
  changes.emit(
    "user_preferences",
    aboutNumber(account, {
      contacts: [contactOf(customer)],
      user_preferences: [{ ...idsOf(customer), detail, ...preference }],
    }),
  );
  return {};
}

function groupOf({ group }: CustomerAction, { groups }: Business): Group {
  const found = group === undefined ? groups.single() : groups.find(group);
  if (found === undefined) throw actionError("no such group; name it by its id or its invite link");
  return found;
}

function done(success: boolean, why: string): object {
  if (!success) throw actionError(why);
  return {};
}

function actionError(message: string): UsageError {
  return new UsageError(message, { code: "emulate.action" });
}
