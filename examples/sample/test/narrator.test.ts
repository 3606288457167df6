import { describe, expect, it } from "vitest";
import { createNarrator, type Narrator } from "../src/narrator.ts";

function drawnBy(
  tell: (narrator: Narrator) => void,
  screen: { isTTY?: boolean } = {},
  env: NodeJS.ProcessEnv = {},
): string {
  let text = "";
  tell(
    createNarrator(
      {
        ...screen,
        write: (more) => {
          text += more;
        },
      },
      env,
    ),
  );
  return text;
}

const exchange = {
  from: "application",
  to: "platform",
  method: "POST",
  url: "http://localhost:1/oauth2/token",
  what: "client_id=abc grant_type=authorization_code scope=user_read chat_login code=~12345678",
};

describe("the narrator", () => {
  it("numbers each message, and aligns who sent what to whom", () => {
    const text = drawnBy(({ draw }) => {
      draw({ from: "browser", to: "application", method: "GET", url: "http://127.0.0.1:1/", what: "the user arrives" });
      draw(exchange);
    });
    expect(text).toBe(`   1  browser     → application  the user arrives
                                 GET http://127.0.0.1:1/

   2  application → platform     the application exchanges the code; no browser sees this
                                 POST http://localhost:1/oauth2/token
                                 client_id   abc
                                 grant_type  authorization_code
                                 scope       user_read chat_login
                                 code        ~12345678

`);
  });

  it("has colour on a terminal alone, and not there either with NO_COLOR", () => {
    const tell = ({ draw }: Narrator): void => draw(exchange);
    expect(drawnBy(tell, { isTTY: true })).toContain("\u001b[");
    expect(drawnBy(tell, { isTTY: true }, { NO_COLOR: "1" })).not.toContain("\u001b[");
    expect(drawnBy(tell, { isTTY: true }, { TERM: "dumb" })).not.toContain("\u001b[");
    expect(drawnBy(tell)).not.toContain("\u001b[");
  });

  it("draws what only the platform heard, unless the user is played and tells of it", () => {
    const signedIn = { level: "info", event: "user.signedIn" } as const;
    expect(drawnBy((narrator) => narrator.hear(signedIn, { userIsPlayed: false }))).toContain("the user signs in");
    expect(drawnBy((narrator) => narrator.hear(signedIn, { userIsPlayed: true }))).toBe("");
  });

  it("tells of trouble in one line", () => {
    const trouble = { level: "warn", event: "grant.ended", detail: "theft" } as const;
    expect(drawnBy((narrator) => narrator.hear(trouble, { userIsPlayed: true }))).toBe(
      "  !  the platform reports grant.ended: theft\n",
    );
  });

  it("lets no value steer the terminal (LG-03)", () => {
    const text = drawnBy(({ draw }) => draw({ ...exchange, what: "error=\u001b[2Jgone\nline" }), { isTTY: false });
    expect(text).not.toContain("\u001b");
    expect(text).toContain("\ufffd[2Jgone\ufffdline");
  });
});
