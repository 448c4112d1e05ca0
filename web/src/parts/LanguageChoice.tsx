/** The language of the pages. */
import { choose, language, LANGUAGES, type Language } from "../format/locale";
import { text } from "../text";
import classes from "./LanguageChoice.module.css";

export function LanguageChoice() {
  return (
    <select className={classes.select} aria-label={text.nav.language} value={language} onChange={(event) => choose(event.currentTarget.value as Language)}>
      {Object.entries(LANGUAGES).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
    </select>
  );
}
