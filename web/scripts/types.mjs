// Writes src/api/generated.d.ts from api/openapi.json: what the pages believe about an answer is what the server promises.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const openapi = JSON.parse(readFileSync(new URL("../../api/openapi.json", import.meta.url), "utf8"));
const target = new URL("../src/api/generated.d.ts", import.meta.url);
writeFileSync(target, astToString(await openapiTS(openapi, { emptyObjectsUnknown: true })));
