// What most people put in front of an app: http-proxy from npm. It keeps nothing and checks nothing.
import { Agent, createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, port, target] = process.argv.slice(2);
const { createProxyServer } = createRequire(join(folder, "package.json"))("http-proxy");
const proxy = createProxyServer({ target, agent: new Agent({ keepAlive: true, maxSockets: 32 }) });

createServer((request, response) => proxy.web(request, response)).listen(Number(port), "127.0.0.1");
