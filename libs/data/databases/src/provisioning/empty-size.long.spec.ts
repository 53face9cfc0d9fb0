import { emitDdl } from '@dms/ddl';
import { deriveInventory } from '@dms/inventory';
import {
  createScratchDatabase,
  type Document,
  derive,
  hasSharedData,
  openSession,
  ownSchema,
  readSharedJson,
} from '@dms/testing';
import { expect, it } from 'vitest';
import { emptySize } from './planned-provision.ts';

/* The size that a dry run reports for an empty database is its actual size (design 09 §2.8). */

const sets: readonly (readonly [string, () => readonly Document[]])[] = [
  ['the schemas of this repository', () => [ownSchema('campus'), ownSchema('athletics')]],
  ...(hasSharedData
    ? ([['the data standard 6.1', () => [readSharedJson('inputs', 'ds-6.1-core.json') as Document]]] as const)
    : []),
];

it.each(sets)('an empty database of %s is as large as was said, by a sixth', async (_, documents) => {
  const model = derive('pgsql', documents());
  const { script } = emitDdl(model, deriveInventory(model));
  const database = await createScratchDatabase();
  const session = await openSession(database.url);
  try {
    const size = async () => {
      const [row] = await session.query<{ size: string }>('SELECT pg_database_size(current_database())::text AS size');
      return Number(row?.size);
    };
    const before = await size();
    await session.exec(script);
    const taken = (await size()) - before;
    const said = emptySize('pgsql', script)?.bytes ?? 0;
    expect(said).toBeGreaterThan((taken * 5) / 6);
    expect(said).toBeLessThan((taken * 7) / 6);
  } finally {
    await session.close();
    await database.drop();
  }
});

it('nothing is said of SQL Server, which nobody has measured', () => {
  expect(emptySize('mssql', 'CREATE TABLE x (y int);')).toBe(null);
});
