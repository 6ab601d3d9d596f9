/** The files of the page, as the build made them, with the token of this start in the HTML. */
import type { LocalHandler, Routes } from "../http/local-routes.ts";
import { readStaticFiles, type StaticFile } from "../http/static-files.ts";

/** Beside the bundle; run from the sources, the build's, or else the HTML alone. */
const FOLDERS = ["page/", "../../dist/page/"].map((folder) => new URL(folder, import.meta.url));
const [INDEX, SCRIPT] = ["index.html", "page.js"];

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
const TOKEN_META = /<meta\s+name="wa-hook-token"[^>]*>/;

/** A route for each file, by its exact name. */
export function pageFiles(token: string): Routes {
  return new Map(
    [...read()].map(([name, { contentType, bytes }]): [string, LocalHandler] => {
      if (name !== INDEX) return [`GET /${name}`, () => ({ contentType, body: bytes })];
      const body = withToken(bytes.toString("utf8"), token);
      return ["GET /", () => ({ contentType, body, headers: HEADERS })];
    }),
  );
}

const HEADERS = {
  "content-security-policy": POLICY,
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
};

function read(): ReadonlyMap<string, StaticFile> {
  const all = FOLDERS.map(readStaticFiles);
  return all.find((files) => files.has(SCRIPT)) ?? all.find((files) => files.has(INDEX)) ?? new Map();
}

function withToken(html: string, token: string): string {
  const meta = `<meta name="wa-hook-token" content="${token}">`;
  return TOKEN_META.test(html) ? html.replace(TOKEN_META, () => meta) : html.replace("</head>", () => `${meta}</head>`);
}
