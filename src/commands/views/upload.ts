/** Renders the events of an upload. */
import { size } from "../../graph/media.ts";
import type { Printed } from "../../terminal/command.ts";
import type { Paint } from "../../terminal/paint.ts";
import type { UploadProgress } from "../inputs/media-source.ts";
import { resultLine } from "./findings.ts";

export function printUpload(event: UploadProgress, paint: Paint): Printed {
  switch (event.type) {
    case "uploading":
      return { progress: `Uploading ${event.file}: ${size(event.done)} of ${size(event.total)}` };
    case "uploaded":
      return {
        notice: resultLine("pass", { label: "Uploaded", result: `${event.file} as media ${event.id}` }, paint),
      };
  }
}
