import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ownSchemaFile, ownSchemas } from '@dms/testing';
import { beforeAll, expect, it } from 'vitest';
import { filesIn, scratchFolders } from '../../test/scratch-folder.ts';
import { dialects, emit } from '../index.ts';

const scratchFolder = scratchFolders();

const goldenFolder = path.resolve(import.meta.dirname, '../../../../golden/dms');

/** The first lines that differ, so that a failure is readable in a file of thousands. */
function firstDifference(actual: string, accepted: string): string | undefined {
  const [now, before] = [actual.split('\n'), accepted.split('\n')];
  const index = now.findIndex((line, position) => line !== before[position]);
  if (index < 0 && now.length === before.length) return undefined;
  const at = index < 0 ? now.length : index;
  return `line ${at + 1}\n- ${before[at] ?? '(end)'}\n+ ${now[at] ?? '(end)'}\nAccept with: npm run golden:accept`;
}

let emitted: Record<string, string>;
beforeAll(async () => {
  const folder = scratchFolder();
  await emit({ schemas: ownSchemas.map(ownSchemaFile), dialects, outputDirectory: folder });
  emitted = filesIn(folder);
});

it('accepted artifacts exist for both scripts and all manifests', () => {
  expect(readdirSync(goldenFolder).sort()).toEqual([
    'ddl.manifest.json',
    'effective-schema.manifest.json',
    'mappingset.manifest.json',
    'mssql.sql',
    'pgsql.sql',
    'relational-model.mssql.manifest.json',
    'relational-model.pgsql.manifest.json',
  ]);
});

it.each(readdirSync(goldenFolder))('%s is what was accepted', (name) => {
  expect(firstDifference(emitted[name] ?? '', readFileSync(path.join(goldenFolder, name), 'utf8'))).toBeUndefined();
});
