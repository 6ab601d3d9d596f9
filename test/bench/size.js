// How large the package is, packed and installed with what it needs.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PACKED_KB = 300;

export function size(scratch) {
  // Without its scripts: `npm run bench` has just built.
  const [packed] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], PROJECT));
  const kb = packed.size / 1000;
  const installed = install(join(scratch, packed.filename), join(scratch, "installed"));
  return {
    title: "size",
    headings: ["size"],
    rows: [
      { name: "packed, of 300 kB", figures: [`${kb.toFixed(1)} kB`], ratio: kb / PACKED_KB, atMost: 1 },
      { name: `unpacked, ${packed.entryCount} files`, figures: [`${(packed.unpackedSize / 1000).toFixed(1)} kB`] },
      installed,
    ],
  };
}

function install(tarball, folder) {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  try {
    npm(["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", tarball], folder);
  } catch (error) {
    return { name: "installed", figures: [`not measured: ${error.message.split("\n")[0]}`] };
  }
  const modules = join(folder, "node_modules");
  const { packages } = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  const mib = bytesIn(modules) / 1024 ** 2;
  return { name: `installed, ${Object.keys(packages).length} packages`, figures: [`${mib.toFixed(1)} MiB`] };
}

function npm(args, cwd) {
  const options = { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" };
  return execFileSync("npm", args, options);
}

/** As `du` counts: what the files take on the disk. */
function bytesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map((entry) => lstatSync(join(entry.parentPath, entry.name)));
  return sizes.reduce((sum, { blocks, size: length }) => sum + (blocks === undefined ? length : blocks * 512), 0);
}
