import { createOutcomes, type Outcome } from "@codegrant/server";
import { describe, expect, it } from "vitest";

const refused = (reason: "code_invalid" | "redirect_uri_mismatch" | "scope_unknown", detail = "", at = 2): Outcome => ({
  at,
  event: "refused",
  error: { code: "invalid_request", reason, detail },
});

describe("the outcomes that are remembered", () => {
  it("count what is equal in one place, dated by the last", () => {
    const outcomes = createOutcomes(1);
    for (let at = 10; at < 1_010; at++) outcomes.note(1, refused("code_invalid", "not a code of ours", at));
    expect(outcomes.of(1)).toEqual({
      since: 1,
      outcomes: [{ ...refused("code_invalid", "not a code of ours", 1_009), count: 1_000 }],
    });
  });

  it("are not pushed out by a stranger who makes up a new value each time", () => {
    const outcomes = createOutcomes(1);
    outcomes.note(1, { at: 2, event: "redeemed" });
    outcomes.note(1, refused("scope_unknown", "unknown scope nonsense"));
    for (let n = 0; n < 1_000; n++) {
      outcomes.note(1, refused("redirect_uri_mismatch", `https://elsewhere.example/${n}`));
      outcomes.note(1, refused("code_invalid", `made up ${n}`));
    }
    const kept = outcomes.of(1).outcomes;
    expect(kept.map(({ event, error }) => error?.reason ?? event)).toEqual(
      "code_invalid redirect_uri_mismatch code_invalid redirect_uri_mismatch code_invalid redirect_uri_mismatch scope_unknown redeemed".split(
        " ",
      ),
    );
    expect(kept[1]?.error?.detail).toBe("https://elsewhere.example/999");
  });

  it("hold no text of any length", () => {
    const outcomes = createOutcomes(1);
    outcomes.note(1, refused("redirect_uri_mismatch", "x".repeat(20_000)));
    expect(outcomes.of(1).outcomes[0]?.error?.detail).toHaveLength(301);
  });

  it("are those of 2,000 applications, and say since when for one that was forgotten", () => {
    const outcomes = createOutcomes(1);
    for (let id = 1; id <= 2_001; id++) outcomes.note(id, refused("code_invalid", "", id));
    expect(outcomes.of(1)).toEqual({ outcomes: [], since: 2_001 });
    expect(outcomes.of(2).since).toBe(1);
    outcomes.note(1, refused("code_invalid", "", 3_000));
    expect(outcomes.of(1)).toMatchObject({ since: 2_001, outcomes: [{ count: 1 }] });
  });
});
