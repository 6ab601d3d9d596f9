// How the benchmarks' results read: sections of rows, each with its figures, its ratio and the goal for it.

/**
 * A row is `{ name, figures, ratio?, atMost?, atLeast? }`: `figures` are texts under the section's headings, and the goal is for the ratio.
 * A section is `{ title, headings, rows }`.
 */
export function table(sections) {
  return sections.map(section).join("\n\n");
}

/** Whether a row reaches its goal; without one it does. */
export function met({ ratio, atMost = Infinity, atLeast = -Infinity }) {
  return ratio === undefined || (ratio <= atMost && ratio >= atLeast);
}

function section({ title, headings, rows }) {
  const lines = [
    [title, ...headings, "ratio", "goal", ""],
    ...rows.map((row) => [`  ${row.name}`, ...pad(row.figures, headings.length), ratioOf(row), goalOf(row), mark(row)]),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => align(cell, column, widths))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(figures, length) {
  return [...figures, ...Array.from({ length: length - figures.length }, () => "")];
}

function align(cell, column, widths) {
  const first = column === 0 || column === widths.length - 1;
  return first ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
}

function ratioOf({ ratio }) {
  return ratio === undefined ? "" : `${ratio.toFixed(2)} ×`;
}

function goalOf({ atMost, atLeast }) {
  if (atMost !== undefined) return `≤ ${atMost}`;
  return atLeast === undefined ? "" : `≥ ${atLeast}`;
}

function mark(row) {
  if (row.atMost === undefined && row.atLeast === undefined) return "";
  return met(row) ? "ok" : "short";
}

/** `64 123/s`. */
export function rate(perSecond) {
  return `${String(Math.round(perSecond)).replaceAll(/\B(?=(\d{3})+$)/g, " ")}/s`;
}

/** `0.48 ms`, `43 ms`. */
export function ms(duration) {
  return `${duration < 10 ? duration.toFixed(2) : Math.round(duration)} ms`;
}
