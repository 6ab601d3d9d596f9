/** The zoo: receivers that are right but for one famous mistake, in six styles, and one of each style that is right. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The file's name is the mistake; a right receiver is `right`. */
export const MISTAKES = [
  "parsed-body",
  "verify-token-as-key",
  "token-not-checked",
  "challenge-as-json",
  "challenge-quoted",
  "status-201",
  "redirect",
  "html-error",
  "signature-before-handshake",
  "case-sensitive-header",
  "throws-on-length",
  "first-entry-only",
  "crash-on-statuses",
  "crash-on-account-fields",
  "crash-without-from",
  "body-limit",
  "slow",
  "not-idempotent",
  "answers-before-reading",
  "accepts-unsigned",
  "accepts-empty-signature",
  "accepts-empty-secret",
  "accepts-sha1",
  "second-signature-header",
  "frozen-after-response",
] as const;

export const FRAMEWORKS = ["express", "fastify", "hono", "next", "node", "python"] as const;

export type Mistake = (typeof MISTAKES)[number] | "none";
type Framework = (typeof FRAMEWORKS)[number];

export interface Receiver {
  /** `express/parsed-body` */
  name: string;
  file: string;
  framework: Framework;
  mistake: Mistake;
}

export const receivers: readonly Receiver[] = FRAMEWORKS.flatMap((framework) =>
  (["none", ...MISTAKES] as const)
    .map((mistake) => {
      const name = `${framework}/${mistake === "none" ? "right" : mistake}`;
      const file = fileURLToPath(new URL(`${name}.${framework === "python" ? "py" : "js"}`, import.meta.url));
      return { name, file, framework, mistake };
    })
    .filter(({ file }) => existsSync(file)),
);
