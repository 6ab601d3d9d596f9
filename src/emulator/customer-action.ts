/** What a customer can do besides sending messages, as `act` and `/_wa-hook/customer` take it. */

export interface CustomerAction {
  /**
   * `call`, `hang_up`; `allow_calls` and `deny_calls` reply to a call permission request; `decline_calls` and `accept_calls` for the
   * business's next calls; `join_group` and `leave_group`, also for
   * requests to join; `sign_up` opens a signup link; `hand_over`: the business agent hands the conversation over to the app.
   */
  action: ActionName;
  /** The customer's number. Default: the account's customer. */
  from?: string;
  /** The id or the invite link of the group. Default: the only group. */
  group?: string;
  /** The id of the signup. Default: the only signup. */
  signup?: string;
}

export const CUSTOMER_ACTIONS = [
  "call",
  "hang_up",
  "allow_calls",
  "deny_calls",
  "decline_calls",
  "accept_calls",
  "join_group",
  "leave_group",
  "sign_up",
  "hand_over",
] as const;

export type ActionName = (typeof CUSTOMER_ACTIONS)[number];
