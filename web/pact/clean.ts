/** Pacts are merged into what is there: an interaction that nobody asks for any more would stay for ever. */
import { rmSync } from "node:fs";

export function setup(): void {
  rmSync(new URL("../../tests/contracts/pacts/", import.meta.url), { recursive: true, force: true });
}
