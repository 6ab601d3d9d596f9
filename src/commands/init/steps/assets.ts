/** The WABA and the phone number, chosen from those that the token has access to, or typed by ID. */
import { isRefusal, UsageError, type WaHookError } from "../../../errors.ts";
import { type Asset, ID_FORM, readBusinessAccount } from "../../../graph/assets.ts";
import type { Graph } from "../../../graph/client.ts";
import { metaOf } from "../../../graph/errors.ts";
import { phoneNumberLabel, readPhoneNumber, readPhoneNumbers, type PhoneNumber } from "../../../graph/phone-number.ts";
import type { SettingName } from "../../../terminal/settings.ts";
import type { Offer, Outcome, Prompt, Step } from "../step.ts";

const validate: Prompt["validate"] = (typed) =>
  ID_FORM.test(typed) ? undefined : "an ID has digits only, about 15: copy it again";

export const wabaStep: Step = {
  prompts: [{ setting: "businessAccountId", text: "WABA ID (WhatsApp → API Setup)", optional: true, validate }],
  offers: {
    question: "Which WhatsApp Business Account (WABA)?",
    async list(graph, { wabas }) {
      const offers: Offer[] = [];
      for (const id of wabas) {
        const offer = await readWaba(graph, id).catch(ignoreRefusal);
        if (offer !== undefined) offers.push(offer);
      }
      return offers;
    },
  },
  ...assetCheck("businessAccountId", readWaba),
};

export const phoneNumberStep: Step = {
  prompts: [
    {
      setting: "phoneNumberId",
      text: "Phone number ID (WhatsApp → API Setup, below the number)",
      optional: false,
      validate,
    },
  ],
  offers: {
    question: "Which phone number?",
    async list(graph, _, valueOf) {
      const waba = valueOf("businessAccountId");
      return waba === "" ? [] : (await readPhoneNumbers(graph, waba)).map(phoneOffer);
    },
  },
  ...assetCheck("phoneNumberId", async (graph, id) => phoneOffer(await readPhoneNumber(graph, id))),
};

async function readWaba(graph: Graph, id: string): Promise<Offer> {
  const { name = "" }: Asset = await readBusinessAccount(graph, id);
  return { id, label: name };
}

function phoneOffer(number: PhoneNumber): Offer {
  return { id: number.id, label: phoneNumberLabel(number) };
}

function ignoreRefusal(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

/** Reads the asset with the typed ID; the person may insist on an ID that the token has no access to. */
function assetCheck(
  setting: SettingName,
  read: (graph: Graph, id: string) => Promise<Offer>,
): Required<Pick<Step, "check" | "explain" | "needsToken">> {
  return {
    needsToken: true,
    async check(graph, { values }) {
      const offer = await read(graph, values[setting] ?? "");
      return { ok: true, events: [{ type: "selected", setting, ...offer, only: false }] };
    },
    explain: (refusal, values): Outcome => ({
      ok: false,
      error: shorten(refusal, values[setting] ?? ""),
      reopen: { [setting]: "edit" },
      override: {},
    }),
  };
}

/** Meta's message for the most common refusal is long and does not name the two causes first. */
function shorten(refusal: WaHookError, id: string): WaHookError {
  const { code, subcode } = metaOf(refusal) ?? {};
  if (code !== 100 || subcode !== 33) return refusal;
  return new UsageError(`${id} does not exist, or the token has no access to it`, {
    code: "init.unseen",
    hint: "copy the ID again from WhatsApp → API Setup, or assign the asset to the token's user and generate a new token",
    cause: refusal,
  });
}
