import { maximumUsers } from "@codegrant/server";
import { visible } from "./output.ts";

export interface LostKey {
  readonly id: number;
  readonly state: "missing" | "different";
  /** Begins the sentence: where the keys come from. */
  readonly origin: string;
  readonly grants: number;
  readonly users: readonly string[];
}

/** Which key cannot be used, whom that cuts off, and what to do. */
export function sentenceOfLostKey({ id, state, origin, grants, users }: LostKey): string {
  const why = state === "missing" ? "does not hold" : "holds something else as";
  const first = `${origin} ${why} key ${id}, which this database has been used with.`;
  if (grants === 0) return `${first} It is not used; no living grant needs it.`;
  return `${first} ${whoMustApproveAgain(grants, users)} Or put the key back from your copy.`;
}

/** Names people, so that they can be told. */
export function whoMustApproveAgain(grants: number, users: readonly string[]): string {
  return `These users must approve again (${grantsOf(grants)}): ${namesOf(users)}.`;
}

export function namesOf(users: readonly string[]): string {
  return `${users.map(visible).join(", ")}${users.length >= maximumUsers ? ", and perhaps more" : ""}`;
}

export const grantsOf = (count: number): string => (count === 1 ? "1 grant" : `${count} grants`);
