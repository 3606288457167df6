export {
  type ApplicationEdit,
  changeApplication,
  deleteApplication,
  disableApplication,
  enableApplication,
  rotateSecret,
} from "./application-changes.ts";
export {
  type ApplicationInput,
  type CreatedApplication,
  createApplication,
  listOwnApplications,
} from "./applications.ts";
export {
  type Connection,
  type Connections,
  disconnect,
  type EndedConnection,
  listConnections,
  listEndedConnections,
} from "./connections.ts";
export {
  type DescribedGrant,
  endAllGrants,
  endGrant,
  findGrant,
  listEndedGrants,
  listGrants,
} from "./grants.ts";
export { InputError, type InputProblem } from "./input-error.ts";
export {
  addKey,
  type DescribedKey,
  endGrantsOfKey,
  listKeys,
  listUsersOfKey,
  maximumUsers,
  recordRetiredKey,
} from "./keys.ts";
export {
  editOwnApplication,
  findOwnApplication,
  type OwnEdit,
  rotateOwnSecret,
  switchOwnApplication,
} from "./own-application.ts";
export {
  changeOwnPassword,
  createResetLink,
  findResetLink,
  type OwnPasswordChange,
  type ResetLinkToShow,
  redeemResetLink,
  setPassword,
} from "./password-changes.ts";
export { type Registration, registerApplication } from "./registration.ts";
export { endSession, endSessions, listSessions, type SessionToShow } from "./sessions.ts";
export { signUp } from "./sign-up.ts";
export { type DeletedUser, deleteUser, disableUser, enableUser } from "./user-changes.ts";
export { endUserGrants } from "./user-grants.ts";
export { createUser, findUser, listUsers, signIn, type UserInput } from "./users.ts";
