/** The ngrok agent's config file: its paths, the versions of its format, and files that cannot be parsed. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { UsageError } from "../../src/errors.ts";
import { findNgrokConfig, ngrokConfigPaths } from "../../src/tunnel/ngrok/config.ts";
import { temporaryFolder } from "../support/world.ts";

const VERSION_2 = "version: 2\nauthtoken: fake_v2\napi_key: fake_api_key\nregion: eu\n";
const VERSION_3 = `version: "3"
agent:
  authtoken: fake_v3 # work account
  api_key: fake_api_key
  connect_url: connect.example.com:443
`;

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test.each([
  ["linux", ".config/ngrok/ngrok.yml", {}],
  ["linux", "xdg/ngrok/ngrok.yml", { XDG_CONFIG_HOME: "xdg" }],
  ["linux", ".ngrok2/ngrok.yml", {}],
  ["freebsd", ".config/ngrok/ngrok.yml", {}],
  ["darwin", "Library/Application Support/ngrok/ngrok.yml", {}],
] as const)("on %s the file %s is found", async (platform, relativePath, variables: Record<string, string>) => {
  const home = temporaryFolder();
  const path = write(join(home, relativePath), VERSION_2);
  const env = Object.fromEntries(Object.entries(variables).map(([name, folder]) => [name, join(home, folder)]));
  expect(await findNgrokConfig({ env, platform, home })).toEqual({ path, authtoken: "fake_v2" });
  expect(readFileSync(path, "utf8")).toBe(VERSION_2);
});

test.each([
  [{ LOCALAPPDATA: "D:\\Local" }, "D:\\Local\\ngrok\\ngrok.yml"],
  [{}, "C:\\Users\\ann\\AppData\\Local\\ngrok\\ngrok.yml"],
])("on Windows the file is in the local application data folder: %j", (env, path) => {
  const legacy = "C:\\Users\\ann\\.ngrok2\\ngrok.yml";
  expect(ngrokConfigPaths({ env, platform: "win32", home: "C:\\Users\\ann" })).toEqual([path, legacy]);
});

test("the result is undefined without a file, and a relative XDG_CONFIG_HOME is ignored", async () => {
  const home = temporaryFolder();
  expect(await findNgrokConfig({ env: {}, platform: "linux", home })).toBeUndefined();
  const path = write(join(home, ".config/ngrok/ngrok.yml"), VERSION_2);
  const found = await findNgrokConfig({ env: { XDG_CONFIG_HOME: "relative" }, platform: "linux", home });
  expect(found?.path).toBe(path);
});

function found(text: string) {
  const home = temporaryFolder();
  write(join(home, ".config/ngrok/ca.pem"), "fake PEM");
  const path = write(join(home, ".config/ngrok/ngrok.yml"), text);
  return { path, config: findNgrokConfig({ env: {}, platform: "linux", home }) };
}

test("version 3 has its settings under agent", async () => {
  const { path, config } = found(VERSION_3);
  expect(await config).toEqual({ path, authtoken: "fake_v3", connectUrl: "connect.example.com:443" });
});

test.each([
  ["version 2", "server_addr: eu.example.com:443\nroot_cas: ca.pem\n"],
  ["version 3", "version: 3\nagent:\n  connect_url: eu.example.com:443\n  connect_cas: ./ca.pem\n"],
])("in %s the CA certificates are read from the configured file", async (_, text) => {
  const { path, config } = found(text);
  expect(await config).toEqual({ path, connectUrl: "eu.example.com:443", connectCas: "fake PEM" });
});

test.each([
  ["host", "host"],
  ["trusted", undefined],
])("the value %s is not read as a file name", async (word, connectCas) => {
  const { path, config } = found(`version: 3\nagent:\n  connect_cas: ${word}\n`);
  expect(await config).toEqual({ path, ...(connectCas === undefined ? {} : { connectCas }) });
});

test.each([
  ["endpoints:\n  - name: a\n    url: https://shop.ngrok.app\n", "shop.ngrok.app"],
  ["tunnels:\n  a:\n    proto: http\n    domain: shop.ngrok.app\n", "shop.ngrok.app"],
  ["endpoints:\n  - url: https://a.ngrok.app\n  - url: https://b.ngrok.app\n", undefined],
  ["endpoints:\n  - url: tcp://1.tcp.ngrok.io:12345\n", undefined],
  ["endpoints:\n  - url: https://api.internal\n", undefined],
  ["tunnels:\n  a:\n    proto: http\n", undefined],
])("the domain is that of the only endpoint: %j", async (text, domain) => {
  expect((await found(`version: 3\nagent: {}\n${text}`).config)?.domain).toBe(domain);
});

test.each(["", "# empty\n", "version: 2\nauthtoken:\n", "authtoken: 12345\n"])(
  "a file without a token has no authtoken: %j",
  async (text) => expect((await found(text).config)?.authtoken).toBeUndefined(),
);

test.each([
  ["invalid YAML", "authtoken: fake_secret: {\n  more"],
  ["a list", "- fake_secret\n"],
  ["an agent that is a string", "version: 3\nagent: fake_secret\n"],
])("the error for %s names the file and does not repeat its content", async (_, text) => {
  const { path, config } = found(text);
  const error = await config.then(
    () => expect.unreachable(),
    (error: unknown) => error as UsageError,
  );
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toContain(`the ngrok config file ${path} cannot be read`);
  expect(error.message).not.toMatch(/fake_secret|\n/);
  expect(error.hint).toContain("NGROK_AUTHTOKEN");
});

test("a configured CA file that does not exist is an error", async () => {
  await expect(found("root_cas: /nowhere/ca.pem\n").config).rejects.toThrow(/refers to the CA file \/nowhere\/ca\.pem/);
});
