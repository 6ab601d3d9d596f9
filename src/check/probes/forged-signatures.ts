/** Signatures that are not Meta's: each must be rejected. */
import type { Header } from "../../webhook/headers.ts";
import type { MistakeCode } from "../../webhook/mistakes.ts";
import { sign, signSha1 } from "../../webhook/signature.ts";
import { describe, isAccepted, type Endpoint } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Outcome, type Probe } from "../probe.ts";
import { hmac } from "../rejection.ts";

const HEADER = "X-Hub-Signature-256";
const WRONG_SECRET = "wa-hook check: wrong secret";

interface Forgery {
  name: string;
  /** The headers, for an endpoint and the body that is sent. */
  headers: (body: Buffer, endpoint: Endpoint) => readonly Header[];
}

/** A probe that sends each forgery with a delivery of its own. */
function forged(
  definition: Pick<Probe, "code" | "title" | "why" | "needs" | "blocks"> &
    Partial<Pick<Probe, "requires" | "severity" | "expected">>,
  mistake: MistakeCode,
  forgeries: readonly Forgery[],
): Probe {
  return defineProbe({
    expected: "4xx",
    severity: "fail",
    source: ENDPOINT_DOCS,
    ...definition,
    ask: (endpoint) => askEach(endpoint, mistake, forgeries),
  });
}

async function askEach(endpoint: Endpoint, mistake: MistakeCode, forgeries: readonly Forgery[]): Promise<Outcome> {
  const { data } = endpoint;
  const replies = await Promise.all(
    forgeries.map(async ({ name, headers }) => {
      const payload = data.delivery([data.text("wa-hook check: forged")]);
      return { name, reply: await endpoint.deliver(payload, { sign: (body) => headers(body, endpoint) }) };
    }),
  );
  const accepted = replies.filter(({ reply }) => isAccepted(reply));
  if (accepted.length > 0)
    return bad(accepted.map(({ name, reply }) => `${describe(reply)} for ${name}`).join(", "), mistake);
  return pass([...new Set(replies.map(({ reply }) => describe(reply)))].join(", "));
}

export const wrongSecret = forged(
  {
    code: "signature.wrong-secret",
    title: "Wrong secret",
    why: "a header alone proves nothing: the signature must be compared",
    needs: ["signature.missing"],
    blocks: "wrong signatures are accepted",
  },
  "accepts-wrong-signature",
  [{ name: "another secret", headers: (body) => [[HEADER, sign(body, WRONG_SECRET)]] }],
);

export const emptySignature = forged(
  {
    code: "signature.empty",
    title: "Empty signature",
    why: "an empty header or digest passes checks that compare only as many characters as there are",
    needs: ["signature.wrong-secret"],
    blocks: "empty signatures are accepted",
  },
  "accepts-empty-signature",
  [
    { name: "an empty header", headers: () => [[HEADER, ""]] },
    { name: "sha256= without a digest", headers: () => [[HEADER, "sha256="]] },
  ],
);

export const emptySecret = forged(
  {
    code: "signature.empty-secret",
    title: "Empty secret as key",
    why: "an app whose secret is not set signs with an empty key, which anyone can do",
    needs: ["signature.wrong-secret"],
    blocks: "an empty secret is accepted",
  },
  "accepts-empty-secret",
  [
    { name: "an empty key", headers: (body) => [[HEADER, hmac(body, "")]] },
    { name: 'the key "undefined"', headers: (body) => [[HEADER, hmac(body, "undefined")]] },
  ],
);

export const verifyTokenKey = forged(
  {
    code: "signature.verify-token",
    title: "Verify token as key",
    why: "the verify token is sent in URLs and stands in logs, so that it is no secret for signatures",
    needs: ["signature.wrong-secret"],
    requires: "verify token",
    blocks: "the verify token is accepted as key",
  },
  "verify-token-as-key",
  [{ name: "the verify token", headers: (body, { verifyToken = "" }) => [[HEADER, hmac(body, verifyToken)]] }],
);

export const tampered = forged(
  {
    code: "signature.tampered",
    title: "Changed body",
    why: "a valid signature of one body must not be valid for another",
    needs: ["signature.wrong-secret"],
    blocks: "changed bodies are accepted",
  },
  "accepts-tampered",
  [
    { name: "a changed text", headers: (body, { appSecret }) => [[HEADER, sign(changed(body), appSecret)]] },
    {
      name: "an added space",
      headers: (body, { appSecret }) => [[HEADER, sign(Buffer.concat([body, Buffer.from(" ")]), appSecret)]],
    },
  ],
);

/** The same JSON with another text. */
function changed(body: Buffer): Buffer {
  return Buffer.from(body.toString("latin1").replace("wa-hook check: forged", "wa-hook check: signed"), "latin1");
}

export const sha1Only = forged(
  {
    code: "signature.sha1",
    title: "SHA-1 signature only",
    why: "Meta documents X-Hub-Signature-256 only; SHA-1 is outdated",
    needs: ["signature.wrong-secret"],
    blocks: "SHA-1 signatures are accepted",
  },
  "accepts-sha1",
  [
    { name: "X-Hub-Signature", headers: (body, { appSecret }) => [["X-Hub-Signature", signSha1(body, appSecret)]] },
    { name: "SHA-1 in X-Hub-Signature-256", headers: (body, { appSecret }) => [[HEADER, signSha1(body, appSecret)]] },
  ],
);

export const secondHeader = forged(
  {
    code: "signature.second-header",
    title: "Second signature header",
    why: "what checks one header and trusts another can be deceived; Meta sends exactly one",
    needs: ["signature.wrong-secret"],
    blocks: "second signature headers are accepted",
  },
  "second-signature-header",
  [
    {
      name: "a wrong signature, then a valid one",
      headers: (body, { appSecret }) => [
        [HEADER, sign(body, WRONG_SECRET)],
        [HEADER, sign(body, appSecret)],
      ],
    },
  ],
);
