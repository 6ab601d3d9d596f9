/** Meta's OAuth subcodes: the exact cause of an invalid token or parameter. */

export interface Subcode {
  subcode: number;
  /** The cause, in one clause. */
  meaning: string;
  /** What to do about it, as an imperative. */
  remedy: string;
}

const NEW_TOKEN = "generate a new token and set WHATSAPP_ACCESS_TOKEN to it; wa-hook token shows when it expires";

/** Subcodes of the codes 190 and 102; 33 occurs with code 100 instead. Source: Meta, "Handle errors", Graph API. */
export const OAUTH_SUBCODES: readonly Subcode[] = [
  {
    subcode: 33,
    meaning: "the id in the path does not exist, or the token has no access to it",
    remedy: "check the id, and the WhatsApp accounts that the token can access with wa-hook token",
  },
  {
    subcode: 456,
    meaning: "the token is malformed",
    remedy: "copy the whole token again, without spaces, quotes or line breaks",
  },
  {
    subcode: 457,
    meaning: "the token was used from an origin that it was not issued for",
    remedy: "use a system user token",
  },
  {
    subcode: 458,
    meaning: "the user removed the app, which revoked the token",
    remedy: "ask the user to connect the app again, or use a system user token",
  },
  {
    subcode: 459,
    meaning: "Meta requires a confirmation from the user before the token works again",
    remedy: "log in at https://www.facebook.com as that user, and complete the confirmation",
  },
  {
    subcode: 460,
    meaning: "the user changed their password, which revoked all their tokens",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 461,
    meaning: "the user removed the app and connected it again, which revoked the old token",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 462,
    meaning: "the session of the token is outdated",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 463,
    meaning: "the token has expired",
    remedy: "generate a new token, preferably a long-lived system user token; dashboard tokens expire within hours",
  },
  {
    subcode: 464,
    meaning: "the user's Facebook account is not confirmed",
    remedy: "log in at https://www.facebook.com as that user, and confirm the account",
  },
  {
    subcode: 465,
    meaning: "the user of the token no longer exists or has no access",
    remedy: "generate the token as another user, preferably a system user",
  },
  {
    subcode: 466,
    meaning: "the token was revoked through the API",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 467,
    meaning: "the token is no longer valid, for example because its user logged out",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 468,
    meaning: "the token expired because it was unused for too long",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 492,
    meaning: "the session is invalid because the user lost their role in the app or the page",
    remedy: "restore the user's role, or generate the token as a system user",
  },
];
