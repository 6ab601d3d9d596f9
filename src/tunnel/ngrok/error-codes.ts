/** ngrok's error codes: what each means and what to do about it. Source: https://ngrok.com/docs/errors. */

export interface NgrokError {
  /** Completes the sentence "ngrok did not open the tunnel: …". */
  meaning: string;
  remedy: string;
  /** The cause: the token, a setting, or the state of the account or the service. */
  category: "credentials" | "usage" | "unavailable";
  /** Another attempt may succeed. */
  transient?: true;
}

export const OTHER_TUNNELS = "use --tunnel cloudflared or --public-url <https url>";
const TOKEN_PAGE = "dashboard.ngrok.com/get-started/your-authtoken";
const SET_TOKEN = `set NGROK_AUTHTOKEN to the current authtoken from ${TOKEN_PAGE}`;
const OMIT_DOMAIN = "omit --domain: the domain assigned to the account is the same at each start";
const QUOTA_REMEDY = `see dashboard.ngrok.com/billing, or ${OTHER_TUNNELS}`;

const ERRORS: Readonly<Record<string, NgrokError>> = {
  105: {
    meaning: "the token is not in the format of an authtoken",
    remedy: `set NGROK_AUTHTOKEN to the authtoken (not an API key) from ${TOKEN_PAGE}`,
    category: "credentials",
  },
  107: {
    meaning: "the authtoken is invalid: it may have been reset or revoked",
    remedy: SET_TOKEN,
    category: "credentials",
  },
  108: {
    meaning: "the account has reached its limit of concurrent agents",
    remedy: `stop another agent (dashboard.ngrok.com/agents lists them), or ${OTHER_TUNNELS}`,
    category: "unavailable",
    transient: true,
  },
  121: {
    meaning: "the ngrok SDK in this version of wa-hook is too old for the account",
    remedy: `update wa-hook, or ${OTHER_TUNNELS}`,
    category: "usage",
  },
  123: {
    meaning: "the email address of the ngrok account is not verified",
    remedy: "verify it at dashboard.ngrok.com/user/settings",
    category: "credentials",
  },
  300: { meaning: "the authtoken was revoked", remedy: SET_TOKEN, category: "credentials" },
  313: { meaning: "the account's plan does not include custom domains", remedy: OMIT_DOMAIN, category: "usage" },
  314: { meaning: "the account's plan does not include custom host names", remedy: OMIT_DOMAIN, category: "usage" },
  319: {
    meaning: "the domain is not reserved for the account",
    remedy: "reserve it at dashboard.ngrok.com/domains, or omit --domain",
    category: "usage",
  },
  320: {
    meaning: "the domain is reserved for another account",
    remedy: "use the authtoken of the account that owns it, or omit --domain",
    category: "usage",
  },
  326: {
    meaning: "the domain contains an invalid character",
    remedy: "pass only the host name: --domain fox-able.ngrok-free.dev",
    category: "usage",
  },
  334: {
    meaning: "the URL is already online in another agent",
    remedy: `stop the other wa-hook or ngrok agent, or ${OTHER_TUNNELS}`,
    category: "unavailable",
    transient: true,
  },
  725: { meaning: "the account has used its monthly bandwidth", remedy: QUOTA_REMEDY, category: "unavailable" },
  726: { meaning: "the account has used its monthly connections", remedy: QUOTA_REMEDY, category: "unavailable" },
  727: { meaning: "the account has used its monthly requests", remedy: QUOTA_REMEDY, category: "unavailable" },
  734: {
    meaning: "the account has reached its limit of requests per minute",
    remedy: "wait a minute, and send at a lower rate",
    category: "unavailable",
    transient: true,
  },
  4018: {
    meaning: "an authtoken is required, and none was sent",
    remedy: `set NGROK_AUTHTOKEN to the authtoken of a free account from ${TOKEN_PAGE}`,
    category: "credentials",
  },
};

/** Takes `ERR_NGROK_105`, as in the text of an error, or the bare number. */
export function findNgrokError(code: string): NgrokError | undefined {
  const number = code.replace(/^ERR_NGROK_/, "");
  return Object.hasOwn(ERRORS, number) ? ERRORS[number] : undefined;
}

export function ngrokErrorPage(code: string): string {
  return `https://ngrok.com/docs/errors/${code.toLowerCase()}`;
}
