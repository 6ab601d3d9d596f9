/** Who may be written to, and how Meta gets here: the rest of what `wa-hook init` asks. */
import { randomBytes } from "node:crypto";

import { UsageError } from "../../errors.ts";
import { readRecipient } from "../../graph/recipient.ts";
import { masked } from "../../terminal/paint.ts";
import { isFlag } from "../../terminal/settings.ts";
import { ngrokConfig, tunnelInputs } from "../inputs/tunnel.ts";
import { answerTo, kept, refuse, type Step, type Wizard } from "./wizard.ts";

/** Nobody has to think of a verify token: Meta only gives back what it was told. */
export async function* makeVerifyToken(wizard: Wizard): Step {
  const { answers } = wizard;
  const known = answers.get("verifyToken");
  if (known === undefined) {
    const made = randomBytes(24).toString("base64url");
    answers.take("verifyToken", made);
    return yield { type: "made", setting: "verifyToken", value: masked(made) };
  }
  // Told to Meta already, so another one is not made unasked.
  yield* kept("verifyToken", known);
  // Source: Meta's staff in fbsamples/original-coast-clothing #84.
  if (/^[\w-]+$/.test(known.value)) return;
  yield {
    type: "finding",
    code: "verify-token.characters",
    status: "warn",
    title: "does the verify token arrive as it is?",
    expected: "letters, digits, - and _",
    got: "it has other characters, which Meta may change on the way",
    fix: `empty ${known.name} in ${known.source} and run wa-hook init again: it makes a new one`,
  };
}

const ALLOWED = {
  text: "Allowed numbers, as +1650…, +49…",
  optional: true,
  validate: (typed: string) => {
    const problem = readList(typed);
    return problem instanceof UsageError ? `${problem.message}: ${problem.hint}` : undefined;
  },
};

export async function* askAllowedNumbers(wizard: Wizard): Step {
  const { answers } = wizard;
  const known = answers.settled("allowedNumbers");
  yield* kept("allowedNumbers", known);
  // A list that is in use may be written in any way.
  if (known !== undefined && !isFlag(known)) return;
  for (;;) {
    const list = await answerTo(wizard, "allowedNumbers", ALLOWED);
    if (!list) return;
    const numbers = readList(list);
    if (!(numbers instanceof UsageError)) return answers.take("allowedNumbers", numbers.join(","));
    yield* refuse(wizard, "allowedNumbers", numbers);
    answers.open("allowedNumbers", "change");
  }
}

/** The numbers as they are compared, or what is wrong with the first that is none. */
function readList(list: string): string[] | UsageError {
  try {
    return list
      .split(/[,;\n]/)
      .filter((each) => each.trim() !== "")
      .map((each) => {
        const recipient = readRecipient(each);
        if ("to" in recipient) return recipient.to;
        throw new UsageError(`${each.trim()} is a user id`, {
          code: "recipient.invalid",
          hint: "list phone numbers; user ids are not checked against the list",
        });
      });
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

/** `ready`: its token is known. */
export type Reach =
  | { by: "ngrok"; ready: boolean }
  | { by: "cloudflared" | "none" }
  | { by: "public-url"; url: string };

const AUTHTOKEN = {
  text: "ngrok's token, at dashboard.ngrok.com → Your Authtoken",
  optional: true,
  validate: (typed: string) =>
    /^[\w-]{20,}$/.test(typed) ? undefined : "it has some 49 letters, digits and _: copy it again",
};

const WAYS: readonly { name: string; value: Reach["by"] }[] = [
  { name: "ngrok (an account is free)", value: "ngrok" },
  { name: "cloudflared (installed, no account)", value: "cloudflared" },
  { name: "a public URL of my own", value: "public-url" },
  { name: "not now: on this machine only", value: "none" },
];

export interface ReachInputs {
  tunnel?: "ngrok" | "cloudflared" | "none" | undefined;
  publicUrl?: URL | undefined;
}

export async function* askReach(wizard: Wizard, { tunnel, publicUrl }: ReachInputs): Step<Reach> {
  const { ask } = wizard;
  if (publicUrl !== undefined) return { by: "public-url", url: publicUrl.origin };
  if (tunnel !== undefined && tunnel !== "ngrok") return { by: tunnel };
  if (yield* hasToken(wizard)) return { by: "ngrok", ready: true };
  const by = tunnel ?? (await ask?.choose("How does Meta reach this machine?", WAYS)) ?? "none";
  if (by === "public-url") {
    const typed = (await ask?.text("Its address:", { validate: urlFault })) ?? "";
    // The path is the listener's.
    return { by, url: new URL(typed).origin };
  }
  if (by !== "ngrok") return { by };
  return { by, ready: (await answerTo(wizard, "ngrokAuthtoken", AUTHTOKEN)) !== undefined };
}

/** Whether ngrok's token is known and need not be asked: from the settings, or from ngrok itself. */
async function* hasToken({ answers, world }: Wizard): Step<boolean> {
  const settled = answers.settled("ngrokAuthtoken");
  yield* kept("ngrokAuthtoken", settled);
  if (settled !== undefined) return true;
  if (answers.get("ngrokAuthtoken") !== undefined) return false;
  const { authtoken, path = "" } = (await ngrokConfig(world)) ?? {};
  if (authtoken === undefined) return false;
  yield* kept("ngrokAuthtoken", { value: authtoken, name: "authtoken", source: path, others: [] });
  return true;
}

function urlFault(typed: string): string | undefined {
  const read = tunnelInputs.publicUrl.safeParse(typed);
  return read.success && typed !== ""
    ? undefined
    : "it must be an address that begins with https://: Meta takes no other";
}
