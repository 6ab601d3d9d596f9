// smee-client from npm: gets deliveries as a stream of events, and forwards their JSON. It keeps nothing and checks nothing.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, source, target] = process.argv.slice(2);
const file = createRequire(join(folder, "package.json")).resolve("smee-client");
const { default: SmeeClient } = await import(pathToFileURL(file).href);
const quiet = { info() {}, error: console.error };

await new SmeeClient({ source, target, logger: quiet, forward: true }).start();
