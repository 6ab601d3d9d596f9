/** Why do no events come? The questions in the order in which a person would ask them, then the likely cause. */
import { InterruptedError, isRefusal } from "../errors.ts";
import type { Finding } from "../report/finding.ts";
import { conclude, type Diagnosis } from "./diagnosis.ts";
import type { Patient } from "./patient.ts";
import { answer, lack, refusal, type Known, type Question } from "./question.ts";
import { questions } from "./questions/index.ts";

/** What happens on the way to the diagnosis. */
export type Step = { type: "question"; code: string; title: string } | ({ type: "finding" } & Finding);

/**
 * Asks Meta and the callback, and changes nothing. Returns the diagnosis. A refusal of Meta's is a finding; throws an `UnavailableError`
 * when Meta cannot be reached, and an `InterruptedError` when it is stopped.
 */
export async function* diagnose(patient: Patient): AsyncGenerator<Step, Diagnosis, void> {
  const known: Known = { without: new Map() };
  const findings: Finding[] = [];
  for (const question of questions) {
    yield { type: "question", code: question.code, title: question.title };
    const found = await put(question, patient, known);
    // What came of a request that was cut off says nothing.
    if (patient.signal?.aborted === true) throw interrupted();
    for (const finding of found) {
      findings.push(finding);
      yield { type: "finding", ...finding };
    }
  }
  return conclude(findings, known);
}

async function put(question: Question, patient: Patient, known: Known): Promise<Finding[]> {
  const reason = lack(question.needs, known);
  if (reason !== undefined) return [answer(question, "skip", { got: `not asked: ${reason}` })];
  try {
    return await question.ask(patient, known);
  } catch (error) {
    if (isRefusal(error)) return [refusal(question, error)];
    throw error;
  }
}

function interrupted(): InterruptedError {
  return new InterruptedError("stopped before everything was asked", { code: "doctor.interrupted" });
}
