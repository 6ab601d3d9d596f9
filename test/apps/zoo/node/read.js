/** The body of a request on node:http, which has no limit of its own. */
import { LIMIT } from "../bot.js";

/** Nothing when it is larger than the limit, or when the connection ended before the body did. */
export async function read(request) {
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > LIMIT) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}
