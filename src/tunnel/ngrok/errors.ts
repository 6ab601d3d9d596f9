/** What ngrok's error codes mean and what to do about each. The codes: https://ngrok.com/docs/errors. */

export interface NgrokError {
  /** For the end of a sentence. */
  meaning: string;
  /** One thing to do. */
  remedy: string;
  /** Whose matter it is: the token's, a setting's, or nobody's here. */
  sort: "credentials" | "usage" | "unavailable";
  /** It may pass when it is tried again. */
  passes?: true;
}

const OTHER_WAYS = "--tunnel cloudflared or --public-url <https url>";
const TOKEN_PAGE = "dashboard.ngrok.com/get-started/your-authtoken";
const QUOTA_REMEDY = `see dashboard.ngrok.com/billing, or use ${OTHER_WAYS}`;

const ERRORS: Readonly<Record<string, NgrokError>> = {
  105: {
    meaning: "the token does not look like an authtoken",
    remedy: `copy the authtoken, not an API key, from ${TOKEN_PAGE} into NGROK_AUTHTOKEN`,
    sort: "credentials",
  },
  107: {
    meaning: "the token is not valid, or not any more: it was reset or revoked",
    remedy: `copy the one of today from ${TOKEN_PAGE} into NGROK_AUTHTOKEN`,
    sort: "credentials",
  },
  108: {
    meaning: "the account runs as many agents as it may",
    remedy: `end another one, dashboard.ngrok.com/agents lists them, or use ${OTHER_WAYS}`,
    sort: "unavailable",
    passes: true,
  },
  121: {
    meaning: "the version of ngrok's SDK in this wa-hook is too old for the account",
    remedy: `update wa-hook, or use ${OTHER_WAYS}`,
    sort: "usage",
  },
  123: {
    meaning: "the e-mail address of the ngrok account is not verified",
    remedy: "verify it at dashboard.ngrok.com/user/settings",
    sort: "credentials",
  },
  300: {
    meaning: "the token was revoked",
    remedy: `copy the one of today from ${TOKEN_PAGE} into NGROK_AUTHTOKEN`,
    sort: "credentials",
  },
  313: {
    meaning: "the account's plan has no domains of one's own choice",
    remedy: "leave --domain away: the account's own domain stays the same from start to start",
    sort: "usage",
  },
  314: {
    meaning: "the account's plan has no host names of one's own",
    remedy: "leave --domain away: the account's own domain stays the same from start to start",
    sort: "usage",
  },
  319: {
    meaning: "the domain is not reserved for the account",
    remedy: "reserve it at dashboard.ngrok.com/domains, or leave --domain away",
    sort: "usage",
  },
  320: {
    meaning: "the domain is reserved for another account",
    remedy: "take the token of the account that has it, or leave --domain away",
    sort: "usage",
  },
  326: {
    meaning: "the domain has a character that no domain may have",
    remedy: "give --domain the bare name, as in --domain fox-able.ngrok-free.dev",
    sort: "usage",
  },
  334: {
    meaning: "the URL is already online: another agent has it",
    remedy: `end the other wa-hook or ngrok agent, or use ${OTHER_WAYS}`,
    sort: "unavailable",
    passes: true,
  },
  725: { meaning: "the account has used up its bandwidth of this month", remedy: QUOTA_REMEDY, sort: "unavailable" },
  726: { meaning: "the account has used up its connections of this month", remedy: QUOTA_REMEDY, sort: "unavailable" },
  727: { meaning: "the account has used up its requests of this month", remedy: QUOTA_REMEDY, sort: "unavailable" },
  734: {
    meaning: "the account has used up its requests of this minute",
    remedy: "wait a minute, and send more slowly",
    sort: "unavailable",
    passes: true,
  },
  4018: {
    meaning: "a token is needed, and none was sent",
    remedy: `copy the authtoken of a free account from ${TOKEN_PAGE} into NGROK_AUTHTOKEN`,
    sort: "credentials",
  },
};

/** By `ERR_NGROK_105`, as in an error's text, or by the bare number. */
export function findNgrokError(code: string): NgrokError | undefined {
  const number = code.replace(/^ERR_NGROK_/, "");
  return Object.hasOwn(ERRORS, number) ? ERRORS[number] : undefined;
}

export function ngrokErrorPage(code: string): string {
  return `https://ngrok.com/docs/errors/${code.toLowerCase()}`;
}
