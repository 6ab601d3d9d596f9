/** The pages of docs/errors/: Meta's error codes, from the table that the program uses. */
import { accessCodes } from "../../src/meta-errors/access.ts";
import type { ErrorCode } from "../../src/meta-errors/error-code.ts";
import { groupAndCallCodes } from "../../src/meta-errors/groups-and-calls.ts";
import { numberCodes } from "../../src/meta-errors/numbers.ts";
import { OAUTH_SUBCODES, type Subcode } from "../../src/meta-errors/oauth-subcodes.ts";
import { otherCodes } from "../../src/meta-errors/other.ts";
import { sendingCodes } from "../../src/meta-errors/sending.ts";
import { templateCodes } from "../../src/meta-errors/templates.ts";
import { throttlingCodes } from "../../src/meta-errors/throttling.ts";

const SUBJECTS: readonly (readonly [string, readonly ErrorCode[]])[] = [
  ["Tokens, permissions and accounts", accessCodes],
  ["Rate limits", throttlingCodes],
  ["Sending", sendingCodes],
  ["Templates", templateCodes],
  ["Phone numbers", numberCodes],
  ["Groups, calls and blocked users", groupAndCallCodes],
  ["Others", otherCodes],
];
const SOURCE =
  "Source: Meta, [Error codes](https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/) of the Cloud API and " +
  "[Handle errors](https://developers.facebook.com/docs/graph-api/guides/error-handling/) of the Graph API. Meaning and remedy are in wa-hook's words.";
const RETRY = {
  soon: "The same request can succeed later.",
  limit: "The same request can succeed later, at a lower rate.",
};

/** Every page by its name, without `.md`: `index`, and one for each code. */
export function errorPages(): Map<string, string> {
  const all = SUBJECTS.flatMap(([, codes]) => codes);
  const pages = new Map([["index", indexPage()]]);
  for (const { code } of all)
    pages.set(String(code), codePage(all.filter((each) => each.code === code).toSorted(rangesLast)));
  return pages;
}

const rangesLast = (one: ErrorCode, other: ErrorCode) => (one.to ?? 0) - (other.to ?? 0);
const span = ({ code, to }: ErrorCode) => (to === undefined ? String(code) : `${code} to ${to}`);

function indexPage(): string {
  const groups = SUBJECTS.map(([title, codes]) => {
    const rows = codes
      .toSorted((one, other) => one.code - other.code || rangesLast(one, other))
      .map((each) => `| [${span(each)}](${each.code}.md) | ${cell(each.title)} | ${cell(sentence(each.meaning))} |`);
    return `## ${title}\n\n| code | title | meaning |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  return [
    front("Error codes of the WhatsApp Cloud API: the meaning of each, and what to do."),
    "# Error codes of the Cloud API",
    "Meta reports an error as `error.code` in the response to a request, or as `errors[].code` in a webhook with the status `failed`. " +
      "wa-hook prints the meaning and the remedy with each of them; `wa-hook emulate --fail <code>` lets your app meet it.",
    ...groups,
    SOURCE,
  ].join("\n\n");
}

function codePage(entries: readonly ErrorCode[]): string {
  const [first] = entries as [ErrorCode];
  const subcodes = subcodesOf(first.code);
  const parts = [
    front(`${first.title} (#${first.code}): ${first.meaning}. Remedy: ${first.remedy}.`),
    `# Error ${span(first)}: ${text(first.title)}`,
    ...entries.flatMap((entry, at) => [
      ...(at === 0 ? [] : [`## Other codes from ${span(entry)}`]),
      `${text(sentence(entry.meaning))}${entry.retry === undefined ? "" : ` ${RETRY[entry.retry]}`}`,
      `**What to do**: ${text(entry.remedy)}.`,
    ]),
    `| HTTP status | in the response |\n| --- | --- |\n| ${first.http} | ${placeOf(first)} |`,
    ...(subcodes.length === 0 ? [] : [subcodeTable(subcodes)]),
    `## Try it\n\nThe emulator on your machine rejects messages with this code:\n\n\`\`\`sh\nnpx wa-hook emulate --fail ${first.code}\n\`\`\``,
    ...(first.credentials === true ? ["See [Tokens that last](../guides/tokens.md)."] : []),
    "[All error codes](index.md)",
    SOURCE,
  ];
  return parts.join("\n\n");
}

function placeOf({ code, parent }: ErrorCode): string {
  return parent === undefined
    ? `\`error.code\` ${code}`
    : `\`error.code\` ${parent} with \`error.error_subcode\` ${code}`;
}

/** Subcodes have their meaning under the codes 190 and 102, and 33 under 100. */
function subcodesOf(code: number): readonly Subcode[] {
  if (code === 100) return OAUTH_SUBCODES.filter(({ subcode }) => subcode === 33);
  return code === 190 || code === 102 ? OAUTH_SUBCODES.filter(({ subcode }) => subcode !== 33) : [];
}

function subcodeTable(subcodes: readonly Subcode[]): string {
  const rows = subcodes.map(
    ({ subcode, meaning, remedy }) => `| ${subcode} | ${cell(sentence(meaning))} | ${cell(remedy)} |`,
  );
  return `## Subcodes\n\n| error_subcode | meaning | what to do |\n| --- | --- | --- |\n${rows.join("\n")}`;
}

const front = (description: string) =>
  `---\ndescription: ${JSON.stringify(description)}\neditLink: false\nprev: false\nnext: false\n---`;
const sentence = (clause: string) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
/** Words of the table are no markup. */
const text = (words: string) => words.replaceAll(/[\\`*_[\]<>{}]/g, String.raw`\$&`);
const cell = (words: string) => text(words).replaceAll("|", String.raw`\|`);
