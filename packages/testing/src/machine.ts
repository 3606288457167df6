import type { Machine } from "@codegrant/client";
import { isLoopbackRedirectUri } from "@codegrant/protocol";

/**
 * A terminal's machine without a port and without a browser: `login()` opens the scripted user's, and the answer comes
 * straight back.
 */
export function createTestMachine(visit: (url: string) => Promise<string | undefined>): Machine {
  const listeners = new Map<string, (callback: string) => Promise<unknown>>();

  async function deliver(callback: string): Promise<void> {
    const [address = ""] = callback.split(/[?#]/, 1);
    const answer = listeners.get(address);
    if (answer !== undefined) await answer(callback.slice(address.length));
    // Somebody else waits for it on this machine, or nobody: as in a browser, that is not the asker's affair.
    else if (isLoopbackRedirectUri(address)) await fetch(callback).catch(() => undefined);
  }

  return {
    process: { machine: "test", pid: 1 },
    isGone: () => false,
    tell: () => undefined,
    async listen(asked, answer) {
      const redirectUri = asked.replace(/^(http:\/\/(?:\[::1\]|[^/:]+)):0(?=\/|$)/, `$1:${anyPort}`);
      listeners.set(redirectUri, answer);
      return {
        redirectUri,
        async close() {
          listeners.delete(redirectUri);
        },
      };
    },
    async openBrowser(url) {
      const callback = await visit(url);
      // Whoever opened it goes on first; by no timer, since a test may have stopped those.
      if (callback !== undefined) queueMicrotask(() => void deliver(callback));
      return true;
    },
  };
}

const anyPort = 49_152;
