import type { FormProblem } from "../views.ts";
import type { Words } from "../words/en.ts";

/** Why a form was not taken, though nothing is wrong with its fields. */
export function formProblemText(problem: FormProblem, { form, time }: Words): string {
  return problem.kind === "tooManyTries" ? form.tooManyTries(time.wait(problem.waitSeconds)) : form.expired;
}
