/** Compiles docs/snippets/nest.ts, whose decorators Node.js does not know, and runs it. */
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";

// In docs/, where its packages are found.
const compiled = new URL("../../../docs/.vitepress/cache/nest.js", import.meta.url);
const bundle = await rolldown({
  input: fileURLToPath(new URL("../../../docs/snippets/nest.ts", import.meta.url)),
  external: /^@nestjs\//,
  platform: "node",
  transform: { decorator: { legacy: true } },
});
await bundle.write({ file: fileURLToPath(compiled), format: "esm" });
await import(compiled.href);
