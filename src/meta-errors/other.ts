/** Error codes of the Graph API that any request can return. */
import type { ErrorCode } from "./error-code.ts";

export const otherCodes: readonly ErrorCode[] = [
  {
    code: 1,
    http: 400,
    title: "API Unknown",
    meaning: "the request is malformed, or an unknown error occurred at Meta",
    remedy: "check the path and the JSON of the request; if both are correct, try again later",
    retry: "soon",
  },
  {
    code: 2,
    http: 503,
    title: "API Service",
    meaning: "Meta's service is temporarily unavailable or overloaded",
    remedy: "try again later; check https://metastatus.com/whatsapp-business-api for outages",
    retry: "soon",
  },
  {
    code: 100,
    http: 400,
    title: "Invalid parameter",
    meaning: "a parameter of the request is unknown, missing, too long or not allowed, or an id is wrong",
    remedy: "correct the parameter that the message names; check ids in the app dashboard",
  },
  {
    code: 506,
    http: 400,
    title: "Duplicate Post",
    meaning: "the same request was sent twice in a row",
    remedy: "change the request, or do not repeat it",
  },
  {
    code: 2200,
    http: 400,
    title: "Callback verification failed",
    meaning: "the callback URL did not respond to Meta's handshake with the challenge",
    remedy: "run wa-hook listen behind the URL with the same verify token, then set the URL again",
  },
  {
    code: 1752041,
    http: 400,
    title: "Duplicate Request",
    meaning: "this customer was already invited, possibly by another partner",
    remedy: "continue with the first invitation, which covers all their accounts",
  },
];
