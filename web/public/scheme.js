// Before the first paint, so that a reader of the light scheme sees no dark flash. A file, because inline scripts are forbidden.
try {
  const chosen = localStorage.getItem("larmor-scheme");
  if (chosen === "light") document.documentElement.dataset.mantineColorScheme = "light";
} catch {
  // Storage may be blocked: dark is the default.
}
