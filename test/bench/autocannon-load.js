// One run of autocannon in a process of its own, as `replay` has one. Takes its options as JSON, prints the answers per second.
import autocannon from "autocannon";

const options = JSON.parse(process.argv[2]);
const started = performance.now();
let [answered, seconds] = [0, 0];
const running = autocannon(options);
// autocannon's own duration is rounded up to its next sample.
running.on("response", () => {
  if (++answered === options.amount) seconds = (performance.now() - started) / 1000;
});
const { non2xx, errors } = await running;
if (non2xx + errors > 0) throw new Error(`${non2xx} bad answers, ${errors} errors`);
process.stdout.write(String(options.amount / seconds));
