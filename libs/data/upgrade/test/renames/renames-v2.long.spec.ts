import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled, contentsOf } from '../bench.ts';
import {
  documentsOf,
  laterDocument,
  laterLabel,
  type RenameEvolution,
  renameEvolutions,
} from '../rename-evolutions.ts';
import { expectRenamedV2 } from '../renamed-v2.ts';
import { sessionForAll } from '../sessions.ts';
import { provisioned, wrongMirrors } from '../upgraded-v2.ts';
import { writeTrackedRows } from '../written-rows.ts';

const setsOf = (evolution: RenameEvolution) =>
  documentsOf(evolution).map((documents) => compiled(documents, 'pgsql', 'v2')) as [Compiled, Compiled];

const renamesOf = ({ renames }: RenameEvolution) => ({ renames: renames.map(parseRename) });

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

async function filled(before: Compiled): Promise<void> {
  await provisioned(connection, before, contentsOf(before.model));
  await writeTrackedRows(connection, before);
  await connection.execute(givenScript(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`));
}

describe('a database of the second generation whose schemas are renamed', () => {
  it.each(shareOf(Object.entries(renameEvolutions), 2))('keeps every value: %s', async (_, evolution) => {
    const [before, after] = setsOf(evolution);
    const { plan } = await expectRenamedV2(connection, before, after, {
      renames: evolution.renames,
      label: (label) => laterLabel(evolution, label),
      document: (document) => laterDocument(evolution, document),
    });
    expect(plan.candidates).toEqual([]);
  });

  it('records tracked changes under the new names', async () => {
    const evolution = renameEvolutions['a part of an identity that others copy'] as RenameEvolution;
    const [before, after] = setsOf(evolution);
    await filled(before);
    await applyUpgrade(connection, before, after, renamesOf(evolution));
    const noted = () =>
      connection.query<{ was: string; now: string | null }>(
        trusted(
          'SELECT "OldDoorNumber" AS was, "NewDoorNumber" AS now FROM tracked_changes_core."Room" ORDER BY "ChangeVersion"',
        ),
      );
    const earlier = await noted();
    const [room] = await connection.query<{ id: string; door: string }>(
      trusted('SELECT "DocumentId"::text AS id, "DoorNumber" AS door FROM core."Room" ORDER BY 1 LIMIT 1'),
    );
    await connection.execute(
      givenScript(`UPDATE core."Room" SET "DoorNumber" = 'new' WHERE "DocumentId" = ${room?.id}`),
    );
    const later = await noted();
    expect(later).toHaveLength(earlier.length + 1);
    expect(later).toContainEqual({ was: room?.door, now: 'new' });
    expect(await wrongMirrors(connection, after)).toEqual([]);
  });

  it('gives deleted descriptors their new names', async () => {
    const evolution = renameEvolutions['descriptor resources that change places'] as RenameEvolution;
    const [before, after] = setsOf(evolution);
    await filled(before);
    const { table } = before.inventory.trackedChangeTables.find(({ systemColumns }) =>
      systemColumns.some(({ role }) => role === 'Discriminator'),
    ) as { table: { schema: string; name: string } };
    const place = `"${table.schema}"."${table.name}"`;
    const versions = (
      await connection.query<{ v: string }>(trusted(`SELECT "ChangeVersion"::text AS v FROM ${place} ORDER BY 1`))
    ).map(({ v }) => v);
    for (const [index, version] of versions.entries())
      await connection.execute(
        givenScript(
          `UPDATE ${place} SET "Discriminator" = '${index === 0 ? 'GradeDescriptor' : 'KindDescriptor'}' WHERE "ChangeVersion" = ${version}`,
        ),
      );
    await applyUpgrade(connection, before, after, renamesOf(evolution));
    expect(
      await connection.query(trusted(`SELECT "Discriminator" AS name FROM ${place} ORDER BY "ChangeVersion"`)),
    ).toEqual([{ name: 'KindDescriptor' }, { name: 'GradeDescriptor' }]);
  });
});
