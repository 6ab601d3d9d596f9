/** Codes of the Graph API that fit every request. */
import type { ErrorCode } from "./error-table.ts";

export const otherCodes: readonly ErrorCode[] = [
  {
    code: 1,
    http: 400,
    title: "API Unknown",
    meaning: "either the request is not well formed, or something went wrong at Meta",
    remedy: "check the path and the JSON of the request; if both are right, try again in a while",
    retry: "soon",
  },
  {
    code: 2,
    http: 503,
    title: "API Service",
    meaning: "Meta's service is down or overloaded for the moment",
    remedy: "try again in a while; https://metastatus.com/whatsapp-business-api shows outages",
    retry: "soon",
  },
  {
    code: 100,
    http: 400,
    title: "Invalid parameter",
    meaning: "a part of the request is misspelt, missing, too long or not allowed, or an id in it is wrong",
    remedy: "change what the message names; if it names an id, check it in the app dashboard",
  },
  {
    code: 506,
    http: 400,
    title: "Duplicate Post",
    meaning: "the same was sent twice in a row",
    remedy: "change something, or leave the second request out",
  },
  {
    code: 2200,
    http: 400,
    title: "Callback verification failed",
    meaning: "the callback URL did not answer Meta's handshake with the challenge",
    remedy: "run wa-hook listen behind the URL with the same verify token, and set the URL again",
  },
  {
    code: 1752041,
    http: 400,
    title: "Duplicate Request",
    meaning: "this customer has been invited already, perhaps by another partner",
    remedy: "do nothing: the first invitation counts for all their accounts",
  },
];
