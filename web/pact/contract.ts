/** What the contract tests share: a pact per service, answered by a stand-in while the pages' own calls are made. */
import { fileURLToPath } from "node:url";

import { PactV4, MatchersV3 } from "@pact-foundation/pact";

import { setRoot } from "../src/api/client";

export const { arrayContaining, boolean, eachLike, fromProviderState, integer, like, number, regex, string } = MatchersV3;

const DIRECTORY = fileURLToPath(new URL("../../tests/contracts/pacts/", import.meta.url));

export const TIME = "2026-11-24T09:12:00.120000Z";
export const time = () => regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, TIME);
export const uid = (example = "1.2.826.0.1.3680043.8.498.1") => regex(/^[0-9.]{1,64}$/, example);

/** The study that the provider's state names; the address is made with its UID when the provider is verified. */
export const STUDY = "1.2.826.0.1.3680043.8.498.1";
export const JOB = "0192f3a1";
export const JSON_TYPE = { "Content-Type": regex(/^application\/json/, "application/json") };
export const PROBLEM_TYPE = { "Content-Type": regex(/^application\/problem\+json/, "application/problem+json") };

export const pactWith = (provider: string) => new PactV4({ consumer: "web", provider, dir: DIRECTORY, logLevel: "error" });

// A stand-in may get the port of one that has gone, and Node would send over the connection to that one.
const reusing = globalThis.fetch;
globalThis.fetch = (address, options) => reusing(address, { ...options, headers: { ...(options?.headers as Record<string, string>), connection: "close" } });

/** Makes the call against the stand-in, and hands on what the pages would get. */
export async function against<T>(interaction: { executeTest<R>(test: (server: { url: string }) => Promise<R>): Promise<R | undefined> }, call: () => Promise<T>): Promise<T> {
  const answer = await interaction.executeTest(async (server) => {
    setRoot(server.url);
    try {
      return await call();
    } finally {
      setRoot("");
    }
  });
  return answer as T;
}
