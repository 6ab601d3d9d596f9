/** What Meta's subcodes add to a code: why a token is not good, or what an invalid parameter really is. */

export interface Subcode {
  subcode: number;
  /** What is so, in one sentence. */
  meaning: string;
  /** One thing to do about it. */
  remedy: string;
}

const NEW_TOKEN = "make a new token and set WHATSAPP_ACCESS_TOKEN to it; wa-hook token shows until when it is good";

/** They come with code 190 or 102; only 33 comes with code 100. */
export const OAUTH_SUBCODES: readonly Subcode[] = [
  {
    subcode: 33,
    meaning: "the id in the path does not exist, or the token may not see what it stands for",
    remedy: "check the id, and see in wa-hook token which WhatsApp accounts the token may touch",
  },
  {
    subcode: 456,
    meaning: "the token is not well formed",
    remedy: "copy the whole token again, without spaces, quotes or line breaks",
  },
  {
    subcode: 457,
    meaning: "the token was used from a place that it was not made for",
    remedy: "use the token of a system user",
  },
  {
    subcode: 458,
    meaning: "the user has removed the app, and with it the token",
    remedy: "let the user connect the app again, or use the token of a system user",
  },
  {
    subcode: 459,
    meaning: "Meta wants the user to confirm something before the token works again",
    remedy: "log in at https://www.facebook.com as that user, and do what is asked there",
  },
  {
    subcode: 460,
    meaning: "the user has changed their password, which ends all their tokens",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 461,
    meaning: "the user has removed the app and connected it again, which ends the old token",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 462,
    meaning: "the token belongs to a session that is out of date",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 463,
    meaning: "the token has expired",
    remedy: "make a new token; one from the app dashboard lasts hours, that of a system user can last for ever",
  },
  {
    subcode: 464,
    meaning: "the user's Facebook account is not confirmed",
    remedy: "log in at https://www.facebook.com as that user, and confirm the account",
  },
  {
    subcode: 465,
    meaning: "the user that the token stands for does not exist any more, or is not allowed in",
    remedy: "make the token with another user, best a system user",
  },
  {
    subcode: 466,
    meaning: "the token was withdrawn by a call to the API",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 467,
    meaning: "the token is no longer valid, for instance because its user logged out",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 468,
    meaning: "the token has not been used for so long that it has ended",
    remedy: NEW_TOKEN,
  },
  {
    subcode: 492,
    meaning: "the session is no longer valid: the user has lost their role in the app or the page",
    remedy: "give the user the role back, or make the token with a system user",
  },
];
