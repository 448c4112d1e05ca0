/**
 * The language of the pages, and how its readers write figures and dates. A reader chooses the language, or the browser's own
 * is taken; the notation is the browser's where it is of that language ("en-GB"), so that a date looks as it does elsewhere.
 */
export const LANGUAGES = { en: "English", nl: "Nederlands" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "larmor-language";

export const isLanguage = (word: unknown): word is Language => typeof word === "string" && Object.hasOwn(LANGUAGES, word);

/** `wanted`: what the reader chose, then what the browser prefers, the dearest first. */
export function languageOf(wanted: readonly (string | null | undefined)[]): Language {
  for (const one of wanted) {
    const language = one?.split("-")[0]?.toLowerCase();
    if (isLanguage(language)) return language;
  }
  return "en";
}

function chosen(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage may be blocked: the browser's language it is.
  }
}

const browser: readonly string[] = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);

export const language: Language = languageOf([chosen(), ...browser]);
export const locale: string = browser.find((one) => languageOf([one, "en"]) === language && one.startsWith(language)) ?? language;

/** The texts are read once, at the start: the page begins anew. */
export function choose(next: Language): void {
  try {
    localStorage.setItem(KEY, next);
  } finally {
    location.reload();
  }
}
