/** Signing in, one's account, and the accounts of all. */
import { duration } from "../../format/number";

export const signIn = {
  title: "Sign in",
  lead: "Larmor shows images of patients. Whoever looks signs in first.",
  again: "You have been signed out. Sign in, and you are back where you were.",
  name: "Name", password: "Password", go: "Sign in", busy: "Signing in",
  wrong: "The name or the password is wrong.",
  wait: (s: number) => `Too many wrong passwords. The next one is looked at in ${duration(s)}.`,
    elsewhere: (provider: string) => `Sign in with ${provider}`,
    or: "or",
    refused: {
      unauthenticated: "The sign-in took too long, or was begun in another browser. Try again.",
      forbidden: "You may not use this Larmor: no role here, or no more. An administrator helps.",
      conflict: "Your name is somebody else's in this Larmor. An administrator sorts that out.",
    } as Record<string, string>,
    refusedElse: "The sign-in with the provider failed. Try again; the server's log says why.",
    lost: "No account, or a forgotten password? An administrator of this Larmor helps.",
};

export const account = {
  title: "Your account",
  signedInAs: "Signed in as", until: "Until", signOut: "Sign out", everywhere: "Sign out everywhere",
  notSignedOut: "You are still signed in",
  everywhereHint: "Ends every session of yours, also on other computers.",
  none: "Nobody needs to sign in here",
  noneHint: "Larmor listens on this computer alone. From the first user on everybody must sign in: larmor users add NAME --role administrator",
  roles: {
    reader: "Reader", operator: "Operator", administrator: "Administrator",
  },
  roleHints: {
    reader: "looks at studies, results, jobs and events", operator: "also uploads, sends, cancels and starts again",
    administrator: "also decides who may sign in, and makes tokens",
  },
  password: {
    title: "Change the password", old: "The password so far", fresh: "The new password", again: "The new one once more",
    hint: "12 characters or more. A few words that nobody else would put together are best.", save: "Change it",
    differ: "The two new ones differ.", done: "Your password is changed. All other sessions of yours have ended.",
  },
};

export const accounts = {
  title: "Accounts",
  lead: "Who may sign in, and which programs may ask. Everything here is in the event log.",
  users: {
    title: "Users", name: "Name", role: "Role", lastSignIn: "Last sign-in", never: "never", state: "State", actions: "Actions",
    active: "May sign in", disabled: "Disabled", you: "you",
    add: "Add a user", nameHint: "Letters, digits and . _ - @", password: "First password",
    passwordHint: "12 characters or more; the user can change it.", save: "Add", disable: "Disable", enable: "Enable",
    out: "Sign out everywhere", roleOf: (name: string) => `Role of ${name}`,
    none: "Nobody needs to sign in so far",
    noneHint: "Add the first user, an administrator. From then on everybody must sign in.",
    failed: "The users cannot be listed", notChanged: "This was not done",
  },
  tokens: {
    title: "Tokens", lead: "What a program shows instead of a password: Authorization: Bearer TOKEN.",
    name: "What it is for", scopes: "Scopes", ends: "Ends", lastUsed: "Last used", state: "State", actions: "Actions",
    never: "never", good: "Good", ended: "Ended", revoked: "Revoked",
    add: "Make a token", days: "Days", save: "Make it", revoke: "Revoke",
    scope: { read: "read: studies, results, events", operate: "operate: upload, send, start again", administer: "administer: users and tokens" },
    secret: "This is shown once. Copy it now.", none: "No program has a token", noneHint: "Make one for each program, with no more scopes than it needs.",
    failed: "The tokens cannot be listed",
  },
  cancel: "Cancel",
};
