/** The lines of a file or of standard input, as they are read. */
import { UsageError } from "../errors.ts";

/** As `events export` writes it, a delivery of Meta's largest size with the most events that are read of it is smaller. */
const LINE_BYTES = 64 * 1024 * 1024;

export interface Line {
  /** With the line feed at its end, which the last line may lack. */
  bytes: Buffer;
  /** From 1 on. */
  number: number;
}

/** Those of one piece that was read come together. Throws a `UsageError` that names a line of more than 64 MB. */
export async function* linesOf(
  name: string,
  chunks: AsyncIterable<Buffer | string>,
): AsyncGenerator<Line[], void, void> {
  let pieces: Buffer[] = [];
  let [size, number] = [0, 1];
  const keep = (piece: Buffer) => {
    pieces.push(piece);
    size += piece.length;
    if (size > LINE_BYTES) throw tooLarge(`${name}:${number}`, LINE_BYTES);
  };
  for await (const part of chunks) {
    const chunk = typeof part === "string" ? Buffer.from(part) : part;
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      keep(chunk.subarray(start, end + 1));
      lines.push({ bytes: Buffer.concat(pieces), number });
      [pieces, size, start] = [[], 0, end + 1];
      number++;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [{ bytes: Buffer.concat(pieces), number }];
}

export function tooLarge(place: string, limit: number): UsageError {
  return new UsageError(`${place} is larger than ${limit / 1024 / 1024} MB`, {
    code: "fixture.too-large",
    hint: "Meta's deliveries are 3 MB at most: write one delivery a line, as wa-hook events export does",
  });
}
