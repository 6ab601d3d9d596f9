// Loaded before the program (`node --import`): its clock jumps between two days ago and two days from now, all the time.
const DAYS = 2 * 24 * 60 * 60 * 1000;
const OFFSETS = [0, DAYS, -DAYS, DAYS, 0, -DAYS];
/** Of questions, between two jumps. */
const STEADY = 25;

const { now } = Date;
let questions = 0;

Date.now = () => now() + OFFSETS[Math.floor(questions++ / STEADY) % OFFSETS.length];
