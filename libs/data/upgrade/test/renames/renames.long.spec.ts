import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import type { UpgradeItem } from '../../src/plan/upgrade-plan.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled, contentsOf, databaseText, events } from '../bench.ts';
import {
  documentsOf,
  laterDocument,
  laterLabel,
  type RenameEvolution,
  renameEvolutions,
} from '../rename-evolutions.ts';
import { expectRenamed } from '../renamed.ts';
import { sessionForAll } from '../sessions.ts';
import { filled } from '../upgraded.ts';

const brief = ({ class: itemClass, change, path }: UpgradeItem) => [itemClass, change, ...path].join(' ');

/** Whether an item is independent: items of numbers, keys, indexes and triggers follow from others. */
const isTold = ({ change }: UpgradeItem) =>
  !/^(?:resource key|trigger|index|unique|check|foreign key|constraint)/.test(change);

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

describe('a database of the first generation whose schemas are renamed', () => {
  it.each(shareOf(Object.entries(renameEvolutions), 2))('keeps every value: %s', async (_, evolution) => {
    const [before, after] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
    const { plan } = await expectRenamed(connection, before, after, {
      renames: evolution.renames,
      label: (label) => laterLabel(evolution, label),
      document: (document) => laterDocument(evolution, document),
    });
    expect(plan.items.filter(isTold).map(brief).sort()).toEqual([...evolution.items].sort());
    expect(plan.verdict).toBe(evolution.verdict);
    expect(plan.candidates).toEqual([]);
  });
});

const setsOf = (name: keyof typeof renameEvolutions) => {
  const evolution = renameEvolutions[name] as RenameEvolution;
  const [before, after] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
  return { before, after, options: { renames: evolution.renames.map(parseRename) } };
};

describe('after a rename', () => {
  it('triggers use the new names', async () => {
    const { before, after, options } = setsOf('a part of an identity that others copy');
    await filled(connection, before, contentsOf(before.model));
    await applyUpgrade(connection, before, after, options);
    const [section] = await connection.query<{ id: string; room: string }>(
      trusted(
        'SELECT "DocumentId"::text AS id, "Room_DocumentId"::text AS room FROM core."Section" WHERE "Room_DocumentId" IS NOT NULL LIMIT 1',
      ),
    );
    const state = () =>
      connection.query<{ id: string }>(
        trusted(`SELECT d."ContentVersion"::text AS content, d."IdentityVersion"::text AS identity, i."ReferentialId"::text AS id
         FROM dms."Document" AS d JOIN dms."ReferentialIdentity" AS i ON i."DocumentId" = d."DocumentId"
         WHERE d."DocumentId" IN (${section?.id}, ${section?.room}) ORDER BY d."DocumentId" = ${section?.id}`),
      );
    const [room, referrer] = await state();
    const journal = await events(connection);
    await connection.execute(
      givenScript(`UPDATE core."Room" SET "DoorNumber" = 'new' WHERE "DocumentId" = ${section?.room}`),
    );
    const [roomNow, referrerNow] = await state();
    for (const member of ['content', 'identity', 'id'] as const)
      expect((roomNow as Record<string, unknown>)[member], member).not.toBe((room as Record<string, unknown>)[member]);
    // its identity does not have the room
    expect(referrerNow).toEqual({ ...referrer, content: (referrerNow as Record<string, unknown>).content });
    expect(
      await connection.query(
        trusted(`SELECT "Room_DoorNumber" AS n FROM core."Section" WHERE "DocumentId" = ${section?.id}`),
      ),
    ).toEqual([{ n: 'new' }]);
    expect((await events(connection)).length).toBeGreaterThan(journal.length);
  });

  it('an upgrade is refused if it cannot recompute the referential id of a descriptor', async () => {
    const { before, after, options } = setsOf('a descriptor resource');
    const contents = contentsOf(before.model);
    await filled(connection, before, contents);
    const { uuid } = contents.descriptors.find(({ resource }) => resource === 'Core:GradeDescriptor') as {
      uuid: string;
    };
    const document = `(SELECT "DocumentId" FROM dms."Document" WHERE "DocumentUuid" = '${uuid}')`;
    await connection.execute(
      givenScript(`UPDATE dms."ReferentialIdentity" SET "ReferentialId" = "DocumentUuid" FROM dms."Document" AS d
      WHERE d."DocumentId" = dms."ReferentialIdentity"."DocumentId" AND d."DocumentId" = ${document}`),
    );
    const text = await databaseText(connection);
    await expect(applyUpgrade(connection, before, after, options)).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'UPGRADE_ROWS_OBJECT',
          message: expect.stringContaining('descriptor renamed: Core:LevelDescriptor: 1 row has a referential id that'),
          details: { count: 1, documents: [uuid] },
        },
      ],
    });
    expect(await databaseText(connection)).toBe(text);
  });
});
