/** Reads a file or standard input line by line. */
import { UsageError } from "../errors.ts";

/** Larger than any line of `events export`. */
const LINE_BYTES = 64 * 1024 * 1024;

export interface Line {
  /** Including the trailing line feed, which the last line may lack. */
  bytes: Buffer;
  /** The first line is 1. */
  number: number;
}

/** Yields the lines of each chunk together. Throws a `UsageError` for a line of more than 64 MB. */
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
    hint: "write one delivery per line, as wa-hook events export does; Meta sends at most 3 MB",
  });
}
