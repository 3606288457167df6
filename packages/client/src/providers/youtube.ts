import type { Provider } from "../provider.ts";
import { google } from "./google.ts";

/** YouTube: Google by another name, with scopes of its own. An application in Testing is logged out after seven days. */
export const youtube: Provider = { ...google, name: "youtube", title: "YouTube" };
