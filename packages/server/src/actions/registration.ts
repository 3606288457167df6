import type { Platform } from "../platform.ts";
import type { Application, ApplicationSettings } from "../records.ts";
import { rotateSecret } from "./application-changes.ts";
import {
  type ApplicationInput,
  type CreatedApplication,
  createApplication,
  listOwnApplications,
} from "./applications.ts";

/** A developer fills in the form: like `ApplicationInput`, without what only an operator may set. */
export type Registration = Pick<ApplicationInput, "name" | "redirectUris" | "type"> & {
  readonly ownerId: string;
  readonly settings?: Pick<ApplicationSettings, "category" | "pkce">;
};

/**
 * Registers a developer's application from a form that may be sent twice: by a double click, or by reloading the
 * page that shows the secret. The same form within a minute makes no second application; it gives the one just
 * made another secret, so that every answer shows one that works, and each is shown once. The first stays good
 * for an hour, since it may be the one that was written down.
 */
export async function registerApplication(platform: Platform, registration: Registration): Promise<CreatedApplication> {
  return inTurn(registration.ownerId, async () => {
    const made = await findJustMade(platform, registration);
    if (made === undefined) return createApplication(platform, registration);
    if (made.type === "public") return { application: made };
    return rotateSecret(platform, made.id, { overlapSeconds: 3_600 });
  });
}

const sameFormSeconds = 60;

async function findJustMade(platform: Platform, registration: Registration): Promise<Application | undefined> {
  const since = platform.now() - sameFormSeconds;
  const own = await listOwnApplications(platform, registration.ownerId);
  return own.find((application) => application.createdAt >= since && isSameForm(application, registration));
}

function isSameForm(application: Application, { name, type, redirectUris }: Registration): boolean {
  return (
    application.name === name.trim() &&
    application.type === type &&
    application.redirectUris.length === redirectUris.length &&
    application.redirectUris.every((uri, index) => uri === redirectUris[index])
  );
}

/** One registration of a developer at a time. Holds no more than the requests under way. */
const underWay = new Map<string, Promise<unknown>>();

async function inTurn<Result>(ownerId: string, task: () => Promise<Result>): Promise<Result> {
  const before = underWay.get(ownerId) ?? Promise.resolve();
  const turn = before.then(task, task);
  underWay.set(ownerId, turn);
  try {
    return await turn;
  } finally {
    if (underWay.get(ownerId) === turn) underWay.delete(ownerId);
  }
}
