import { defineConfig } from "vitest/config";

// One file at a time: each writes its pact, and a pact is written by one process.
export default defineConfig({ test: { globalSetup: ["pact/clean.ts"], include: ["pact/**/*.pact.test.ts"], fileParallelism: false, testTimeout: 30_000 } });
