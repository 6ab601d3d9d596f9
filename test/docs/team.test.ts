/** The files in docs/team.md do what the text says: with Redis, nginx and systemd, where these are installed. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";

import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { until } from "../support/faults.ts";
import { freePort, signed, VERIFY_TOKEN, wireOf } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { hasRedis, startRedis } from "../support/redis.ts";
import { temporaryFolder } from "../support/world.ts";

const DOC = readFileSync("docs/team.md", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const isInstalled = (program: string, flag: string) => spawnSync(program, [flag]).status === 0;
const hasNginx = isInstalled("nginx", "-v") && isInstalled("openssl", "version");
if (!hasNginx) console.warn("nginx is not installed: the test of the proxy in docs/team.md is skipped");

/** The text of the only block in this language. */
function block(language: string): string {
  const [found, ...more] = [...DOC.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))];
  expect(more).toEqual([]);
  return found?.[1] ?? "";
}

interface Compose {
  services: Record<
    string,
    {
      command?: string;
      environment?: Record<string, string>;
      volumes?: string[];
      depends_on?: string[];
      ports?: string[];
    }
  >;
  volumes: Record<string, unknown>;
}

const compose = parse(block("yaml")) as Compose;

/** Redis and a listener with the command lines of the compose file; on other ports, and on this machine only. */
async function composed(): Promise<{ port: number; address: string }> {
  const { redis, listen } = compose.services;
  const [server, ...flags] = redis?.command?.split(" ") ?? [];
  const [npx, yes, name, command, ...rest] = listen?.command?.split(" ") ?? [];
  expect([server, npx, yes, name, command]).toEqual(["redis-server", "npx", "--yes", `wa-hook@${version}`, "listen"]);
  expect(rest).toEqual(["--host", "0.0.0.0", "--port", "8000"]);
  const { port } = await startRedis(flags);
  const address = listen?.environment?.["WHATSAPP_HOOK_STORE"]?.replace("redis:6379", `127.0.0.1:${port}`) ?? "";
  expect(address).toBe(`redis://127.0.0.1:${port}/0/shop`);
  const secrets = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN };
  expect(Object.keys(listen?.environment ?? {}).toSorted()).toEqual(
    ["WHATSAPP_HOOK_STORE", ...Object.keys(secrets)].toSorted(),
  );
  const terminal = await listenInBackground("--page-port 0", {
    cwd: temporaryFolder(),
    env: { WHATSAPP_HOOK_STORE: address, ...secrets },
  });
  onTestFinished(async () => void (await terminal.stop()));
  return { port: terminal.port, address };
}

test("the compose file names what it uses, and nginx leads to the port of the listener", () => {
  const { services, volumes } = compose;
  for (const { depends_on = [] } of Object.values(services)) {
    for (const each of depends_on) expect(services).toHaveProperty(each);
  }
  expect(services["redis"]?.volumes).toEqual(["redis:/data"]);
  expect(volumes).toHaveProperty("redis");
  expect(services["proxy"]?.volumes).toEqual(["./nginx.conf:/etc/nginx/nginx.conf:ro", "./tls:/etc/nginx/tls:ro"]);
  expect(block("nginx")).toContain("server listen:8000;");
});

/** A CA, and certificates that it or another one has signed. */
function certificates(folder: string): void {
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: folder });
    expect([status, status === 0 ? "" : String(stderr)]).toEqual([0, ""]);
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "key.pem", "-out", "fullchain.pem", "-subj", "/CN=hooks.example.com");
  for (const ca of ["meta-ca", "other-ca"]) {
    openssl("req", "-x509", ...key, "-keyout", `${ca}.key`, "-out", `${ca}.pem`, "-subj", `/CN=${ca}`);
  }
  for (const [name, ca, subject] of [
    ["meta", "meta-ca", "/O=Meta/CN=client.webhooks.fbclientcerts.com"],
    ["longer", "meta-ca", "/O=Meta/CN=client.webhooks.fbclientcerts.com.example.com"],
    ["foreign", "other-ca", "/O=Meta/CN=client.webhooks.fbclientcerts.com"],
  ] as const) {
    openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
    const by = ["-CA", `${ca}.pem`, "-CAkey", `${ca}.key`, "-CAcreateserial"];
    openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-out", `${name}.pem`);
  }
}

