/** Mantine in our colours. Its variables are plain CSS (tokens.css), so no style element is ever injected. */
import { createTheme, localStorageColorSchemeManager } from "@mantine/core";

export const theme = createTheme({ cursorType: "pointer", respectReducedMotion: true, fontFamily: "var(--font)" });

export const schemes = localStorageColorSchemeManager({ key: "larmor-scheme" });
