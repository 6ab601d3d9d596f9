// The licenses of other people's code in the bundle, which ask to be handed on with it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A license that is not among these has to be read by a person first. */
const PERMISSIVE = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

const HEAD = `wa-hook contains code of the packages below, in dist/. Each is under the license that stands with it.
This file is made by the build from what was bundled.
`;

/**
 * The text of THIRD-PARTY-NOTICES for what rolldown has put out. Throws when a package has no license text or a license that is not permissive.
 * @param {import("rolldown").RolldownOutput["output"]} output
 */
export function noticesOf(output) {
  const chunks = output.filter((part) => part.type === "chunk");
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules));
  // Of a module that only passes on what others export, nothing is left.
  const bundled = modules
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => id.replaceAll("\\", "/"));
  const notices = new Map(bundled.map(packageOf).filter(Boolean).map(noticeOf));
  const sorted = [...notices].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [HEAD, ...sorted.map(([title, text]) => `${"=".repeat(80)}\n${title}\n${text}\n`)].join("\n");
}

/** What the bundler adds itself has no file: `\0rolldown/runtime.js`, `\0@oxc-project+runtime@1.2.3/helpers/usingCtx.js`. */
const ADDED = /^\0(?:(rolldown)\/|@oxc-project\+runtime@([\d.]+)\/)/;

/** The package that a module is of, with the folder of its license; nothing for our own. */
function packageOf(id) {
  const [added, bundler, version] = ADDED.exec(id) ?? [];
  if (bundler !== undefined) return inFolder("node_modules/rolldown");
  // It is in the bundler's binary, so its license stands here.
  if (added !== undefined)
    return { name: "@oxc-project/runtime", version, license: "MIT", repository: OXC, folder: "licenses" };
  if (id.startsWith("\0")) throw new Error(`${id.slice(1)} is bundled: whose is it?`);
  const [folder] = /^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [];
  return folder === undefined ? undefined : inFolder(folder);
}

const OXC = "git+https://github.com/oxc-project/oxc.git";

function inFolder(folder) {
  return { ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")), folder };
}

/** Its heading, and what stands below it. */
function noticeOf({ name, version, license, repository, folder }) {
  if (!PERMISSIVE.has(license)) throw new Error(`${name} is under ${license}: may it be bundled?`);
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice|oxc-project-runtime)/i.test(file))
    .toSorted();
  if (files.length === 0) throw new Error(`${name} comes without the text of its license`);
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  const source = typeof repository === "string" ? repository : repository?.url;
  const facts = [`License: ${license}`, ...(source === undefined ? [] : [`Source: ${source}`])];
  return [`${name} ${version}`, [...facts, ...texts.map((text) => `\n${text}`)].join("\n")];
}
