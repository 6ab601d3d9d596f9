import { createHash } from "node:crypto";
import { lutimesSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { Graph } from "../../src/graph/client.ts";
import { compareHash, MAX_MEDIA_BYTES, removeDrafts, saveMedia } from "../../src/graph/media-download.ts";
import { fileNameOf, mediaFile, mediaInfo, size } from "../../src/graph/media.ts";
import { MEDIA } from "../../src/messages/media-types.ts";
import { serve } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

const BYTES = Buffer.alloc(200_000, "media");
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

/** A Graph API that has one media object. */
async function withMedia(
  file: RequestListener,
  sha256 = SHA256,
  file_size: unknown = String(BYTES.length),
): Promise<{ graph: Graph; id: string }> {
  let url = "";
  const { port } = await serve((request, response) => {
    if (request.url === "/file") return file(request, response);
    // Captures have a number here, Meta's pages a text.
    response.end(JSON.stringify({ url, mime_type: "image/jpeg", sha256, file_size, id: "1" }));
  });
  url = `http://127.0.0.1:${port}/file`;
  const graph = new Graph({ url: `http://127.0.0.1:${port}`, version: "v25.0", accessToken: "fake-token" });
  onTestFinished(() => graph.close());
  return { graph, id: "1" };
}

async function fetched(
  file: RequestListener,
  sha256?: string,
  announced?: unknown,
): Promise<{ error: unknown; left: string[]; told: number[] }> {
  const { graph, id } = await withMedia(file, sha256, announced);
  const [folder, told] = [temporaryFolder(), [] as number[]];
  const error: unknown = await saveMedia(graph, await mediaInfo(graph, id), join(folder, "file.jpg"), (done) =>
    told.push(done),
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) expect(readFileSync(join(folder, "file.jpg"))).toEqual(BYTES);
  return { error, left: readdirSync(folder), told };
}

test("a download sends the token and reports its progress", async () => {
  const { error, left, told } = await fetched((request, response) => {
    response.writeHead(request.headers.authorization === "Bearer fake-token" ? 200 : 401).end(BYTES);
  });
  expect([error, left, told.at(-1)]).toEqual([undefined, ["file.jpg"], BYTES.length]);
});

test.each<[string, RequestListener, string | undefined, string]>([
  ["has another hash", (_, response) => response.end(BYTES), "0".repeat(64), "media.sha256"],
  [
    "is cut off",
    (_, response) => response.writeHead(200, { "content-length": "200000" }).write("half", () => response.destroy()),
    undefined,
    "graph.unreachable",
  ],
  ["is a web page with 200", (_, response) => response.end("<html></html>"), undefined, "media.sha256"],
  [
    "is gone",
    (_, response) => response.writeHead(404, { "content-type": "text/html" }).end("<html></html>"),
    undefined,
    "graph.html",
  ],
  [
    "is somewhere else",
    (_, response) => response.writeHead(302, { location: "/else" }).end(),
    undefined,
    "graph.redirect",
  ],
])("nothing is left of a file that %s", async (_, file, sha256, code) => {
  const { error, left } = await fetched(file, sha256);
  expect([error, left]).toEqual([expect.objectContaining({ code }), []]);
});

/** Writes for as long as somebody reads, and tells how much that was. */
function endless(head: Record<string, string> = {}): { file: RequestListener; sent: () => number } {
  let sent = 0;
  const file: RequestListener = (_, response) => {
    response.writeHead(200, head);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
    };
    response.on("drain", more);
    more();
  };
  return { file, sent: () => sent };
}

test.each([
  ["of 5 bytes, as Meta says", "5", {}, "graph.too-large"],
  ["of 5 bytes, and of 500 MB as the server says", 5, { "content-length": "500000000" }, "graph.too-large"],
  [
    "of no known size, and of 500 MB as the server says",
    undefined,
    { "content-length": "500000000" },
    "graph.too-large",
  ],
  ["of 10 GB", 10_000_000_000, {}, "media.too-large"],
])("a file %s that never ends is not fetched further, and nothing is left", async (_, announced, head, code) => {
  const { file, sent } = endless(head);
  const { error, left, told } = await fetched(file, undefined, announced ?? null);
  expect([error, left, told]).toEqual([expect.objectContaining({ code }), [], []]);
  expect(sent()).toBeLessThan(20_000_000);
});

test("a file is fetched although Meta does not say how large it is", async () => {
  const { error, left } = await fetched((_, response) => response.end(BYTES), undefined, null);
  expect([error, left]).toEqual([undefined, ["file.jpg"]]);
  expect(MAX_MEDIA_BYTES).toBeGreaterThan(MEDIA.document.maxBytes);
});

