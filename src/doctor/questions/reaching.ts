/** Does the callback answer as Meta wants it: a handshake, then a signed delivery? */
import type { Finding } from "../../report/finding.ts";
import { reach, type ReachResult } from "../../webhook/reach.ts";
import { answer, type Question } from "../question.ts";

export const reaching: Question = {
  code: "callback.handshake",
  title: "does it answer a handshake?",
  expected: "200 and the challenge",
  needs: ["verifyToken"],
  async ask(patient, known) {
    const { callback } = known;
    const { verifyToken, appSecret } = patient.settings;
    if (callback === undefined || verifyToken === undefined) {
      return [answer(reaching, "skip", { got: "not asked: no callback is known that Meta could call" })];
    }
    const unsigned = known.without.get("appSecret");
    const reached = await reach({
      url: callback,
      verifyToken: verifyToken.value,
      ...(appSecret === undefined || unsigned !== undefined ? {} : { appSecret: appSecret.value }),
      ...(patient.signal === undefined ? {} : { signal: patient.signal }),
    });
    if (!reached.ok && reached.step !== "delivery") return [failed(reached)];
    const shaken = answer(reaching, "pass", { got: "200 and the challenge" });
    if (!reached.ok) return [shaken, failed(reached)];
    if (unsigned !== undefined)
      return [shaken, answer(reaching, "skip", { ...DELIVERY, got: `not asked: ${unsigned}` })];
    return [shaken, answer(reaching, "pass", { ...DELIVERY, got: "200" })];
  },
};

const DELIVERY = { code: "callback.delivery", title: "does it take a signed delivery?", expected: "200" };
const CONNECT = { code: "callback.connect", title: "does anybody answer there?", expected: "an answer" };

function failed({ step, got, fix, status, edgeCode }: Extract<ReachResult, { ok: false }>): Finding {
  const told = {
    got: edgeCode === undefined ? got : `${got} (${edgeCode})`,
    fix: EDGES[edgeCode ?? ""] ?? fix,
    ...reasonOf(edgeCode ?? status),
  };
  const about = { handshake: {}, delivery: DELIVERY, connect: CONNECT }[step];
  return answer(reaching, "fail", { ...about, ...told });
}

function reasonOf(reason: string | number | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason: String(reason) };
}

/** What a tunnel's edge says in the place of the app. Source: ngrok, "Errors". */
const EDGES: Readonly<Record<string, string>> = {
  ERR_NGROK_3200: "the tunnel is offline: start wa-hook listen, then register the URL that it shows",
  ERR_NGROK_3004: "what is behind the tunnel does not speak HTTP: forward it to the app's port",
  ERR_NGROK_6024:
    "the tunnel shows its warning page to browsers and to unknown callers: use one without, or a domain of your own",
  ERR_NGROK_8012: "the tunnel is there and the app behind it is not: start it",
};
