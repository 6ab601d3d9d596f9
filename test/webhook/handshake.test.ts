import fc from "fast-check";
import { expect, test } from "vitest";

import { answerHandshake } from "../../src/webhook/handshake.ts";

const TOKEN = "test-verify-token";

const ask = (query: string) => answerHandshake(new URLSearchParams(query), TOKEN);

test("the right token gets exactly its challenge, in any parameter order", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (challenge) => {
      const query = new URLSearchParams({
        "hub.verify_token": TOKEN,
        "hub.challenge": challenge,
        "hub.mode": "subscribe",
      });
      expect(answerHandshake(query, TOKEN)).toEqual({ status: 200, challenge });
    }),
  );
});

test.each([
  ["no parameter at all", "", "hub.mode is missing"],
  ["another mode", `hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=${TOKEN}`, "hub.mode is not subscribe"],
  ["no token", "hub.mode=subscribe&hub.challenge=1", "hub.verify_token is missing"],
  ["a wrong token", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong", "does not match the verify token"],
  ["an empty token", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=", "does not match the verify token"],
  ["a token with white space", `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${TOKEN}%20`, "white space"],
  ["no challenge", `hub.mode=subscribe&hub.verify_token=${TOKEN}`, "hub.challenge is missing"],
])("%s gets 403 with the reason", (_, query, reason) => {
  const answer = ask(query);
  expect(answer).toMatchObject({ status: 403, reason: expect.stringContaining(reason) as string });
});

test("a plus sign decoded as a space is reported", () => {
  const answer = answerHandshake(new URLSearchParams("hub.mode=subscribe&hub.challenge=1&hub.verify_token=a+b"), "a+b");
  expect(answer).toMatchObject({ status: 403, reason: expect.stringContaining("+ was decoded as a space") as string });
});

test("the reason does not contain the token", () => {
  for (const query of ["hub.mode=subscribe&hub.verify_token=guess", `hub.mode=subscribe&hub.verify_token=${TOKEN}x`]) {
    expect(JSON.stringify(ask(query))).not.toContain(TOKEN);
  }
});
