// What a radiologist sees: the study with Larmor's segmentation, opened in OHIF from the archive.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";

import { DICOMWEB, HEAD, House, missing, until } from "./larmor.mjs";
import { Nifti } from "./nifti.mjs";
import { drawn, listed, OHIF, openSegmentation, places, showSlice, viewer } from "./ohif.mjs";
import { launch, open, shot } from "./tools.mjs";

const ANALYSIS_MS = 300_000;
const DRAWING_MS = 30_000;
/** Colin27 close around the brain, every second slice: a quarter of the voxels, and of what the viewer has to fetch. */
const BRAIN = { from: [12, 16, 1], step: [1, 1, 2] };
/** Rows times columns of one head is a multiple of 8, that of the other is not: their voxels are written differently. */
const HEADS = [
  { id: "OHIF-1", shape: [155, 193, 82], type: "FRACTIONAL" },
  { id: "OHIF-2", shape: [156, 194, 82], type: "BINARY" },
];
const absent = [...missing, DICOMWEB, OHIF].filter((one) => !existsSync(one));

describe("in OHIF", { skip: absent.length > 0 && `not here: ${absent.join(", ")}` }, () => {
  let browser;
  let house;
  let ohif;
  before(async () => {
    browser = await launch();
    house = await House.open({ plugins: [DICOMWEB] });
    ohif = await viewer(house.archiveHttp);
  });
  after(async () => {
    ohif?.close();
    await browser?.close();
    await house?.close();
  });

  /** The head in the archive with Larmor's results beside it; its labels as Larmor's file has them, and the SEG's header. */
  async function analysed({ id, shape }) {
    const file = join(house.directory, `${id}.nii.gz`);
    writeFileSync(file, gzipSync(Nifti.read(HEAD).cut({ ...BRAIN, shape })));
    const { folder, study } = house.dicomize({ patient: "Colin^Ohif", id, head: file });
    await house.send(folder, house.archivePort);
    await house.send(folder);
    await until("the results in the archive", async () => {
      const { items } = await house.get(`/v1/events?study=${study}&type=export.confirmed&type=job.dead&type=results.refused&wait_s=5`);
      if (items.some(({ type }) => type !== "export.confirmed")) throw new Error(items.map(({ words }) => words).join("; "));
      return items.length > 0;
    }, ANALYSIS_MS);
    const [{ job }] = (await house.get(`/v1/studies/${study}/results`)).items;
    const labels = Nifti.parse(Buffer.from(await (await fetch(`${house.url}/v1/results/${job}/files/labels.nii.gz`)).arrayBuffer()));
    const seg = (await house.get(`/v1/studies/${study}/series`)).items.find(({ modality }) => modality === "SEG");
    return { study, labels, header: await house.get(`/v1/instances/${seg.first}/header`) };
  }

  /** What the file says of each segment: number, name, and which label it is. */
  const written = (header) => header["00620002"].Value.map((item) => ({
    number: item["00620004"].Value[0], name: item["00620005"].Value[0], label: Number(/FreeSurfer (\d+)/.exec(item["00620006"].Value[0])[1]),
  }));

  it("is shown by Larmor itself below /ohif, over its own DICOMweb, and the study's page leads there", async () => {
    const { study, header } = await analysed(HEADS[1]);
    const studyPage = await open(browser, `${house.url}/studies/${study}`);
    const link = await studyPage.page.getByRole("link", { name: "Open in OHIF" }).getAttribute("href");
    assert.equal(link, `/ohif/viewer?StudyInstanceUIDs=${study}`);
    await studyPage.page.locator("[data-ready]").waitFor({ timeout: DRAWING_MS });
    assert.deepEqual(studyPage.errors, []);
    await shot(studyPage.page, "study");
    await studyPage.context.close();
    const { page, context } = await openSegmentation(browser, house.url, study);
    assert.deepEqual(Object.values(await listed(page)).map(({ name }) => name), written(header).map(({ name }) => name));
    await shot(page, "ohif-larmor");
    await context.close();
  });

  for (const head of HEADS) {
    it(`shows every structure of a head of ${head.shape.slice(0, 2).join(" x ")} voxels a slice by its name, where it is, in its colour`, async () => {
      const { study, labels, header } = await analysed(head);
      assert.equal(header["00620001"].Value[0], head.type);
      const segments = written(header);
      const meant = labels.places();
      assert.deepEqual(segments.map(({ label }) => label), [...meant.keys()].sort((a, b) => a - b));

      const { page, context } = await openSegmentation(browser, ohif.address, study);
      const rows = await listed(page);
      assert.deepEqual(Object.entries(rows).map(([number, { name }]) => [Number(number), name]), segments.map(({ number, name }) => [number, name]));
      const seen = await places(page);
      for (const { number, name, label } of segments) {
        const [there, here] = [seen[number], meant.get(label)];
        assert.equal(there?.voxels, here.voxels, `voxels of ${name}`);
        there.centre.forEach((mm, axis) => assert.ok(Math.abs(mm - here.centre[axis]) < 0.01, `${name} lies at ${there.centre}, not at ${here.centre}`));
      }
      const placeOf = (name) => seen[segments.find((one) => one.name === name).number].centre;
      assert.ok(placeOf("Left hippocampus")[0] > placeOf("Right hippocampus")[0] + 30, "the patient's left is towards +x");

      const colours = new Map();
      for (const { number, name } of segments) {
        const structure = name.replace(/^(left|right) /i, "").toLowerCase();
        assert.match(rows[number].colour, /^rgb/);
        assert.equal(rows[number].colour, colours.get(structure) ?? rows[number].colour, `${name} has the colour of its other side`);
        colours.set(structure, rows[number].colour);
      }
      assert.equal(new Set(colours.values()).size, colours.size, "two structures share a colour");

      for (const mm of [-20, 10, 40]) {
        const points = labels.inside(mm).map(({ label, at }) => ({ at, number: segments.find((one) => one.label === label).number }));
        assert.ok(points.length > 100);
        let share = 0;  // OHIF may turn back to where it was while it still opens the segmentation
        await until(`the colours at their places at ${mm} mm`, async () => {
          await showSlice(page, mm);
          share = await drawn(page, points);
          return share > 0.98;
        }, DRAWING_MS).catch(async (error) => {
          await shot(page, `ohif-${head.id}-${mm}-wrong`);
          throw new Error(`${error.message}; ${Math.round(100 * share)} of 100 points are drawn in their colour`);
        });
        await shot(page, `ohif-${head.id}-${mm}`);
      }
      await context.close();
    });
  }
});
