/** Headers that are no signature at all: the app must reject them, and not fail. */
import { sign } from "../../webhook/signature.ts";
import { describe, isAccepted, isCrash, type Reply } from "../endpoint.ts";
import { bad, defineProbe, pass } from "../probe.ts";

const DIGEST = "0".repeat(64);
const HEADERS: readonly (readonly [name: string, value: string | undefined])[] = [
  ["a missing header", undefined],
  ["an odd number of digits", `sha256=${DIGEST.slice(1)}`],
  ["a short digest", "sha256=00ff"],
  ["a long digest", `sha256=${DIGEST}${DIGEST}`],
  ["a digest that is not hexadecimal", `sha256=${"z".repeat(64)}`],
  ["no sha256= prefix", DIGEST],
  ["a header without =", "sha256"],
  ["a header of 8 kB", `sha256=${"0".repeat(8192)}`],
];

export const malformedSignature = defineProbe({
  code: "signature.malformed",
  title: "Malformed signature",
  expected: "4xx",
  why: "anyone can send any header; an error that is not caught can end the app",
  severity: "fail",
  needs: ["signature.wrong-secret"],
  blocks: "malformed signatures make the app fail",
  async ask(endpoint) {
    const { data, appSecret } = endpoint;
    const post = async ([name, value]: (typeof HEADERS)[number]) => {
      const payload = data.delivery([data.text("wa-hook check: forged")]);
      const sign = () => (value === undefined ? [] : ([["X-Hub-Signature-256", value]] as const));
      return { name, reply: await endpoint.deliver(payload, { sign }) };
    };
    const truncated = endpoint.deliver(data.delivery([data.text("wa-hook check: forged")]), {
      sign: (body) => [["X-Hub-Signature-256", sign(body, appSecret).slice(0, 15)]],
    });
    const replies = [
      ...(await Promise.all(HEADERS.map(post))),
      { name: "the first digits of a valid digest", reply: await truncated },
    ];
    const accepted = replies.filter(({ reply }) => isAccepted(reply));
    if (accepted.length > 0) return bad(listed(accepted), "accepts-malformed");
    const crashed = replies.filter(({ reply }) => isCrash(reply));
    if (crashed.length > 0) return bad(listed(crashed), "throws-on-length");
    return pass([...new Set(replies.map(({ reply }) => describe(reply)))].join(", "));
  },
});

function listed(replies: readonly { name: string; reply: Reply }[]): string {
  const [first] = replies;
  return first === undefined ? "" : `${describe(first.reply)} for ${replies.map(({ name }) => name).join(", ")}`;
}
