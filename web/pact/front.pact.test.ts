import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { against, integer, JSON_TYPE, pactWith, string } from "./contract";

const pact = pactWith("front");

describe("the front, as the pages use it", () => {
  it("says how a PACS reaches this server", async () => {
    const version = await against(
      pact.addInteraction().uponReceiving("the version")
        .withRequest("GET", "/v1/version")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ version: string("0.1.0"), dicom: { ae_title: string("LARMOR"), port: integer(11112) } })),
      () => calls.version(),
    );
    expect(version.dicom).toEqual({ ae_title: "LARMOR", port: 11112 });
  });
});
