// Writes src/api/generated.d.ts from api/schemas: what the pages believe about an answer is what its schema says.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const schemas = new URL("../../api/schemas/", import.meta.url);
const target = new URL("../src/api/generated.d.ts", import.meta.url);

const titles = new Map();
const documents = new Map();
for (const file of readdirSync(schemas).filter((name) => name.endsWith(".json")).sort()) {
  const schema = JSON.parse(readFileSync(new URL(file, schemas), "utf8"));
  if (!schema.title) continue;
  titles.set(file, schema.title);
  documents.set(schema.title, schema);
}

function rebased(value) {
  if (Array.isArray(value)) return value.map(rebased);
  if (value === null || typeof value !== "object") return value;
  const result = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "$schema" || key === "$id") continue;
    result[key] = key === "$ref" && titles.has(member) ? `#/components/schemas/${titles.get(member)}` : rebased(member);
  }
  return result;
}

const openapi = {
  openapi: "3.1.0",
  info: { title: "Larmor", version: "1" },
  paths: {},
  components: { schemas: Object.fromEntries([...documents].map(([title, schema]) => [title, rebased(schema)])) },
};
const lines = astToString(await openapiTS(openapi, { emptyObjectsUnknown: true }));
writeFileSync(target, lines);
