import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ownSchemaFile, ownSchemas, ownSchemasV2 } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesIn, scratchFolders } from '../../test/scratch-folder.ts';
import { dialects, emitArtifacts } from '../index.ts';

const scratchFolder = scratchFolders();

/** The first lines that differ, for a readable failure in files with thousands of lines. */
function firstDifference(actual: string, accepted: string): string | undefined {
  const now = actual.split('\n');
  const before = accepted.split('\n');
  const index = now.findIndex((line, position) => line !== before[position]);
  if (index < 0 && now.length === before.length) return undefined;
  const at = index < 0 ? now.length : index;
  return `line ${at + 1}\n- ${before[at] ?? '(end)'}\n+ ${now[at] ?? '(end)'}\nAccept with: npm run golden:accept`;
}

const folderOf = (golden: string) => path.resolve(import.meta.dirname, '../../../../../golden', golden);

/** Manifests that do not depend on the shape of a database (design 22 §1.1). */
const ofBothShapes = ['effective-schema.manifest.json', 'mappingset.manifest.json'];

const sets = [
  { golden: 'dms', schemas: ownSchemas, mappingVersion: 'v1', others: [] },
  { golden: 'dms-v2', schemas: ownSchemasV2, mappingVersion: 'v2', others: [] },
  { golden: 'dms-v2-natural', schemas: ownSchemasV2, mappingVersion: 'v2-natural', others: ofBothShapes },
] as const;

describe.each(sets)('$golden', ({ golden, schemas, mappingVersion, others }) => {
  const accepted = [
    ...readdirSync(folderOf(golden)).map((name) => ({ name, folder: golden })),
    ...others.map((name) => ({ name, folder: 'dms-v2' })),
  ];
  let emitted: Record<string, string>;
  beforeAll(async () => {
    const folder = scratchFolder();
    await emitArtifacts({ schemas: schemas.map(ownSchemaFile), mappingVersion, dialects, outputDirectory: folder });
    emitted = filesIn(folder);
  });

  it('accepted artifacts exist for both scripts and all manifests', () => {
    expect(accepted.map(({ name }) => name).sort()).toEqual([
      'ddl.manifest.json',
      'effective-schema.manifest.json',
      'mappingset.manifest.json',
      'mssql.sql',
      'pgsql.sql',
      'relational-model.mssql.manifest.json',
      'relational-model.pgsql.manifest.json',
    ]);
  });

  it.each(accepted)('$name is what was accepted in $folder', ({ name, folder }) => {
    const file = path.join(folderOf(folder), name);
    expect(firstDifference(emitted[name] ?? '', readFileSync(file, 'utf8'))).toBeUndefined();
  });
});
