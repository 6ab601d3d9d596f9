/** Codes for too much in too short a time. */
import type { ErrorCode } from "./error-table.ts";

export const throttlingCodes: readonly ErrorCode[] = [
  {
    code: 4,
    http: 400,
    title: "API Too Many Calls",
    meaning: "the app has made more calls than it may at present",
    remedy: "call less often; the app dashboard shows the use under Application Rate Limit",
    retry: "limit",
  },
  {
    code: 17,
    http: 400,
    title: "User request limit reached",
    meaning: "calls with this user's token came too often",
    remedy: "call less often, or use the token of a system user",
    retry: "limit",
  },
  {
    code: 341,
    http: 400,
    title: "Application limit reached",
    meaning: "the app has reached a limit that Meta has set for it",
    remedy: "wait an hour, then call less often",
    retry: "limit",
  },
  {
    code: 613,
    http: 400,
    title: "Calls to this api have exceeded the rate limit",
    meaning: "this one call has a limit of its own, and it is reached",
    remedy: "make this call less often, and keep its answer instead of asking again",
    retry: "limit",
  },
  {
    code: 80007,
    http: 400,
    title: "Rate limit issues",
    meaning: "the WhatsApp account has had more management calls than it may have in an hour",
    remedy:
      "wait for as long as estimated_time_to_regain_access in the answer's usage header says, then call less often",
    retry: "limit",
  },
  {
    code: 130429,
    http: 400,
    title: "Rate limit hit",
    meaning: "the number sends faster than its throughput, which is 80 messages a second unless raised",
    remedy: "put messages into a queue that sends more slowly, and send this one again",
    retry: "limit",
  },
  {
    code: 131048,
    http: 400,
    title: "Spam rate limit hit",
    meaning: "the number may send less for now, because people have blocked or reported its messages",
    remedy: "look at the number's quality in WhatsApp Manager, and write only to people who asked for it",
  },
  {
    code: 131056,
    http: 400,
    title: "(Business Account, Consumer Account) pair rate limit hit",
    meaning: "too many messages went from this number to this one recipient; others can still be written to",
    remedy: "wait 6 s between messages to one recipient, and after this error 4 s, 16 s, 64 s, …",
    retry: "limit",
  },
  {
    code: 131064,
    http: 400,
    title: "Messaging limit reached",
    meaning: "the account has reached its messaging limit, lowered because templates were in the wrong category",
    remedy: "put the templates into the right category; the limit is lifted by itself after a time",
  },
  {
    code: 133016,
    http: 400,
    title: "Account register deregister rate limit exceeded",
    meaning: "the number was registered and deregistered too often: 10 times in 72 hours are allowed",
    remedy: "wait for up to 72 hours, and leave the number registered from then on",
    retry: "limit",
  },
];
