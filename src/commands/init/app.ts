/** The app in `wa-hook init`: its id and its secret, which have to belong together. */
import { CredentialsError, type WaHookError } from "../../errors.ts";
import { ID_FORM, readApp } from "../../graph/assets.ts";
import { metaOf } from "../../graph/errors.ts";
import { answerTo, kept, refuse, tryMeta, type Step, type Wizard } from "./wizard.ts";

const APP_ID = {
  text: "App id, under App settings → Basic",
  optional: true,
  validate: (typed: string) =>
    ID_FORM.test(typed) ? undefined : "an app id is digits only, some 15 of them: copy it again",
};

const APP_SECRET = {
  text: "App secret, behind Show",
  optional: true,
  validate: (typed: string) =>
    /^[\w-]{16,128}$/.test(typed) ? undefined : "an app secret is 32 letters and digits: copy it again, without quotes",
};

export async function* askApp(wizard: Wizard): Step {
  const { answers } = wizard;
  yield* kept("appId", answers.settled("appId"));
  yield* kept("appSecret", answers.settled("appSecret"));
  for (;;) {
    const appId = await answerTo(wizard, "appId", APP_ID);
    const appSecret = await answerTo(wizard, "appSecret", APP_SECRET);
    if (!appId || !appSecret) return;
    wizard.app = { appId, appSecret };
    const said = yield* tryMeta(wizard, (graph) => readApp(graph, { appId, appSecret }));
    if (said === undefined) return;
    if ("value" in said) return yield { type: "app", appId, name: said.value.label };
    delete wizard.app;
    const wrong = wrongOne(said.refusal);
    yield* refuse(wizard, wrong ?? "appSecret", wrong === undefined ? said.refusal : mismatch(wrong, appId));
    answers.open("appId", "change");
    if (wrong !== "appId") answers.open("appSecret", "replace");
  }
}

/** Source: Meta's answers to `oauth/access_token`. */
function wrongOne(refusal: WaHookError): "appId" | "appSecret" | undefined {
  const code = metaOf(refusal)?.code;
  return code === 101 ? "appId" : code === 1 ? "appSecret" : undefined;
}

function mismatch(wrong: "appId" | "appSecret", appId: string): CredentialsError {
  const [message, hint] =
    wrong === "appId"
      ? [`Meta knows no app ${appId}`, "copy the app id again, from App settings → Basic"]
      : [`this is not the secret of app ${appId}`, "copy both again, from App settings → Basic"];
  return new CredentialsError(message, { code: "init.app", hint });
}
