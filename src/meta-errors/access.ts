/** Error codes about a refused token, permission or account. */
import type { ErrorCode } from "./error-code.ts";

export const accessCodes: readonly ErrorCode[] = [
  {
    code: 0,
    http: 401,
    title: "AuthException",
    meaning: "the access token has expired or was revoked, so Meta cannot authenticate the request",
    remedy: "run wa-hook token to inspect the token, then set WHATSAPP_ACCESS_TOKEN to a new one",
    credentials: true,
  },
  {
    code: 3,
    http: 500,
    title: "API Method",
    meaning: "the app lacks the capability or the permission for this call",
    remedy: "check the token's scopes with wa-hook token, and the app's permissions in the app dashboard",
    credentials: true,
  },
  {
    code: 10,
    http: 403,
    title: "Permission Denied",
    meaning: "the permission was never granted or was revoked, or the business is not allowed to use this API",
    remedy:
      "compare the scopes in wa-hook token with those of the call, and generate a new token with the missing ones",
    credentials: true,
  },
  {
    code: 15,
    http: 400,
    title: "This method must be called with an app access_token",
    meaning: "this call requires an app access token, and another kind of token was sent",
    remedy: "set WHATSAPP_APP_ID and WHATSAPP_APP_SECRET, which form the app access token APP_ID|APP_SECRET",
    credentials: true,
  },
  {
    code: 101,
    http: 400,
    title: "Error validating application",
    meaning: "the app id is missing, or no app has this id",
    remedy: "set WHATSAPP_APP_ID to the id in App settings → Basic",
  },
  {
    code: 102,
    http: 401,
    title: "API Session",
    meaning: "the session of the access token has ended",
    remedy: "generate a new token; wa-hook token shows when a token expires",
    credentials: true,
  },
  {
    code: 104,
    http: 401,
    title: "Access token required",
    meaning: "the request has no access token, or the token could not be validated",
    remedy: "set WHATSAPP_ACCESS_TOKEN, and inspect it with wa-hook token",
    credentials: true,
  },
  {
    code: 190,
    http: 401,
    title: "Access token has expired",
    meaning: "the access token has expired, was revoked or is malformed",
    remedy: "run wa-hook token for the cause, then generate a new token, preferably a long-lived system user token",
    credentials: true,
  },
  {
    code: 200,
    to: 299,
    http: 403,
    title: "API Permission",
    meaning: "the token lacks the permission for this call, or its user has no access to this account or number",
    remedy:
      "assign the WhatsApp account and the scope to the system user, then generate a new token: existing tokens do not change",
    credentials: true,
  },
  {
    code: 2500,
    http: 400,
    title: "An active access token must be used to query information about the current user",
    meaning: "the request has no access token",
    remedy: "set WHATSAPP_ACCESS_TOKEN, and inspect it with wa-hook token",
    credentials: true,
  },
  {
    code: 131005,
    http: 403,
    title: "Access denied",
    meaning: "the token lacks the permission to send, or the permission was revoked",
    remedy:
      "check the token for whatsapp_business_messaging with wa-hook token, and generate a new one that has this scope",
    credentials: true,
  },
  {
    code: 368,
    http: 403,
    title: "Temporarily blocked for policies violations",
    meaning: "Meta restricted or disabled the WhatsApp account because of a policy violation",
    remedy: "read the notice in WhatsApp Manager → Account quality, and request a review there",
  },
  {
    code: 130497,
    http: 403,
    title: "Business account is restricted from messaging users in this country",
    meaning: "a business of this category is not allowed to message people in the recipient's country",
    remedy: "exclude this recipient, and check the WhatsApp Business Messaging Policy for allowed countries",
  },
  {
    code: 131031,
    http: 403,
    title: "Account has been locked",
    meaning:
      "the account is locked because of a policy violation, or the request does not match its data, such as the PIN",
    remedy: "check WhatsApp Manager → Account quality, and the two-step verification PIN if the request contains one",
  },
];
