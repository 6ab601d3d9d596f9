/** Infers a mistake of the app from which deliveries pass and which fail. */
import type { Delivered } from "./deliver.ts";

export interface Diagnosis {
  code: "body.reserialized";
  cause: string;
  fix: string;
  /** How to get the raw request body, by framework. */
  snippets: { framework: string; code: string }[];
}

const REJECTED = new Set([400, 401, 403]);

/** Counts accepted and rejected deliveries, with and without escapes in their bodies. */
export class Evidence {
  readonly #counts = { escaped: { accepted: 0, rejected: 0 }, plain: { accepted: 0, rejected: 0 } };

  add({ status = 0, escaped }: Delivered): void {
    const counts = this.#counts[escaped ? "escaped" : "plain"];
    if (status === 200) counts.accepted++;
    else if (REJECTED.has(status)) counts.rejected++;
  }

  /** The number of deliveries with a status that suggests a signature mismatch. */
  get rejected(): number {
    return this.#counts.escaped.rejected + this.#counts.plain.rejected;
  }

  /**
   * `JSON.stringify` of a parsed body reproduces it unless it contains escapes. If exactly the deliveries with escapes are rejected, the
   * app verifies the signature of the re-serialized body.
   */
  diagnose(): Diagnosis | undefined {
    const { escaped, plain } = this.#counts;
    const isReserialized = escaped.rejected > 0 && escaped.accepted === 0 && plain.accepted > 0 && plain.rejected === 0;
    return isReserialized ? RESERIALIZED : undefined;
  }
}

const RESERIALIZED: Diagnosis = {
  code: "body.reserialized",
  cause: String.raw`the app verifies the signature of the parsed and re-serialized body: it rejected only bodies with \/ or \u escapes`,
  fix: "verify the signature over the raw request body",
  snippets: [
    { framework: "Express", code: 'app.post("/webhook", express.raw({ type: "application/json" }), handler)' },
    {
      framework: "Fastify",
      code: 'app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) => done(null, body))',
    },
    { framework: "Next.js, Hono", code: "const body = await request.text()" },
    { framework: "Flask", code: "body = request.get_data()" },
    { framework: "FastAPI", code: "body = await request.body()" },
  ],
};
