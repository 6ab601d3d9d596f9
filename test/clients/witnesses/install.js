/** `npm run witnesses`: installs jest and the larger client libraries into a temporary folder and runs them against the emulator. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Beside the development dependencies because of their size (about 200 MB together) or, for whatsapp-cloud-api, their license (GPL-3.0).
const PACKAGES = [
  "@builderbot/bot@1.2.2",
  "@builderbot/provider-meta@1.2.2",
  "facebook-nodejs-business-sdk@24.0.1",
  "whatsapp@0.0.5-Alpha",
  "jest@30.5.2",
  "whatsapp-cloud-api@0.3.1",
];

const folder = mkdtempSync(join(tmpdir(), "wa-hook-witnesses-"));
const shell = process.platform === "win32";
try {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", "--save-exact", ...quiet, ...PACKAGES], { cwd: folder, stdio: "inherit", shell });
  const env = { ...process.env, WITNESSES: folder, NODE_ENV: "production" };
  execFileSync("npx", ["vitest", "run", "--project", "witnesses", ...process.argv.slice(2)], {
    stdio: "inherit",
    env,
    shell,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
