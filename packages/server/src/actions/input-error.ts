/** One field that needs another value, and a sentence for the person who typed it. */
export interface InputProblem {
  readonly field: string;
  readonly problem: string;
}

/** What was typed cannot be taken; nothing was changed. A page shows each problem beside its field, the command prints the message. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(problems.map(({ problem }) => problem).join(" "));
    this.problems = problems;
  }
}

/** Throws every problem at once, so that nobody has to mend a form field by field. */
export function refuseProblems(problems: readonly (InputProblem | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new InputError(found);
}

/** The field's problem if there is a sentence for it. */
export function problemOf(field: string, sentence: string | undefined): InputProblem | undefined {
  return sentence === undefined ? undefined : { field, problem: sentence };
}
