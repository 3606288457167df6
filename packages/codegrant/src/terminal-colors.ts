/** Words in colour on a terminal that shows them, and plain everywhere else (NO_COLOR, a pipe, a file). */
export interface Colors {
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly title: (text: string) => string;
}

export function colorsFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Colors {
  const isPlain = stream.isTTY !== true || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const painted = (code: number) => (text: string) => (isPlain ? text : `\u001b[${code}m${text}\u001b[0m`);
  return { good: painted(32), warning: painted(33), bad: painted(31), title: painted(1) };
}
