import { isDeepStrictEqual } from "node:util";
import type { Application } from "../records.ts";
import type { Store } from "../store.ts";
import { keep, type Memory, nextId, takePage, writeEnding } from "./memory.ts";

type ApplicationSteps = Pick<
  Store,
  | "findApplication"
  | "findApplicationById"
  | "listApplications"
  | "createApplication"
  | "changeApplication"
  | "deleteApplication"
>;

export function applicationSteps(memory: Memory): ApplicationSteps {
  const { applications, deletedApplications } = memory;
  const find = (id: number): Application | undefined =>
    deletedApplications.has(id) ? undefined : applications.get(id);
  const known = (): Application[] => [...applications.values()].filter(({ id }) => !deletedApplications.has(id));

  return {
    findApplication: async (clientId) => known().find((application) => application.clientId === clientId),
    findApplicationById: async (id) => find(id),

    async listApplications({ ownerId, ...page }) {
      const wanted = known().filter((application) => ownerId === undefined || application.ownerId === ownerId);
      return takePage(wanted, page, ({ id }) => id);
    },

    async createApplication(application) {
      const isTaken = [...applications.values()].some(({ clientId }) => clientId === application.clientId);
      if (isTaken) throw new TypeError("This client id was given before. Draw a new one.");
      const id = nextId(memory, "application");
      const created = keep({ ...application, id, epoch: 0, disabled: false });
      applications.set(id, created);
      return created;
    },

    async changeApplication(id, changes, loaded) {
      const application = find(id);
      if (application === undefined) return undefined;
      if (loaded !== undefined && !isDeepStrictEqual(keep(loaded), application)) return "lost";
      const changed = keep({ ...application, ...keep(changes) });
      applications.set(id, changed);
      return changed;
    },

    async deleteApplication(id, at) {
      const application = find(id);
      if (application === undefined) return "unknown";
      applications.set(id, keep({ ...application, secrets: [], epoch: application.epoch + 1 }));
      deletedApplications.add(id);
      writeEnding(memory, { applicationId: id }, application.epoch, { at, why: "application" });
      return "deleted";
    },
  };
}
