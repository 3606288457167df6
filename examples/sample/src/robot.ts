import { type Browser, type BrowserRequest, createBrowser, type OnAnswer, type Page } from "./browser.ts";
import { type Button, type Form, readForms, readTitle } from "./html-forms.ts";
import { type OnStep, withoutSecrets } from "./step.ts";

export interface UserPart {
  /** The application's page with its "Connect" button, or the address behind that button. */
  readonly startUrl: string;
  readonly login: string;
  readonly password: string;
  readonly decision: "approve" | "decline";
  readonly onStep?: OnStep | undefined;
  /** To go on with its cookies afterwards. */
  readonly browser?: Browser | undefined;
}

/** Sign-in, a page or two between, consent: nobody has to answer more forms than this. */
const maximumForms = 8;

/**
 * Plays the user's part with real requests and real forms: presses "Connect", signs in, approves or declines, and
 * ends at the page the application shows then. It knows HTML forms and nothing else of either side.
 *
 * @example
 * const page = await playUser({ startUrl, login: "demo", password, decision: "approve" });
 * console.log(page.status, page.url);
 */
export async function playUser(part: UserPart): Promise<Page> {
  const home = new URL(part.startUrl).origin;
  const { browser = createBrowser() } = part;
  let hasLeft = false;
  const hear: OnAnswer = (answer) => {
    const isHome = new URL(answer.url).origin === home;
    hasLeft ||= !isHome;
    // What the application sends and hears, it tells itself.
    if (!isHome) tellRedirect(part, answer);
  };
  let page = await browser.open({ url: part.startUrl, method: "GET" }, hear);
  let hasSignedIn = false;
  for (let forms = 0; forms < maximumForms; forms++) {
    const isHome = new URL(page.url).origin === home;
    if (isHome && (hasLeft || page.status >= 400)) return page;
    const choice = chooseForm(page, part, isHome);
    const isSignIn = isSignInForm(choice.form);
    if (isSignIn && hasSignedIn) throw new Error("The platform did not accept the login or the password.");
    hasSignedIn ||= isSignIn;
    tellSubmit(part, choice, isHome);
    page = await browser.open(requestOf(choice, part), hear);
  }
  throw new Error(`After ${maximumForms} forms there is still one to answer: "${readTitle(page.text)}".`);
}

interface Choice {
  readonly form: Form;
  readonly button: Button | undefined;
  readonly what: string;
}

/** What a person would do on this page. */
function chooseForm(page: Page, part: UserPart, isHome: boolean): Choice {
  const forms = readForms(page.text, page.url);
  const signIn = forms.find(isSignInForm);
  if (signIn !== undefined) return { form: signIn, button: signIn.buttons[0], what: `signs in as ${part.login}` };
  for (const form of forms) {
    const button = form.buttons.find(({ name, value }) => name === "decision" && value === part.decision);
    if (button !== undefined) return { form, button, what: `${part.decision}s` };
  }
  const first = isHome ? forms[0] : undefined;
  if (first !== undefined) return { form: first, button: first.buttons[0], what: `presses "Connect"` };
  throw new Error(`There is nothing to answer on the page "${readTitle(page.text)}" (status ${page.status}).`);
}

function isSignInForm(form: Form): boolean {
  const names = form.fields.map((field) => field.name);
  return names.includes("login") && names.includes("password");
}

function requestOf({ form, button }: Choice, part: UserPart): BrowserRequest {
  const action = button?.action ?? form.action;
  const filled = fillIn(form, button, part);
  if (form.method === "POST") return { url: action, method: "POST", body: filled };
  const url = new URL(action);
  url.search = filled;
  return { url: url.href, method: "GET" };
}

function fillIn(form: Form, button: Button | undefined, part: UserPart): string {
  const filled = new URLSearchParams();
  const typed: Readonly<Record<string, string>> = { login: part.login, password: part.password };
  for (const { name, type, value } of form.fields) {
    filled.append(name, type === "hidden" ? value : (typed[name] ?? value));
  }
  if (button?.name !== undefined) filled.append(button.name, button.value);
  return filled.toString();
}

function tellSubmit({ onStep }: UserPart, { form, what }: Choice, isHome: boolean): void {
  const to = isHome ? "application" : "platform";
  onStep?.({ from: "browser", to, method: form.method, url: withoutQuery(form.action), what: `the user ${what}` });
}

function tellRedirect({ onStep }: UserPart, { url, status, location }: Parameters<OnAnswer>[0]): void {
  if (location === undefined) return;
  const isAway = new URL(location).origin !== new URL(url).origin;
  const step = { from: "platform", to: "browser", status };
  if (isAway)
    onStep?.({ ...step, url: withoutSecrets(location), what: "a redirect to the application, with the answer" });
  else onStep?.({ ...step, url: withoutQuery(location), what: "a redirect to the next page" });
}

/** The platform's forms post to the authorization request's own address, which has been told once and is long. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
