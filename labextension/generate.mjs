// Writes src/protocol/types.ts from src/protocol/schema.json: the wire's only definition are the Python models.
// The schema itself is written by `python -m jupyter_aichat.protocol.schema > labextension/src/protocol/schema.json`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const folder = new URL('./src/protocol/', import.meta.url);

/** The TypeScript types of the wire, as text. */
export async function generate() {
  const schema = JSON.parse(await readFile(new URL('schema.json', folder), 'utf8'));
  return compile(schema, 'Wire', {
    additionalProperties: false,
    bannerComment: '/** The wire. Generated from schema.json by `npm run generate`; do not edit. */',
    format: true,
    style: { printWidth: 110, singleQuote: true }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('types.ts', folder), await generate());
}
