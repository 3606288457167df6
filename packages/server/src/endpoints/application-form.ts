import type { Parameters } from "@codegrant/protocol";
import { deleteApplication } from "../actions/application-changes.ts";
import { InputError } from "../actions/input-error.ts";
import { editOwnApplication, type OwnEdit, rotateOwnSecret, switchOwnApplication } from "../actions/own-application.ts";
import { basePathOf, frameOf, pageMessage, redirectMessage } from "../browser.ts";
import type { Message } from "../message.ts";
import { PageError } from "../page-error.ts";
import { secretRotatedPage } from "../pages/index.ts";
import { type ApplicationVisit, applicationMessage } from "./application-page.ts";
import { linesOf } from "./lines.ts";

/** What a developer does with the application: each answer is a redirect, the page with what was wrong, or a secret shown once. */
export async function answerForm(visit: ApplicationVisit, form: Parameters): Promise<Message> {
  const { platform, application } = visit;
  switch (form.get("action")) {
    case "change":
      return answerChange(visit, form);
    case "rotate":
      return answerRotation(visit, form);
    case "disable":
      await switchOwnApplication(platform, application.id, "off");
      return backTo(visit, "disabled");
    case "enable":
      return answerSwitchOn(visit);
    case "delete":
      if (form.get("confirm") !== "yes") return applicationMessage(visit, { problem: "notConfirmed" });
      await deleteApplication(platform, application.id);
      return redirectMessage(`${basePathOf(platform)}/settings/connections`);
    case undefined:
    default:
      throw new PageError(400, "badRequest");
  }
}

async function answerSwitchOn(visit: ApplicationVisit): Promise<Message> {
  const application = await switchOwnApplication(visit.platform, visit.application.id, "on");
  if (application.disabled) return applicationMessage({ ...visit, application }, { problem: "operatorsOff" });
  return backTo(visit, "enabled");
}

export function editOf({ application, offers }: ApplicationVisit, form: Parameters): OwnEdit {
  const category = form.get("category")?.trim();
  const hasPkceSwitch = offers.pkceSwitch && application.type === "confidential";
  return {
    name: form.get("name") ?? "",
    redirectUris: linesOf(form),
    category: category === "" ? undefined : category,
    pkceIsOptional: hasPkceSwitch ? form.get("pkce") === "optional" : undefined,
  };
}

async function answerChange(visit: ApplicationVisit, form: Parameters): Promise<Message> {
  const { platform, application } = visit;
  const edit = editOf(visit, form);
  try {
    await editOwnApplication(platform, application.id, edit);
    return backTo(visit, "changed");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return applicationMessage(visit, { refused: { edit, problems: error.problems } });
  }
}

/** The answer is the page itself: no address may show a secret again. */
async function answerRotation(visit: ApplicationVisit, form: Parameters): Promise<Message> {
  const { platform, request, browser, application } = visit;
  const overlap = form.get("overlap");
  if (application.type === "public" || (overlap !== "day" && overlap !== "none"))
    throw new PageError(400, "badRequest");
  const overlapSeconds = overlap === "day" ? 86_400 : 0;
  const newest = form.get("form") ?? "";
  const rotated = await orAlready(() => rotateOwnSecret(platform, application, { newest, overlapSeconds }));
  if (rotated === "already") return applicationMessage(visit, { problem: "alreadyRotated" });
  const html = secretRotatedPage({
    ...frameOf(platform, request, browser),
    now: platform.now(),
    application: { name: application.name, clientId: application.clientId },
    clientSecret: rotated.clientSecret,
    oldUntil: rotated.application.secrets[1]?.expiresAt,
  });
  return pageMessage(200, html);
}

/** Of two presses at the very same moment one wins, and the other did nothing. */
async function orAlready<Result>(task: () => Promise<Result | "already">): Promise<Result | "already"> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof InputError) return "already";
    throw error;
  }
}

function backTo({ platform, application }: ApplicationVisit, done: string): Message {
  const address = `${basePathOf(platform)}/settings/application`;
  return redirectMessage(`${address}?client_id=${application.clientId}&done=${done}`);
}
