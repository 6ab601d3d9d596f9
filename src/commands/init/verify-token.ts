/** The verify token in `wa-hook init`, which is generated: Meta only returns it in handshakes. */
import { randomBytes } from "node:crypto";

import { masked } from "../../terminal/paint.ts";
import type { Answers } from "./answers.ts";
import { existing } from "./run-step.ts";
import type { InitEvent } from "./view.ts";

export function* ensureVerifyToken(answers: Answers): Generator<InitEvent, void, void> {
  const current = answers.get("verifyToken");
  if (current === undefined) {
    const generated = randomBytes(24).toString("base64url");
    answers.set("verifyToken", generated);
    return yield { type: "generated", setting: "verifyToken", value: masked(generated) };
  }
  // The callback may be registered with it, so it is not replaced unasked.
  yield* existing("verifyToken", answers);
  // Source: Meta's staff in fbsamples/original-coast-clothing #84.
  if (/^[\w-]+$/.test(current.value)) return;
  yield {
    type: "finding",
    code: "verify-token.characters",
    status: "warn",
    title: "Verify token",
    expected: "letters, digits, - and _",
    got: "has other characters, which Meta may change in handshakes",
    fix: `clear ${current.name} in ${current.source} and run wa-hook init again to generate a new one`,
  };
}
