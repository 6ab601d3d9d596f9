/** What the help says of the program as a whole and of its groups of commands. Loaded at every start. */

export const DESCRIPTION = "Develop and test WhatsApp Cloud API webhooks on your own machine.";

/** A noun with one command for each action. */
export const GROUPS: Readonly<Record<string, string>> = {
  events: "List, show, retry, compare and export recorded deliveries",
  fixtures: "List, show, save and compare fixtures",
  send: "Send a message to an allowed recipient",
  media: "Download and upload media",
  template: "List, show, create and delete message templates",
  flow: "Check or call the endpoint of a Flow, create its keys",
  webhook: "Show, set and restore the callback URL at Meta",
};

/** What to type first, in two columns. */
export const FIRST_STEPS: readonly (readonly [line: string, about: string])[] = [
  ["wa-hook listen", "in one terminal"],
  ["wa-hook replay", "in another: bundled deliveries arrive, signed as Meta's"],
  ["wa-hook emulate", "a local Graph API: send and receive messages without Meta"],
];
