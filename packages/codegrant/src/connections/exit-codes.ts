/** How the commands of connections end, for whoever scripts them. */
export const exitCodes = { failed: 1, declined: 2, timedOut: 3, loginNeeded: 4 } as const;
