/** Findings as a page: one file without scripts, failures first. */
import { createHash } from "node:crypto";

import { plainLines } from "../printable.ts";
import { changesOf, changesText } from "./changes.ts";
import type { Finding } from "./finding.ts";
import { STYLE } from "./html-style.ts";
import { namesText, recapOf, type FailureGroup } from "./recap.ts";
import { countsOf, countsText, countText, isClean, type Counts, type Report, type Suite } from "./suite.ts";

/** Nothing may be loaded or run, and only this style is used, whatever a finding contains. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;

/** A browser shows so many; the counts are of all. */
const MAX_CARDS = 1000;
const MAX_ROWS = 5000;

export interface Made {
  /** Milliseconds since 1970. */
  at: number;
}

/** A complete document in UTF-8. */
export function html(report: Report, { at }: Made): string {
  const { title, suites } = report;
  const counts = countsOf(suites);
  const changes = changesText(changesOf(suites));
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escape(`${countsText(counts)} – ${title}`)}</title>`,
    `<style>${STYLE}</style></head>`,
    "<body><main>",
    `<header><h1>${escape(title)}</h1>`,
    `<p class="quiet"><time datetime="${new Date(at).toISOString()}">${new Date(at).toISOString().replace("T", " ").slice(0, 19)} UTC</time></p>`,
    countsList(counts),
    ...(changes === "" ? [] : [`<p>Since the last run: ${escape(changes)}</p>`]),
    "</header>",
    ...likely(report),
    ...recap(recapOf(suites)),
    ...cards(suites, "fail", "Failed"),
    ...cards(suites, "warn", "Warnings"),
    ...rest(suites),
    "<footer>wa-hook</footer>",
    "</main></body></html>",
  ].join("\n");
}

function likely({ diagnosis }: Report): string[] {
  if (diagnosis === undefined) return [];
  const { cause, fix } = diagnosis;
  return [
    '<section><h2>Likely cause</h2><article class="card fail">',
    `<p>${escape(cause)}</p><p><strong>→ ${escape(fix)}</strong></p></article></section>`,
  ];
}

function countsList(counts: Counts): string {
  const items = (["fail", "warn", "pass", "skip"] as const).flatMap((status) =>
    counts[status] === 0 ? [] : [`<li class="${status}">${countText(status, counts[status])}</li>`],
  );
  return `<ul class="counts">${items.length === 0 ? "<li>nothing checked</li>" : items.join("")}</ul>`;
}

function recap(groups: readonly FailureGroup[]): string[] {
  if (groups.length === 0) return [];
  const items = groups.map(({ reason, fix, count, names, new: isNew }) => {
    const advice = fix === undefined ? "" : `<br>→ ${escape(fix)}`;
    const news = isNew === 0 ? "" : ` <span class="mark fail">${isNew} new</span>`;
    const where = `<span class="quiet">${escape(namesText({ names, count }))}</span>`;
    return `<li><strong>${count} ×</strong> ${escape(reason)} ${where}${news}${advice}</li>`;
  });
  return ["<section><h2>Failures by reason</h2>", `<ol class="recap">${items.join("\n")}</ol></section>`];
}

/** One card for each finding of a status that asks for something. */
function cards(suites: readonly Suite[], wanted: "fail" | "warn", heading: string): string[] {
  const all = suites.flatMap((suite) =>
    suite.findings.filter(({ status }) => status === wanted).map((finding) => ({ suite: suite.name, finding })),
  );
  if (all.length === 0) return [];
  const shown = all.slice(0, MAX_CARDS).map(({ suite, finding }) => card(suite, finding));
  const more = all.length > MAX_CARDS ? [`<p class="quiet">${all.length - MAX_CARDS} more are left out.</p>`] : [];
  return [`<section><h2>${heading}</h2>`, ...shown, ...more, "</section>"];
}

const CHANGES = { new: "new", still: "still failing", fixed: "fixed" } as const;

function card(suite: string, finding: Finding): string {
  const { status, code, title, expected, got, fix, request, change } = finding;
  const mark = change === undefined ? "" : `<span class="mark ${status}">${CHANGES[change]}</span>`;
  const rows = [
    row("expected", expected),
    row("got", got),
    ...(fix === undefined ? [] : [row("what to do", fix, "do")]),
    ...(request === undefined ? [] : [row("request", request, "code")]),
    row("code", code, "code"),
  ];
  return [
    `<article class="card ${status}"><h3><bdi>${escape(suite)}</bdi> <span class="quiet">${escape(title)}</span> ${mark}</h3>`,
    `<dl>${rows.join("")}</dl></article>`,
  ].join("\n");
}

function row(term: string, text: string, kind?: string): string {
  return `<dt>${term}</dt><dd${kind === undefined ? "" : ` class="${kind}"`}><bdi>${escape(text)}</bdi></dd>`;
}

/** What passed or was skipped, folded. */
function rest(suites: readonly Suite[]): string[] {
  const all = suites.flatMap(({ name, findings }) =>
    findings.filter(({ status }) => status === "pass" || status === "skip").map((finding) => ({ name, finding })),
  );
  if (all.length === 0) return [];
  const isOne = suites.length === 1;
  const rows = all.slice(0, MAX_ROWS).map(({ name, finding: { status, title, got, change } }) => {
    const label = isOne ? title : `${name}: ${title}`;
    const fixed = change === "fixed" ? '<span class="mark pass">fixed</span>' : "";
    const mark = `<span class="mark ${status}">${status === "pass" ? "✓" : "–"}</span>`;
    return `<li>${mark}<bdi>${escape(label)}</bdi><span class="quiet"><bdi>${escape(got)}</bdi></span>${fixed}</li>`;
  });
  const more = all.length > MAX_ROWS ? `<li class="quiet">${all.length - MAX_ROWS} more are left out</li>` : "";
  const { pass, skip } = countsOf(suites);
  const label = countsText({ all: pass + skip, pass, skip, warn: 0, fail: 0 });
  const open = suites.every(isClean) && all.length <= 50 ? " open" : "";
  return [`<details${open}><summary>${label}</summary><ul>`, ...rows, more, "</ul></details>"];
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\n": "&#10;",
};

/** Text that is nothing but text in an element or a quoted attribute, on one line of the file; what would not be seen is a dot. */
function escape(text: string): string {
  return plainLines(text).replaceAll(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? "");
}
