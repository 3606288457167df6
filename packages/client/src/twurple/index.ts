/** Twurple's API and chat clients on a connection of ours. */
export {
  codegrantAuthProvider,
  type TwurpleAuthProvider,
  type TwurpleOptions,
  type TwurpleToken,
  type TwurpleUser,
} from "./auth-provider.ts";
