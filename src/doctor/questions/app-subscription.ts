/** Has the app subscribed to WhatsApp, and there to the field `messages`? */
import { readAppSubscription } from "../../graph/subscriptions.ts";
import { answer, appOf, type Question } from "../question.ts";

export const appSubscription: Question = {
  code: "app.subscription",
  title: "has the app a subscription to WhatsApp?",
  expected: "an active one",
  needs: ["appId", "appSecret"],
  async ask(patient, known) {
    const credentials = appOf(patient, known);
    if (credentials === undefined) return [];
    const subscription = await readAppSubscription(patient.graph, credentials);
    const fix = `wa-hook webhook set ${patient.url ?? subscription?.url ?? "<https url>"} --level app`;
    if (subscription === undefined) return [answer(appSubscription, "fail", { got: "none", reason: "none", fix })];
    known.subscription = subscription;
    const { active, fields } = subscription;
    const messages = {
      code: "app.messages",
      title: "does it have the field messages?",
      expected: "messages",
      got: fields.length === 0 ? "no field" : fields.join(", "),
    };
    return [
      active
        ? answer(appSubscription, "pass", { got: "active" })
        : answer(appSubscription, "fail", { got: "it is not active", fix }),
      fields.includes("messages")
        ? answer(appSubscription, "pass", messages)
        : answer(appSubscription, "fail", {
            ...messages,
            fix,
          }),
    ];
  },
};
