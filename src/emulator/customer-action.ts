/** What a customer can do besides sending messages, as `act` and `/_wa-hook/customer` take it. */

export interface CustomerAction {
  /**
   * `call`, `hang_up`; `allow_calls` and `deny_calls` reply to a call permission request; `decline_calls` and `accept_calls` for the
   * business's next calls; `join_group` and `leave_group`, also for
   * requests to join; `sign_up` opens a signup link; `hand_over`: the business agent hands the conversation over to the app.
   * `open_flow` opens the Flow of the latest message, whose screens `submit_flow` submits to its endpoint; `back_flow` goes back,
   * `complete_flow` ends it without the endpoint, as a screen's action `complete` does, and `close_flow` leaves it.
   */
  action: ActionName;
  /** The customer's number. Default: the account's customer. */
  from?: string;
  /** The id or the invite link of the group. Default: the only group. */
  group?: string;
  /** The id of the signup. Default: the only signup. */
  signup?: string;
  /** The id or name of a Flow, or the id of the latest message with one. Default: that of the latest message, or the only Flow. */
  flow?: string;
  /** What `submit_flow` and `complete_flow` send. */
  data?: object;
}

/** What an action leads to: the id of a new call or message, or the screen of a Flow with its data. */
export interface ActionResult {
  id?: string;
  screen?: string;
  data?: Readonly<Record<string, unknown>>;
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
  "open_flow",
  "submit_flow",
  "back_flow",
  "complete_flow",
  "close_flow",
] as const;

export type ActionName = (typeof CUSTOMER_ACTIONS)[number];