/** nginx with the configuration of the page, on another port and with files of this folder. */
async function startNginx(folder: string, listener: number): Promise<number> {
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (each) => `${each}_temp_path ${folder}/tmp;`,
  );
  const config = block("nginx")
    .replace("listen:8000", `127.0.0.1:${listener}`)
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replaceAll("/etc/nginx/tls/", `${folder}/`)
    .replace("http {", `http { access_log off; ${temporary.join(" ")}`);
  mkdirSync(join(folder, "tmp"));
  writeFileSync(join(folder, "nginx.conf"), config);
  // Its workers write to the folder, too.
  const user = process.getuid?.() === 0 ? "user root; " : "";
  const settings = `${user}daemon off; pid ${folder}/nginx.pid; error_log stderr;`;
  const nginx = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-g", settings], { stdio: "ignore" });
  onTestFinished(async () => {
    nginx.kill("SIGQUIT");
    if (nginx.exitCode === null) await once(nginx, "exit");
  });
  await until(async () => nginx.exitCode !== null || (await ask(port, folder, undefined).catch(() => 0)) > 0);
  expect(nginx.exitCode).toBeNull();
  return port;
}

/** The status of a request with one of the client certificates. */
function ask(
  port: number,
  folder: string,
  client: string | undefined,
  body?: Buffer,
  path = "/webhook",
): Promise<number> {
  const file = (name: string) => readFileSync(join(folder, name));
  return new Promise((resolve, reject) => {
    const asking = request(`https://127.0.0.1:${port}${path}`, {
      method: body === undefined ? "GET" : "POST",
      ca: file("fullchain.pem"),
      checkServerIdentity: () => undefined,
      agent: false,
      ...(client === undefined ? {} : { cert: file(`${client}.pem`), key: file(`${client}.key`) }),
      headers: body === undefined ? {} : signed(body),
    });
    asking.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    asking.on("error", reject).end(body);
  });
}

test.skipIf(!hasRedis || !hasNginx)(
  "behind nginx, a delivery with Meta's client certificate reaches the store, and others get no further than nginx",
  async () => {
    const folder = temporaryFolder();
    certificates(folder);
    const { port: listener, address } = await composed();
    const port = await startNginx(folder, listener);
    const body = wireOf("text", "wamid.1");
    expect(await ask(port, folder, undefined, body)).toBe(400);
    expect(await ask(port, folder, "foreign", body)).toBe(400);
    expect(await ask(port, folder, "longer", body)).toBe(403);
    expect(await ask(port, folder, "meta", body, "/health")).toBe(404);
    const store = await RedisStore.open(address);
    onTestFinished(() => store.close());
    expect(await store.count({})).toBe(0);
    expect(await ask(port, folder, "meta", body)).toBe(200);
    const handshake = `/webhook?hub.mode=subscribe&hub.verify_token=${VERIFY_TOKEN}&hub.challenge=1158201444`;
    expect(await ask(port, folder, "meta", undefined, handshake)).toBe(200);
    expect(await ask(port, folder, "meta", Buffer.alloc(3 * 1024 * 1024, " "))).toBe(200);
    expect(Buffer.from((await store.get("1"))?.body ?? []).equals(body)).toBe(true);
    expect(await store.count({})).toBe(2);
  },
);

test.skipIf(!isInstalled("systemd-analyze", "--version"))("systemd finds nothing wrong with the unit", () => {
  const folder = temporaryFolder();
  const unit = block("ini");
  expect(unit).toContain("ExecStart=/usr/bin/wa-hook listen --port %i --quiet\n");
  const found = (text: string) => {
    const file = join(folder, "wa-hook@8001.service");
    writeFileSync(file, text.replace("/usr/bin/wa-hook", process.execPath));
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", file]);
    return [status, String(stderr)];
  };
  expect(found(unit)).toEqual([0, ""]);
  expect(found(unit.replace("RestartSec=", "RestartSecs="))[1]).toContain("Unknown key");
});
