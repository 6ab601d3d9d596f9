/** The access token in `wa-hook init`: inspected at once, for what it may do and until when. */
import { CredentialsError, type WaHookError } from "../../errors.ts";
import { accountsOf, judgeToken, SCOPES } from "../../graph/token-findings.ts";
import { inspectToken, TOKEN_FORM } from "../../graph/token.ts";
import type { Finding } from "../../report/finding.ts";
import { masked } from "../../terminal/paint.ts";
import type { InitEvent } from "./view.ts";
import { answerTo, kept, refuse, tryMeta, type Step, type Wizard } from "./wizard.ts";

const MALFORMED = "the access token has characters that no token has";
const COPY = "copy it again, whole and without quotes";

const TOKEN = {
  text: "Access token, of a system user or from WhatsApp → API Setup",
  optional: false,
  validate: (typed: string) => {
    if (typed === "") return "without one nothing can be sent: generate one under WhatsApp → API Setup";
    return TOKEN_FORM.test(typed) ? undefined : `${MALFORMED}: ${COPY}`;
  },
};

/** Of these there is nothing to be had, whatever the person wants. */
const DEAD = new Set(["token.valid", "token.expiry"]);

export async function* askToken(wizard: Wizard): Step {
  const { answers, ask } = wizard;
  yield* kept("accessToken", answers.settled("accessToken"));
  for (;;) {
    const token = await answerTo(wizard, "accessToken", TOKEN);
    if (token === undefined) return;
    const fault = yield* inspect(wizard, token);
    if (fault === undefined) return;
    yield* refuse(wizard, "accessToken", fault.error);
    if (!fault.dead && (await ask?.confirm("Use it all the same?", false)) === true) {
      // The secret of one app proves nothing about the token of another.
      if (fault.error.code === "token.app") delete wizard.app;
      return;
    }
    wizard.accounts = [];
    answers.open("accessToken", "replace");
  }
}

interface Fault {
  error: WaHookError;
  dead: boolean;
}

/** What is wrong with it; nothing when it is good, or when nobody can tell. */
async function* inspect(wizard: Wizard, token: string): Step<Fault | undefined> {
  if (!TOKEN_FORM.test(token)) {
    return { error: new CredentialsError(MALFORMED, { code: "token.malformed", hint: COPY }), dead: true };
  }
  const said = yield* tryMeta(wizard, (graph) => inspectToken(graph, token, wizard.app));
  if (said === undefined) return undefined;
  if ("refusal" in said) return { error: said.refusal, dead: true };
  if (said.value === undefined) {
    yield UNKNOWN;
    return undefined;
  }
  const { facts, date } = said.value;
  const now = wizard.world.now();
  const findings = judgeToken(said.value, {
    scopes: SCOPES,
    now,
    ...(wizard.app === undefined ? {} : { appId: wizard.app.appId }),
  });
  const worst = findings.find(({ status }) => status === "fail");
  if (worst !== undefined) return { error: errorOf(worst), dead: DEAD.has(worst.code) };
  const { type, application, expiresAt } = facts;
  yield {
    type: "token",
    token: masked(token),
    now: date ?? now,
    ...(type === undefined ? {} : { of: type }),
    ...(application === undefined ? {} : { application }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  for (const finding of findings) if (finding.status === "warn") yield { type: "finding", ...finding };
  wizard.temporary = findings.some(({ code }) => code === "token.lasting");
  wizard.accounts = accountsOf(facts.granted);
  return undefined;
}

function errorOf({ code, title, got, fix }: Finding): CredentialsError {
  const what = DEAD.has(code) ? "cannot be used:" : `is not as it should be: ${title}`;
  return new CredentialsError(`the access token ${what} ${got}`, { code, ...(fix === undefined ? {} : { hint: fix }) });
}

const UNKNOWN: InitEvent = {
  type: "unchecked",
  problem: "without the app's credentials, Meta tells nothing about this token",
  fix: "run wa-hook init again when you have the app's id and secret",
};
