// The client that web viewers use (dicomweb-client, OHIF's own), as it is, from a page of the real server.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { House, missing } from "./larmor.mjs";
import { launch, open, ROOT } from "./tools.mjs";

const CLIENT = join(ROOT, "web/node_modules/dicomweb-client/build/dicomweb-client.js");
const absent = [...missing, CLIENT].filter((file) => !existsSync(file));

describe("with dicomweb-client", { skip: absent.length > 0 && `not here: ${absent.join(", ")}` }, () => {
  let browser;
  let house;
  let page;
  let study;
  let files;
  before(async () => {
    browser = await launch();
    house = await House.open({ rules: "rules: []\n" });
    ({ page } = await open(browser, house.url));
    const made = house.small();
    study = made.study;
    files = readdirSync(made.folder).sort().map((name) => readFileSync(join(made.folder, name)));
    await page.evaluate(readFileSync(CLIENT, "utf8"));
  });
  after(async () => {
    await browser?.close();
    await house?.close();
  });

  /** Calls the client in the page; bytes come back as lists of numbers. */
  const call = (method, options) => page.evaluate(async ({ method, options }) => {
    const client = new window.DICOMwebClient.api.DICOMwebClient({ url: `${window.location.origin}/dicom-web` });
    const datasets = options.datasets?.map((bytes) => Uint8Array.from(bytes).buffer);
    const plain = (value) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : Array.isArray(value) ? value.map(plain) : value);
    return plain(await client[method]({ ...options, ...(datasets && { datasets }) }));
  }, { method, options });
  const series = () => ({ studyInstanceUID: study, seriesInstanceUID: `${study}.1` });
  const instance = () => ({ ...series(), sopInstanceUID: `${study}.1.1` });
  const bytes = (file) => [...file];

  it("stores, and gives back what was stored", async () => {
    await call("storeInstances", { datasets: files.map(bytes) });
    assert.deepEqual(await call("retrieveInstance", instance()), bytes(files[0]));
    const whole = await call("retrieveSeries", series());
    assert.deepEqual(new Set(whole.map(String)), new Set(files.map((file) => String(bytes(file)))));
    assert.equal((await call("retrieveStudy", { studyInstanceUID: study })).length, files.length);
  });

  it("searches on each level", async () => {
    assert.equal((await call("searchForStudies", { queryParams: { PatientName: "Small*" } })).length, 1);
    assert.equal((await call("searchForSeries", { studyInstanceUID: study })).length, 1);
    assert.equal((await call("searchForInstances", series())).length, files.length);
  });

  it("reads metadata, frames and bulk data", async () => {
    const [metadata] = await call("retrieveInstanceMetadata", instance()).then((found) => (Array.isArray(found) ? found : [found]));
    assert.equal(metadata["00280010"].Value[0], 2);
    assert.equal((await call("retrieveSeriesMetadata", series())).length, files.length);
    assert.deepEqual(await call("retrieveInstanceFrames", { ...instance(), frameNumbers: [1] }), [[1, 2, 3, 4]]);
    assert.deepEqual(await call("retrieveBulkData", { BulkDataURI: metadata["7FE00010"].BulkDataURI }), [[1, 2, 3, 4]]);
  });

  it("gets pictures", async () => {
    // The client asks for one picture as a part, and gives a list of one.
    const jpeg = (answer) => assert.deepEqual(answer.flat().slice(0, 2), [0xff, 0xd8]);
    jpeg(await call("retrieveInstanceRendered", { ...instance(), mediaTypes: [{ mediaType: "image/jpeg" }] }));
    jpeg(await call("retrieveInstanceThumbnail", { ...instance(), mediaTypes: [{ mediaType: "image/jpeg" }] }));
    jpeg(await call("retrieveInstanceFramesRendered", { ...instance(), frameNumbers: [1], mediaTypes: [{ mediaType: "image/jpeg" }] }));
  });
});
