import { readFileSync } from 'node:fs';
import path from 'node:path';

const schemasFolder = path.resolve(import.meta.dirname, '../../../fixtures/schemas');

/** The schema projects of this repository for the first generation of the mapping: a core and an extension of it. */
export const ownSchemas = ['campus', 'athletics'] as const;

/** The same for the second generation: a core with the associations that authorization follows, and an extension. */
export const ownSchemasV2 = ['district', 'transport'] as const;

export type OwnSchema = (typeof ownSchemas)[number] | (typeof ownSchemasV2)[number];

/** The path of the ApiSchema file of a schema project of this repository. */
export function ownSchemaFile(name: OwnSchema): string {
  return path.join(schemasFolder, name, 'ApiSchema.json');
}

/** A schema of this repository as plain JSON; a new copy for each call. */
// biome-ignore lint/suspicious/noExplicitAny: tests change it as they need
export function ownSchema(name: OwnSchema): any {
  return JSON.parse(readFileSync(ownSchemaFile(name), 'utf8'));
}
