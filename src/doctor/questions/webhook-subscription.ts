/** Does the app have an active webhook subscription for WhatsApp that includes the field `messages`? */
import { readAppSubscription } from "../../graph/subscriptions.ts";
import { appOf, finding, type Question } from "../question.ts";

export const webhookSubscription: Question = {
  code: "app.subscription",
  title: "Webhook subscription",
  expected: "active",
  needs: ["appId", "appSecret"],
  async ask(context, facts) {
    const credentials = appOf(context, facts);
    if (credentials === undefined) return [];
    const subscription = await readAppSubscription(context.graph, credentials);
    const fix = `run wa-hook webhook set ${context.callbackUrl ?? subscription?.url ?? "<https url>"} --level app`;
    if (subscription === undefined) {
      return [finding(webhookSubscription, "fail", { got: "none", reason: "none", fix })];
    }
    facts.subscription = subscription;
    const { active, fields } = subscription;
    const messages = {
      code: "app.messages",
      title: "Subscribed fields",
      expected: "messages",
      got: fields.length === 0 ? "none" : fields.join(", "),
    };
    return [
      active
        ? finding(webhookSubscription, "pass", { got: "active" })
        : finding(webhookSubscription, "fail", { got: "inactive", reason: "inactive", fix }),
      fields.includes("messages")
        ? finding(webhookSubscription, "pass", messages)
        : finding(webhookSubscription, "fail", { ...messages, fix }),
    ];
  },
};
