/** Aanmelden, het eigen account, en de accounts van allen. */
import type { account as Account, accounts as Accounts, signIn as SignIn } from "../en/accounts";
import { duration } from "../../format/number";

export const signIn: typeof SignIn = {
  title: "Aanmelden",
  lead: "Larmor toont beelden van patiënten. Wie kijkt, meldt zich eerst aan.",
  again: "U bent afgemeld. Meld u aan, en u bent terug waar u was.",
  name: "Naam", password: "Wachtwoord", go: "Aanmelden", busy: "Bezig met aanmelden",
  wrong: "De naam of het wachtwoord klopt niet.",
  wait: (s) => `Te veel verkeerde wachtwoorden. Naar het volgende wordt over ${duration(s)} gekeken.`,
  elsewhere: (provider) => `Aanmelden met ${provider}`,
  or: "of",
  refused: {
    unauthenticated: "Het aanmelden duurde te lang, of begon in een andere browser. Probeer het opnieuw.",
    forbidden: "U mag deze Larmor niet gebruiken: hier geen rol, of niet meer. Een beheerder helpt.",
    conflict: "Uw naam is in deze Larmor al van iemand anders. Een beheerder lost dat op.",
  },
  refusedElse: "Het aanmelden bij de aanbieder mislukte. Probeer het opnieuw; het logboek van de server zegt waarom.",
  lost: "Geen account, of het wachtwoord vergeten? Een beheerder van deze Larmor helpt.",
};

export const account: typeof Account = {
  title: "Uw account",
  signedInAs: "Aangemeld als", until: "Tot", signOut: "Afmelden", everywhere: "Overal afmelden",
  notSignedOut: "U bent nog aangemeld",
  everywhereHint: "Beëindigt al uw sessies, ook op andere computers.",
  none: "Hier hoeft niemand zich aan te melden",
  noneHint: "Larmor luistert alleen op deze computer. Vanaf de eerste gebruiker moet iedereen zich aanmelden: larmor users add NAAM --role administrator",
  roles: { reader: "Lezer", operator: "Bediener", administrator: "Beheerder" },
  roleHints: {
    reader: "bekijkt onderzoeken, resultaten, taken en gebeurtenissen", operator: "uploadt, verstuurt, annuleert en start ook opnieuw",
    administrator: "bepaalt ook wie zich mag aanmelden, en maakt tokens",
  },
  password: {
    title: "Wachtwoord wijzigen", old: "Het huidige wachtwoord", fresh: "Het nieuwe wachtwoord", again: "Het nieuwe nog een keer",
    hint: "12 tekens of meer. Enkele woorden die niemand anders zo zou combineren zijn het best.", save: "Wijzigen",
    differ: "De twee nieuwe verschillen.", done: "Uw wachtwoord is gewijzigd. Al uw andere sessies zijn beëindigd.",
  },
};

export const accounts: typeof Accounts = {
  title: "Accounts",
  lead: "Wie zich mag aanmelden, en welke programma's mogen vragen. Alles hiervan staat in het logboek.",
  users: {
    title: "Gebruikers", name: "Naam", role: "Rol", lastSignIn: "Laatst aangemeld", never: "nooit", state: "Toestand", actions: "Wat te doen is",
    active: "Mag zich aanmelden", disabled: "Uitgeschakeld", you: "u",
    add: "Gebruiker toevoegen", nameHint: "Letters, cijfers en . _ - @", password: "Eerste wachtwoord",
    passwordHint: "12 tekens of meer; de gebruiker kan het wijzigen.", save: "Toevoegen", disable: "Uitschakelen", enable: "Inschakelen",
    out: "Overal afmelden", roleOf: (name) => `Rol van ${name}`,
    none: "Tot nu toe hoeft niemand zich aan te melden",
    noneHint: "Voeg de eerste gebruiker toe, een beheerder. Vanaf dan moet iedereen zich aanmelden.",
    failed: "De gebruikers kunnen niet worden getoond", notChanged: "Dit is niet gedaan",
  },
  tokens: {
    title: "Tokens", lead: "Wat een programma toont in plaats van een wachtwoord: Authorization: Bearer TOKEN.",
    name: "Waarvoor", scopes: "Rechten", ends: "Eindigt", lastUsed: "Laatst gebruikt", state: "Toestand", actions: "Wat te doen is",
    never: "nooit", good: "Geldig", ended: "Verlopen", revoked: "Ingetrokken",
    add: "Token maken", days: "Dagen", save: "Maken", revoke: "Intrekken",
    scope: { read: "read: onderzoeken, resultaten, gebeurtenissen", operate: "operate: uploaden, versturen, opnieuw starten", administer: "administer: gebruikers en tokens" },
    secret: "Dit wordt één keer getoond. Kopieer het nu.", none: "Geen programma heeft een token", noneHint: "Maak er een voor elk programma, met niet meer rechten dan nodig.",
    failed: "De tokens kunnen niet worden getoond",
  },
  cancel: "Annuleren",
};