test("what a killed download left is removed, and nothing else", () => {
  const folder = temporaryFolder();
  const now = Date.now();
  const aged = (name: string, minutes: number, make = (path: string) => writeFileSync(path, "half")) => {
    make(join(folder, name));
    const at = now / 1000 - minutes * 60;
    lutimesSync(join(folder, name), at, at);
  };
  aged(".wa-hook-0123456789ab", 16);
  aged(".wa-hook-aaaaaaaaaaaa", 14);
  aged(".wa-hook-bbbbbbbbbbbb", 99, (path) => mkdirSync(path));
  aged(".wa-hook-cccccccccccc", 99, (path) => symlinkSync("kept", path));
  aged(".wa-hook-notes.txt", 99);
  aged("1.jpg", 99);
  removeDrafts(folder, now);
  expect(readdirSync(folder).toSorted()).toEqual([
    ".wa-hook-aaaaaaaaaaaa",
    ".wa-hook-bbbbbbbbbbbb",
    ".wa-hook-cccccccccccc",
    ".wa-hook-notes.txt",
    "1.jpg",
  ]);
  removeDrafts(join(folder, "nowhere"), now);
});

test.each([
  ["too long for a file", `${"x".repeat(300)}.jpg`, "media.unwritable"],
  ["in no folder", "nowhere/file.jpg", "media.unwritable"],
  ["taken", ".", "media.exists"],
])("a name that is %s is told, and nothing is left", async (_, name, code) => {
  const { graph, id } = await withMedia((_request, response) => response.end(BYTES));
  const folder = temporaryFolder();
  const saving = saveMedia(graph, await mediaInfo(graph, id), join(folder, name));
  await expect(saving).rejects.toMatchObject({ code });
  expect(readdirSync(folder)).toEqual([]);
});

test("the SHA-256 of a webhook is compared in base64", () => {
  const info = { id: "1", url: "", mime: "image/jpeg", sha256: SHA256, bytes: BYTES.length };
  compareHash(info, Buffer.from(SHA256, "hex").toString("base64"));
  compareHash(info, undefined);
  expect(() => compareHash(info, Buffer.from("another").toString("base64"))).toThrow(
    /the SHA-256 of media 1 does not match/,
  );
});

test.each([
  [{ id: "123", mime: "image/jpeg" }, undefined, "123.jpg"],
  [{ id: "../../etc/passwd", mime: "application/x-sh" }, undefined, "______etc_passwd.bin"],
  [{ id: "1", mime: "application/pdf; x=y" }, "../../.bashrc", "1--bashrc.pdf"],
  [{ id: "1", mime: "application/pdf" }, "Rechnung für März.pdf", "1-Rechnung-für-März.pdf"],
  [{ id: "1", mime: "text/plain" }, "名".repeat(100), `1-${"名".repeat(66)}.txt`],
  [{ id: "1", mime: "text/plain" }, `a${"𠀀".repeat(100)}`, `1-a${"𠀀".repeat(49)}.txt`],
  [{ id: "1", mime: "text/plain" }, "a\u0000b\n.txt", "1-a-b-.txt"],
])("the name of %j, called %j, is safe: %s", (media, called, name) => {
  expect(fileNameOf(media, called)).toBe(name);
});

test("every kind of media is accepted up to its size limit and refused one byte above", async () => {
  const folder = temporaryFolder();
  for (const [kind, { maxBytes, types }] of Object.entries(MEDIA)) {
    // 100 MB twice is too much for a test.
    if (maxBytes > 20_000_000) continue;
    const [type] = types;
    const file = join(folder, `file${type?.extensions[0]}`);
    const { at = 0, bytes = "" } = type?.magic ?? {};
    const content = Buffer.alloc(maxBytes);
    content.write(bytes, at, "latin1");
    writeFileSync(file, content);
    expect(await mediaFile(file, kind as never)).toMatchObject({ kind, mime: type?.mime, bytes: maxBytes });
    writeFileSync(file, Buffer.concat([content, Buffer.alloc(1)]));
    await expect(mediaFile(file, kind as never)).rejects.toMatchObject({ code: "media.size" });
  }
});

test.each([
  [5, "5 bytes"],
  [310_000, "303 kB"],
  [5 * 1024 * 1024, "5 MB"],
  [4_400_000, "4.2 MB"],
])("%i bytes are %s", (bytes, words) => expect(size(bytes)).toBe(words));
