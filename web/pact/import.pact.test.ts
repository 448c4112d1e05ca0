import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { call } from "../src/api/client";
import type { UploadReport } from "../src/api/types";
import { against, eachLike, integer, JSON_TYPE, pactWith, string, uid } from "./contract";

const pact = pactWith("import");

/** No preamble, no DICM; and no text either, since the stand-in guesses types by content. */
const NO_DICOM = new Uint8Array(200);

describe("import, as the pages use it", () => {
  it("lists what is arriving, and what each waits for", async () => {
    const arrivals = await against(
      pact.addInteraction().given("a study that arrives").uponReceiving("the arrivals")
        .withRequest("GET", "/v1/arrivals")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike({ study: uid(), waiting_for: string("quiet for 2.1 of 5 s") }) })),
      () => calls.arrivals(),
    );
    expect(arrivals[0]!.waiting_for).toContain("quiet");
  });

  it("refuses a file that is no DICOM, with the reason", async () => {
    // The page sends with XMLHttpRequest, for its progress; the request is this one.
    const report = await against(
      pact.addInteraction().uponReceiving("the upload of a file that is no DICOM")
        .withRequest("POST", "/v1/uploads", (request) => request.query({ name: "AUTORUN.BIN" }).body("application/octet-stream", Buffer.from(NO_DICOM)))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          taken: integer(0), duplicates: integer(0), refused: eachLike({ name: string("AUTORUN.BIN"), reason: string("not DICOM") }), refused_count: integer(1), studies: [],
        })),
      async () => (await (await call("/v1/uploads", { name: "AUTORUN.BIN" }, { method: "POST", body: NO_DICOM, headers: { "content-type": "application/octet-stream" } })).json()) as UploadReport,
    );
    expect(report.refused[0]!.reason).toBe("not DICOM");
  });
});
