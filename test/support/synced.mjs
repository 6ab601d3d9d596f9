// Loaded before the program (`node --import`): notes how far the log of the store is durable, each time a sync of it has ended.
import { Buffer } from "node:buffer";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const FRAME_HEADER = 24;
const LOG_HEADER = 32;
const notes = fs.openSync(process.env.SYNCED_NOTES, "w");
const { fdatasync } = fs;

/** The salts of the log and the end of its last frame, which ends a commit: the event loop runs only between transactions. */
function endOf(log) {
  const header = Buffer.alloc(LOG_HEADER);
  if (fs.readSync(log, header, 0, LOG_HEADER, 0) < LOG_HEADER) return undefined;
  const [frame, salts] = [FRAME_HEADER + header.readUInt32BE(8), header.subarray(16, 24)];
  const read = Buffer.alloc(FRAME_HEADER);
  let end = LOG_HEADER;
  while (fs.readSync(log, read, 0, FRAME_HEADER, end) === FRAME_HEADER && read.subarray(8, 16).equals(salts))
    end += frame;
  return { salts, end };
}

fs.fdatasync = (log, done) => {
  const at = endOf(log);
  fdatasync(log, (error) => {
    if (error === null && at !== undefined) {
      const note = Buffer.alloc(12);
      at.salts.copy(note);
      note.writeUInt32BE(at.end, 8);
      fs.writeSync(notes, note, 0, note.length, 0);
    }
    done(error);
  });
};
syncBuiltinESMExports();
