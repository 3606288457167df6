/** A person with a plain HTTP client: a cookie jar, and forms read from the pages. */
export interface UserAgent {
  /** Answers what the platform asks, and ends at the first address elsewhere, unopened, or at a page without a form. */
  walk(url: string, answers: Answers): Promise<Walked>;
  readonly cookies: ReadonlyMap<string, string>;
}

export interface Answers {
  readonly login: string;
  readonly password: string;
  readonly decision: "approve" | "decline";
}

export interface Walked {
  /** The redirect URI with the answer in its query, when the platform sent us there. */
  readonly left: URL | undefined;
  /** The titles of the pages on the way. */
  readonly pages: readonly string[];
  readonly status: number;
}

const maximumSteps = 10;

export function createUserAgent(): UserAgent {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async walk(start, answers) {
      const { origin } = new URL(start);
      const pages: string[] = [];
      let next: { url: string; body?: URLSearchParams } = { url: start };
      for (let step = 0; step < maximumSteps; step++) {
        const response = await send(next.url, next.body, cookies);
        const location = response.headers.get("location");
        if (location !== null) {
          const target = new URL(location, next.url);
          if (target.origin !== origin) return { left: target, pages, status: response.status };
          next = { url: target.href };
          continue;
        }
        const page = await response.text();
        pages.push(/<title>([^<]*)/.exec(page)?.[1] ?? "");
        const body = fillIn(page, answers);
        if (body === undefined || response.status >= 400) return { left: undefined, pages, status: response.status };
        next = { url: next.url, body };
      }
      throw new Error(`After ${maximumSteps} steps the platform still asks: ${pages.join(", ")}`);
    },
  };
}

async function send(url: string, body: URLSearchParams | undefined, cookies: Map<string, string>): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    redirect: "manual",
    headers: { cookie },
    ...(body === undefined ? {} : { body }),
  });
  for (const line of response.headers.getSetCookie()) {
    const [name = "", value = ""] = line.split(";", 1)[0]?.split("=", 2) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
  return response;
}

/** The form that has a login to type or a decision to make; the platform's other forms are left alone. */
function fillIn(page: string, { login, password, decision }: Answers): URLSearchParams | undefined {
  const forms = page.match(/<form[^]*?<\/form>/g) ?? [];
  const isSignIn = (form: string): boolean => form.includes('name="login"');
  const form = forms.find((text) => isSignIn(text) || text.includes(`value="${decision}"`));
  if (form === undefined) return undefined;
  const body = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    body.append(attribute(input, "name"), attribute(input, "value"));
  }
  if (isSignIn(form)) {
    body.set("login", login);
    body.set("password", password);
  } else body.set("decision", decision);
  return body;
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replaceAll("&amp;", "&").replaceAll("&#34;", '"').replaceAll("&quot;", '"');
}
