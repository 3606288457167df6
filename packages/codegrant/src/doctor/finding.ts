/** What one check found. */
export interface Finding {
  readonly check: string;
  readonly outcome: "ok" | "warning" | "problem";
  readonly detail: string;
  /** What to do about it. */
  readonly todo?: string | undefined;
}

export function ok(check: string, detail: string): Finding {
  return { check, outcome: "ok", detail };
}

export function warning(check: string, detail: string, todo: string): Finding {
  return { check, outcome: "warning", detail, todo };
}

export function problem(check: string, detail: string, todo: string): Finding {
  return { check, outcome: "problem", detail, todo };
}
