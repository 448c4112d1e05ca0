/** Pacts are merged into what is there: an interaction that nobody asks for any more would stay for ever. */
import { readdirSync, rmSync } from "node:fs";

const DIRECTORY = new URL("../../tests/contracts/pacts/", import.meta.url);

export function setup(): void {
  for (const file of readdirSync(DIRECTORY).filter((name) => name.startsWith("web-"))) rmSync(new URL(file, DIRECTORY));
}
