// The page of all problems, by their dotted codes, read from where the sources throw them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseAst } from "rolldown/parseAst";

import { code, page, text } from "./markdown.js";

/**
 * @typedef {{ code: string, error?: string, message?: string, hint?: string }} Problem `error` is the name of the class that is thrown; the
 *   others are findings, whose codes some errors have. What varies in a text is an ellipsis.
 * @typedef {{ problems: Problem[], unread: string[] }} Problems `unread` are the files that throw an error whose code is not written there.
 */

const ERRORS = /^(?:UsageError|CheckFailedError|CredentialsError|UnavailableError|RejectedError|InterruptedError)$/;
const DOTTED = /^[a-z][a-z0-9-]*(?:\.[a-z0-9…-]+)+$/;

/** @returns {Problems} */
export function problemsIn(folder) {
  const found = { problems: [], unread: [] };
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  for (const file of files.filter((file) => file.endsWith(".ts")).toSorted()) {
    const { body } = parseAst(readFileSync(join(folder, file), "utf8"), { lang: "ts" });
    read(body, { file, ...found });
  }
  return found;
}

function read(node, found) {
  if (Array.isArray(node)) for (const each of node) read(each, found);
  if (typeof node !== "object" || node === null || Array.isArray(node)) return;
  const isError = node.type === "NewExpression" && ERRORS.test(node.callee.name ?? "");
  if (isError) readError(node, found);
  else if (node.type === "ObjectExpression") {
    const { codes, hints, titles } = detailsIn(node);
    for (const code of codes.filter((code) => DOTTED.test(code))) {
      add({ code, message: titles[0], hint: hints[0] }, found);
    }
  }
  const parts = isError ? node.arguments.filter(({ type }) => type !== "ObjectExpression") : Object.values(node);
  for (const part of parts) read(part, found);
}

function readError({ callee, arguments: [message, details] }, { file, problems, unread }) {
  const { codes, hints } = details?.type === "ObjectExpression" ? detailsIn(details) : { codes: [], hints: [] };
  if (codes.length === 0) unread.push(file);
  const [said] = textsOf(message);
  for (const [at, code] of codes.entries()) {
    add({ code, error: callee.name, message: said, hint: hints[codes.length === hints.length ? at : 0] }, { problems });
  }
}

function add(problem, { problems }) {
  const known = problems.findIndex(({ code, error }) => code === problem.code && error === undefined);
  // What is thrown says more than what is only named.
  if (problem.error !== undefined && known >= 0) problems.splice(known, 1);
  if (problem.error === undefined && problems.some(({ code }) => code === problem.code)) return;
  problems.push(problem);
}

function detailsIn({ properties }) {
  const valueOf = (name) =>
    properties.find(({ key, value }) => key?.name === name && value?.type !== "Identifier")?.value;
  return {
    codes: textsOf(valueOf("code")),
    // Errors have a message and a hint, findings a title and a fix.
    hints: textsOf(valueOf("hint") ?? valueOf("fix")),
    titles: textsOf(valueOf("title")),
  };
}

/** The texts that an expression can be, with an ellipsis for what varies; none when all of it does. */
function textsOf(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral":
      return [
        node.quasis
          .map(({ value }) => value.cooked)
          .join("…")
          .replaceAll(/…+/g, "…"),
      ].filter(hasWords);
    case "ConditionalExpression":
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
    case "LogicalExpression":
      return [...textsOf(node.left), ...textsOf(node.right)];
    default:
      return [];
  }
}

const byText = (a, b) => (a < b ? -1 : Number(a > b));
const hasWords = (text) => /[a-z]/i.test(text);

/** The part before the first dot, by which the page is divided. */
export const areaOf = (problem) => problem.code.split(".")[0] ?? "";

/**
 * @param {readonly Problem[]} problems
 * @param {import("../src/cli/reference.ts").Reference} reference
 */
export function problemsPage(problems, reference) {
  const exitCodes = new Map(reference.exitCodes.map(({ code, error }) => [error, code]));
  const areas = [...new Set(problems.map(areaOf))].toSorted(byText);
  return page(
    "Problems",
    "With `--json`, an error is one line on stderr with a stable `code`; findings of `check`, `doctor` and `token` have such codes too. This page lists them by the part before the first dot, as the sources have them. `…` stands for what varies. Errors from Meta have a page each.",
    ...areas.flatMap((area) => [
      `## ${area}`,
      ...sections(
        problems.filter((each) => areaOf(each) === area),
        exitCodes,
      ),
    ]),
  );
}

function sections(problems, exitCodes) {
  const codes = [...new Set(problems.map(({ code }) => code))].toSorted(byText);
  const isBare = (each) =>
    problems.every(({ code, message, hint }) => code !== each || (message ?? hint) === undefined);
  const bare = codes.filter(isBare).map(code);
  const described = codes
    .filter((each) => !isBare(each))
    .map((each) => {
      const same = problems.filter((problem) => problem.code === each);
      const ends = [...new Set(same.flatMap(({ error }) => exitCodes.get(error) ?? []))].toSorted((a, b) => a - b);
      const links = ends.map((exit) => `[exit code ${exit}](./exit-codes.md#exit-code-${exit})`);
      const lines = same.flatMap(({ message, hint }) => {
        const parts = [message, hint === undefined ? undefined : `→ ${hint}`].filter((part) => part !== undefined);
        return parts.length === 0 ? [] : [`- ${parts.map(text).join(" ")}`];
      });
      const head = [code(each), ...links].join(", ");
      return [head, ...new Set(lines)].join("\n").replace("\n", "\n\n");
    });
  return bare.length === 0 ? described : [...described, `Also: ${bare.join(", ")}`];
}
