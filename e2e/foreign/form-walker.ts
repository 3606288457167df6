/** A person at somebody else's pages: follows redirects, sends the forms with what they carry, types a name. */
export interface FormWalker {
  /**
   * Ends at the first address elsewhere, unopened, or at a page without a form. `no` is what the link or the button
   * that declines has in its address.
   */
  walk(start: string, no?: string): Promise<URL | undefined>;
}

const maximumSteps = 20;

export function createFormWalker(typed: Readonly<Record<string, string>>): FormWalker {
  const cookies = new Map<string, string>();
  async function open(url: URL, body?: URLSearchParams): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const method = body === undefined ? "GET" : "POST";
    const response = await fetch(url, { method, redirect: "manual", headers: { cookie }, ...(body && { body }) });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }
  return {
    async walk(start, no) {
      const { origin } = new URL(start);
      let next: { readonly url: URL; readonly body?: URLSearchParams } = { url: new URL(start) };
      for (let step = 0; step < maximumSteps; step++) {
        const { url } = next;
        const response = await open(url, next.body);
        const page = await response.text();
        if (response.status >= 400) throw new Error(`${response.status} at ${url.pathname}: ${page.slice(0, 500)}`);
        const location = response.headers.get("location");
        const to = location === null ? submit(page, url, typed, no) : { url: new URL(location, url) };
        if (to === undefined) return undefined;
        if (to.url.origin !== origin) return to.url;
        next = to;
      }
      throw new Error(`After ${maximumSteps} steps the pages still ask.`);
    },
  };
}

function submit(
  page: string,
  at: URL,
  typed: Readonly<Record<string, string>>,
  no?: string,
): { url: URL; body?: URLSearchParams } | undefined {
  const form = /<form[^]*?<\/form>/.exec(page)?.[0];
  if (form === undefined) return undefined;
  const asksForName = Object.keys(typed).some((name) => form.includes(`name="${name}"`));
  const link = no === undefined ? undefined : new RegExp(`href="([^"]*${no}[^"]*)"`).exec(page)?.[1];
  if (link !== undefined && !asksForName) return { url: new URL(link, at) };
  const body = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, "name");
    if (name !== "") body.set(name, typed[name] ?? attribute(input, "value"));
  }
  return { url: new URL(attribute(form, "action") || at.href, at), body };
}

function attribute(tag: string, name: string): string {
  return (new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "").replaceAll("&amp;", "&");
}
