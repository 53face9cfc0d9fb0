import { readFileSync } from 'node:fs';
import path from 'node:path';

const schemasFolder = path.resolve(import.meta.dirname, '../../../fixtures/schemas');

/** The schema projects of this repository for the first generation of the mapping: a core and an extension of it. */
export const ownSchemas = ['campus', 'athletics'] as const;

/**
 * The schema projects for the second generation: a core with the associations that authorization follows, and an
 * extension.
 */
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

const releasedFolder = path.resolve(schemasFolder, '../released');

/**
 * A breaking release of the standard in miniature: the extension Preparation joins the core, a resource is split, items
 * become documents, an array becomes a value, a flag becomes a descriptor. Both generations compile both sets.
 */
export const breakingRelease = {
  before: ['standard-1.0.0.json', 'preparation-1.0.0.json'].map((file) => path.join(releasedFolder, file)),
  after: [path.join(schemasFolder, 'standard', 'ApiSchema.json')],
  /** The translation of the documents of `before` (design 20 §1). */
  translation: path.join(releasedFolder, 'standard-1-to-2.json'),
} as const;
