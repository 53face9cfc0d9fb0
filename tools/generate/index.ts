import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatted } from './formatted.ts';
import { jsonSchemaFiles } from './json-schemas.ts';
import { libraryFiles } from './library-types.ts';
import { packFormatFiles } from './pack-format.ts';
import { referenceFiles } from './reference.ts';

/*
 * Writes every generated file, and prints the changed ones: `npm run generate`. `.ci/run` runs it too, and fails if Git
 * then sees a change.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));

// in this order: the reference reads the other generated files
const generators = [packFormatFiles, () => formatted({ ...jsonSchemaFiles(), ...libraryFiles() }), referenceFiles];

for (const generate of generators) {
  for (const [name, text] of Object.entries(await generate())) {
    const file = path.join(root, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
