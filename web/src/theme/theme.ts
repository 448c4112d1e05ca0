/** Mantine in our colours. Its variables are plain CSS (tokens.css), so no style element is ever injected. */
import { Button, createTheme, localStorageColorSchemeManager } from "@mantine/core";

import { StillButton } from "../parts/StillButton";

export const theme = createTheme({
  cursorType: "pointer", respectReducedMotion: true, fontFamily: "var(--font)",
  components: { Button: Button.extend({ defaultProps: { component: StillButton } }) },
});

export const schemes = localStorageColorSchemeManager({ key: "larmor-scheme" });
