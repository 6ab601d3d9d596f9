// Fair comparisons on a noisy machine: the cases take turns, and medians are compared.

/**
 * Runs each of `cases` (`{ name: () => figures }`) once a round, so that a slow minute hits all of them alike.
 * Resolves with `{ name: figures }`, where each figure is the median of its rounds. The first round only warms up, unless `warm` says
 * that each case warms up by itself. No round starts after `seconds`, except the first that counts.
 */
export async function takeTurns(rounds, cases, { seconds = Infinity, warm = false } = {}) {
  const measured = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  const started = performance.now();
  for (let round = warm ? 1 : 0; round <= rounds; round++) {
    if (round > 1 && (performance.now() - started) / 1000 > seconds * (1 - 1 / round)) break;
    for (const [name, run] of Object.entries(cases)) {
      const figures = await run();
      if (round > 0) measured[name].push(figures);
    }
  }
  return Object.fromEntries(Object.entries(measured).map(([name, all]) => [name, medians(all)]));
}

function medians(all) {
  return Object.fromEntries(Object.keys(all[0]).map((key) => [key, median(all.map((figures) => figures[key]))]));
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
