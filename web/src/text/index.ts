/** The catalogue in use. English comes with the program; another language is loaded where it is wanted, before anything is drawn. */
import { language } from "../format/locale";
import { en, type Catalogue } from "./en";

const OTHERS: Record<Exclude<typeof language, "en">, () => Promise<Catalogue>> = {
  nl: () => import("./nl").then(({ nl }) => nl),
};

export const text: Catalogue = language === "en" ? en : await OTHERS[language]().catch(() => en);
