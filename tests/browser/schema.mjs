// Holds values against a JSON Schema of draft 7.
//
//     node schema.mjs < LINES
//
// The first line is the schema; each later one a value, which is answered by a line: the list of its faults.

import { createInterface } from "node:readline";
import Ajv from "ajv";

const lines = createInterface({ input: process.stdin });
let validate;
for await (const line of lines) {
  const value = JSON.parse(line);
  if (validate === undefined) {
    // Strict: a misspelt keyword, or one that has no effect, is an error; a choice of required keys is ours.
    validate = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true }).compile(value);
    continue;
  }
  const faults = validate(value) ? [] : validate.errors;
  console.log(JSON.stringify(faults.map((fault) => `${fault.instancePath}: ${fault.message}`)));
}
