/** A report with one finding of every sort, and texts that try to be more than text. */
import type { Finding } from "../../src/report/finding.ts";
import type { Report, Suite } from "../../src/report/suite.ts";

export const HOSTILE = `</style><script>alert(1)</script> "a" 'b' & | \`c\` [d](javascript:alert(2)) # $e$ \u001b[31m\u202e\u0000`;

const status = (got: string, more: Partial<Finding> = {}): Finding => ({
  code: "status",
  status: "fail",
  title: "Status",
  expected: "200",
  got,
  fix: 'use the raw request body: express.raw({ type: "application/json" })',
  ...more,
});
const passed = (title = "Status"): Finding => ({ code: "status", status: "pass", title, expected: "200", got: "200" });

const suites: Suite[] = [
  { name: "text", ms: 12, findings: [{ ...passed(), change: "fixed" }] },
  {
    name: "text.emoji",
    ms: 3,
    findings: [
      status("401", { request: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTdBNTkyQzA5RkQ3QjQwQjY1MwA=", change: "new" }),
    ],
  },
  { name: "image.with-caption", ms: 4, findings: [status("401", { change: "still" })] },
  { name: "status.failed", ms: 1250, findings: [status("500", { fix: "check the app's log for the error" })] },
  {
    name: "handshake",
    findings: [
      { ...passed("Right token"), code: "handshake.token" },
      {
        code: "handshake.type",
        status: "warn",
        title: "Content type",
        expected: "text/plain",
        got: "text/html",
        fix: 'respond with Content-Type: text/plain, such as response.type("text/plain")',
      },
      {
        code: "tls",
        status: "skip",
        title: "TLS certificate",
        expected: "valid",
        got: "not checked: the URL is http://localhost:3000/webhook",
      },
      { ...passed(), code: "method", expected: "GET" },
      { ...passed(), code: "method", expected: "POST" },
    ],
  },
];

export const REPORT: Report = { title: "wa-hook check", suites };

export const EXPLAINED_REPORT: Report = {
  ...REPORT,
  diagnosis: { cause: "the app verifies the signature of the parsed body", fix: "verify it over the raw request body" },
};

export const HOSTILE_REPORT: Report = {
  title: HOSTILE,
  diagnosis: { cause: HOSTILE, fix: HOSTILE },
  suites: [
    {
      name: HOSTILE,
      findings: (["fail", "warn", "skip", "pass"] as const).map((status) => ({
        code: HOSTILE,
        status,
        title: HOSTILE,
        expected: HOSTILE,
        got: `${HOSTILE}\n::error::injected\nnot ok 7`,
        fix: HOSTILE,
        request: HOSTILE,
      })),
    },
  ],
};
