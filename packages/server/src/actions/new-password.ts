import { findPasswordProblem, maximumPasswordBytes, minimumPasswordCharacters } from "../passwords.ts";
import type { InputProblem } from "./input-error.ts";

/** The problem of a password that someone wants to have. */
export function checkNewPassword(field: string, password: string): InputProblem | undefined {
  const problem = findPasswordProblem(password);
  return problem && { field, problem: sentences[problem] };
}

const sentences = {
  tooShort: `A password has at least ${minimumPasswordCharacters} characters.`,
  tooLong: `A password has at most ${maximumPasswordBytes} bytes.`,
  malformed: "The password holds half a character; type it again.",
};
