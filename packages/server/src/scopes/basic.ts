import type { ScopeDescription } from "../scope-catalogue.ts";

/** A small set to start with, for a platform that has not named its own scopes yet. */
export const basicScopes: readonly ScopeDescription[] = [
  { name: "profile", description: "see your name and login", sensitive: false, group: "Your account" },
  { name: "email", description: "see your email address", sensitive: true, group: "Your account" },
  { name: "read", description: "see what you keep here", sensitive: true, group: "Your content" },
  { name: "write", description: "add and change what you keep here", sensitive: true, group: "Your content" },
];
