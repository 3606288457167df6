import type { Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import { createApplicationCache } from "./application-cache.ts";
import { applicationTokenSteps } from "./application-tokens.ts";
import { applicationSteps } from "./applications.ts";
import { cleanerSteps } from "./cleaner.ts";
import { consentSteps } from "./consents.ts";
import { deviceSteps } from "./devices.ts";
import { endManySteps } from "./end-many.ts";
import { endingListSteps } from "./ending-list.ts";
import { endingSteps } from "./endings.ts";
import { grantListSteps } from "./grant-lists.ts";
import { grantSteps } from "./grants.ts";
import { keyAndEventSteps } from "./keys-and-events.ts";
import { userSteps } from "./users.ts";

/** Every step of the port, over one connection. */
export function storeOver(connection: Connection): Store {
  const endings = endingSteps(connection);
  const applications = createApplicationCache();
  connection.onChangedElsewhere(applications.clear);
  return {
    ...applicationSteps(connection, endings, applications),
    ...applicationTokenSteps(connection, applications),
    ...userSteps(connection, endings),
    ...consentSteps(connection, endings),
    ...grantSteps(connection, endings),
    ...deviceSteps(connection),
    ...grantListSteps(connection, endings),
    ...endingListSteps(connection),
    ...endManySteps(connection, endings, applications),
    ...cleanerSteps(connection, endings),
    ...keyAndEventSteps(connection),
    close: connection.close,
  };
}
