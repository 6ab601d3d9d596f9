/** The steps of `wa-hook init` that ask for settings, in order. */
import type { Step } from "../step.ts";
import { allowedNumbersStep } from "./allowed-numbers.ts";
import { appStep } from "./app.ts";
import { phoneNumberStep, wabaStep } from "./assets.ts";
import { tokenStep } from "./token.ts";

export const steps: readonly Step[] = [appStep, tokenStep, wabaStep, phoneNumberStep, allowedNumbersStep];
