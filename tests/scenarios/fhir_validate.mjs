// Tells of each file whether it is valid FHIR R4, by a validator that others wrote (npm: fhir). Value sets are not asked: the package has
// none of SNOMED CT, UCUM and DICOM.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Fhir } = createRequire(new URL("../../web/package.json", import.meta.url))("fhir");

for (const file of process.argv.slice(2)) {
  const { valid, messages } = new Fhir().validate(JSON.parse(readFileSync(file, "utf8")), { errorOnUnexpected: true });
  const wrong = messages.filter((one) => !["info", "warning"].includes(one.severity)).map((one) => `${one.location}: ${one.message}`);
  console.log(`${file}: ${valid ? "valid" : `not valid: ${wrong.join("; ")}`}`);
}
