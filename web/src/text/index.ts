/** The catalogue in use. English is the only one so far; a second is chosen here by the browser's language. */
import { en, type Catalogue } from "./en";

export const text: Catalogue = en;
