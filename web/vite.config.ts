import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// During development the pages come from Vite and the API from a running Larmor.
const server = process.env.LARMOR_URL ?? "http://127.0.0.1:8480";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // Nothing is inlined: the content-security policy allows what the server itself serves and no more.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/v1": server } },
  test: { include: ["src/**/*.test.{ts,tsx}"], testTimeout: 10_000 },
});
