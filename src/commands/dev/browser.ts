/** Opens a page in the browser of the person at this machine. */
import { spawn } from "node:child_process";

/** Resolves with the reason when it cannot be opened. */
export async function openInBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  platform = process.platform,
): Promise<string | undefined> {
  const [program, ...args] = opener(url, platform);
  return new Promise((resolve) => {
    // Left to itself: some of these programs stay as long as the browser is open.
    const child = spawn(program, args, { env, stdio: "ignore", detached: platform !== "win32", windowsHide: true });
    child.once("error", () => resolve(`no browser was found: ${program} is not installed`));
    child.once("spawn", () => {
      child.unref();
      resolve(undefined);
    });
  });
}

function opener(url: string, platform: NodeJS.Platform): [program: string, ...args: string[]] {
  if (platform === "darwin") return ["open", url];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  return ["xdg-open", url];
}
