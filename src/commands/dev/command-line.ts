/** The words after `--` as the command line of a shell. */

/** One word is a command line of its own, such as `"npm start | tee log"`; several are quoted where it is needed. */
export function commandLine(words: readonly string[], platform = process.platform): string {
  const [first = ""] = words;
  if (words.length === 1) return first;
  return words.map(platform === "win32" ? quotedForWindows : quoted).join(" ");
}

const SAFE = /^[\w@%+=:,./-]+$/;

function quoted(word: string): string {
  return SAFE.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function quotedForWindows(word: string): string {
  return SAFE.test(word) || /^[\w\\:.-]+$/.test(word) ? word : `"${word.replaceAll('"', String.raw`\"`)}"`;
}
