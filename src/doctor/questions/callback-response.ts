/** Does the callback respond as Meta requires: to a handshake, then to a signed delivery? */
import type { Finding } from "../../report/finding.ts";
import { reach, type ReachResult } from "../../webhook/reach.ts";
import { finding, type Question } from "../question.ts";

export const callbackResponse: Question = {
  code: "callback.handshake",
  title: "Handshake",
  expected: "200 with the challenge",
  needs: ["verifyToken"],
  async ask(context, facts) {
    const { callback } = facts;
    const { verifyToken, appSecret } = context.settings;
    if (callback === undefined || verifyToken === undefined) {
      return [finding(callbackResponse, "skip", { got: "not checked: no callback that Meta can reach" })];
    }
    const whyUnsigned = facts.unusable.get("appSecret");
    const reached = await reach({
      url: callback,
      verifyToken: verifyToken.value,
      ...(appSecret === undefined || whyUnsigned !== undefined ? {} : { appSecret: appSecret.value }),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    if (!reached.ok && reached.step !== "delivery") return [failure(reached)];
    const handshake = finding(callbackResponse, "pass", { got: "200 with the challenge" });
    if (!reached.ok) return [handshake, failure(reached)];
    const delivery =
      whyUnsigned === undefined
        ? finding(callbackResponse, "pass", { ...DELIVERY, got: "200" })
        : finding(callbackResponse, "skip", { ...DELIVERY, got: `not checked: ${whyUnsigned}` });
    return [handshake, delivery];
  },
};

const DELIVERY = { code: "callback.delivery", title: "Signed delivery", expected: "200" };
const CONNECT = { code: "callback.connect", title: "Connection", expected: "a response" };

function failure({ step, got, fix, edgeCode, status }: Extract<ReachResult, { ok: false }>): Finding {
  const base = { handshake: {}, delivery: DELIVERY, connect: CONNECT }[step];
  const edge = EDGE_ERRORS[edgeCode ?? ""];
  const reason = edge?.reason ?? (status === 401 || status === 403 ? "rejected" : undefined);
  return finding(callbackResponse, "fail", {
    ...base,
    got: edgeCode === undefined ? got : `${got} (${edgeCode})`,
    fix: edge?.fix ?? fix,
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Errors that a tunnel's edge responds with instead of the app. Source: ngrok, "Errors". */
const EDGE_ERRORS: Readonly<Record<string, { reason?: string; fix: string }>> = {
  ERR_NGROK_3200: {
    reason: "tunnel-offline",
    fix: "start wa-hook listen --register phone, which opens a tunnel and registers its URL",
  },
  ERR_NGROK_3004: { fix: "forward the tunnel to the app's HTTP port: what it leads to does not speak HTTP" },
  ERR_NGROK_6024: {
    reason: "tunnel-warning",
    fix: "use a tunnel without a browser warning page, or one with your own domain",
  },
  ERR_NGROK_8012: { fix: "start the app: the tunnel is online, but nothing listens behind it" },
};
