/** The words after `--` as the command line of a shell. */

/** One word is a command line of its own, such as `"npm start | tee log"`; several are quoted where it is needed. */
export function commandLine(words: readonly string[], platform = process.platform): string {
  const [first = ""] = words;
  if (words.length === 1) return first;
  if (platform === "win32") return words.map(quotedForWindows).join(" ");
  // In place of the shell, whose process would report a signal as an exit code.
  return `exec ${words.map(quoted).join(" ")}`;
}

const SAFE = /^[\w@%+=:,./-]+$/;

function quoted(word: string): string {
  return SAFE.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function quotedForWindows(word: string): string {
  return SAFE.test(word) || /^[\w\\:.-]+$/.test(word) ? word : `"${word.replaceAll('"', String.raw`\"`)}"`;
}
