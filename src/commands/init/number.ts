/** The business account and the phone number in `wa-hook init`: offered from what the token may read. */
import { UsageError, type WaHookError } from "../../errors.ts";
import { type Asset, ID_FORM, readBusinessAccount, readPhoneNumber, readPhoneNumbers } from "../../graph/assets.ts";
import type { Graph } from "../../graph/client.ts";
import { metaOf } from "../../graph/errors.ts";
import type { SettingName } from "../../terminal/settings.ts";
import { answerTo, kept, refuse, tryMeta, type Step, type Wizard } from "./wizard.ts";

interface Kind {
  setting: SettingName;
  which: string;
  byHand: string;
  optional: boolean;
  read(graph: Graph, id: string): Promise<Asset>;
  offers(wizard: Wizard): Step<Asset[]>;
}

const ACCOUNT: Kind = {
  setting: "businessAccountId",
  which: "Which WhatsApp Business Account?",
  byHand: "WhatsApp Business Account id, under WhatsApp → API Setup",
  optional: true,
  read: readBusinessAccount,
  async *offers(wizard) {
    const found: Asset[] = [];
    for (const id of wizard.accounts) {
      const said = yield* tryMeta(wizard, (graph) => readBusinessAccount(graph, id));
      if (said !== undefined && "value" in said) found.push(said.value);
    }
    return found;
  },
};

const NUMBER: Kind = {
  setting: "phoneNumberId",
  which: "Which phone number sends?",
  byHand: "Phone number id, below the number in API Setup (not the number itself)",
  optional: false,
  read: readPhoneNumber,
  async *offers(wizard) {
    const account = wizard.answers.get("businessAccountId")?.value;
    if (!account) return [];
    const said = yield* tryMeta(wizard, (graph) => readPhoneNumbers(graph, account));
    return said !== undefined && "value" in said ? said.value : [];
  },
};

export async function* askNumber(wizard: Wizard): Step {
  // Without a token there is nobody who could read them.
  for (const kind of [ACCOUNT, NUMBER]) {
    if (wizard.answers.settled(kind.setting) === undefined && (yield* offer(wizard, kind))) continue;
    yield* take(wizard, kind);
  }
}

/** True when one of the offers was taken. */
async function* offer(wizard: Wizard, { setting, which, offers }: Kind): Step<boolean> {
  const { answers, ask } = wizard;
  const found = answers.get("accessToken") === undefined ? [] : yield* offers(wizard);
  const [first, second] = found;
  if (first === undefined) return false;
  if (second !== undefined && ask === undefined) {
    wizard.missing.push({ setting, offers: found });
    return true;
  }
  const other = { name: "another one, by its id", value: undefined };
  const choices = found.map((each) => ({ name: `${each.label}  (${each.id})`, value: each }));
  const chosen = second === undefined ? first : await ask?.choose<Asset | undefined>(which, [...choices, other]);
  if (chosen === undefined) return false;
  answers.take(setting, chosen.id);
  yield { type: "taken", setting, ...chosen, only: second === undefined };
  return true;
}

/** What is known or typed, when the token may use it. */
async function* take(wizard: Wizard, { setting, byHand, optional, read }: Kind): Step {
  const { answers, ask } = wizard;
  for (;;) {
    const known = answers.settled(setting);
    const id = await answerTo(wizard, setting, { text: byHand, optional, validate });
    if (!id) return;
    const said =
      answers.get("accessToken") === undefined ? undefined : yield* tryMeta(wizard, (graph) => read(graph, id));
    if (said === undefined) return yield* kept(setting, known);
    if ("value" in said) {
      const { label } = said.value;
      if (known === undefined) yield { type: "taken", setting, id, label, only: false };
      return yield* kept(setting, known, label);
    }
    yield* refuse(wizard, setting, explained(said.refusal, id));
    if ((await ask?.confirm("Use it all the same?", false)) === true) return;
    answers.open(setting, "change");
  }
}

/** The usual refusal in few words: Meta's are many, and name neither possibility first. */
function explained(refusal: WaHookError, id: string): WaHookError {
  const { code, subcode } = metaOf(refusal) ?? {};
  if (code !== 100 || subcode !== 33) return refusal;
  return new UsageError(`there is no ${id}, or the token may not see it`, {
    code: "init.unseen",
    hint: "copy it again, from WhatsApp → API Setup; or assign it to the token's user and generate a new token",
    cause: refusal,
  });
}

function validate(typed: string): string | undefined {
  return ID_FORM.test(typed) ? undefined : "an id is digits only, some 15 of them: copy it again";
}
