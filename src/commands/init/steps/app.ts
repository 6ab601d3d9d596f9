/** The app: its ID and its secret, which must match. */
import { CredentialsError, type WaHookError } from "../../../errors.ts";
import { ID_FORM, readApp } from "../../../graph/assets.ts";
import { metaOf } from "../../../graph/errors.ts";
import type { AppCredentials } from "../../../graph/token.ts";
import type { Outcome, Step, Values } from "../step.ts";

export const appStep: Step = {
  prompts: [
    {
      setting: "appId",
      text: "App ID (App settings → Basic)",
      optional: true,
      validate: (typed) => (ID_FORM.test(typed) ? undefined : "an app ID has digits only, about 15: copy it again"),
    },
    {
      setting: "appSecret",
      text: "App secret (same page, Show)",
      optional: true,
      validate: (typed) =>
        /^[\w-]{16,128}$/.test(typed)
          ? undefined
          : "an app secret has 32 letters and digits: copy it again, without quotes",
    },
  ],
  async check(graph, { values }) {
    const app = credentials(values);
    const { name = "" } = await readApp(graph, app);
    return { ok: true, events: [{ type: "app", appId: app.appId, name }], progress: { app } };
  },
  explain: explainRefusal,
  unchecked: (values) => ({ app: credentials(values) }),
};

function credentials({ appId = "", appSecret = "" }: Values): AppCredentials {
  return { appId, appSecret };
}

/** Names the wrong one of the two. Source: Meta's responses to `oauth/access_token`. */
function explainRefusal(refusal: WaHookError, { appId = "" }: Values): Outcome {
  const code = metaOf(refusal)?.code;
  if (code === 101) {
    const error = mismatch(`there is no app ${appId}`, "copy the app ID again from App settings → Basic");
    return { ok: false, error, reopen: { appId: "edit" } };
  }
  const error =
    code === 1
      ? mismatch(`wrong secret for app ${appId}`, "copy the app ID and the app secret again from App settings → Basic")
      : refusal;
  return { ok: false, error, reopen: { appId: "edit", appSecret: "replace" } };
}

function mismatch(message: string, hint: string): CredentialsError {
  return new CredentialsError(message, { code: "init.app", hint });
}
