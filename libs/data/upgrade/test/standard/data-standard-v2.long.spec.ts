import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { hasSharedData, isThorough, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { type Compiled, compiled, contentsOf, documentRows } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { sessionForAll } from '../sessions.ts';
import { rowTexts, writeRows, writeTrackedRows } from '../written-rows.ts';

/** All rows of the tables of a set that an extension leaves alone, by table, with all their columns. */
const ownRows = (connection: Connection, { catalog }: Compiled) =>
  rowTexts(
    connection,
    catalog.tables.filter(({ schema }) => schema !== 'dms'),
  );

const identities = (connection: Connection) =>
  connection.query(
    trusted(
      'SELECT "ReferentialId"::text AS id, "DocumentId"::text AS document FROM dms."ReferentialIdentity" ORDER BY 1',
    ),
  );

describe.runIf(hasSharedData && isThorough)(
  'the data standard in the second generation (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () => {
    let connection: Connection;
    sessionForAll((opened) => {
      connection = opened;
    });

    it('loses an extension with permission, and gets it again: every row of the standard is what it was', async () => {
      const standard = readSharedJson('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json');
      const core = compiled([standard], 'pgsql', 'v2');
      const extended = compiled([standard, readSharedJson('inputs', 'tpdm-1.1-extension.json')], 'pgsql', 'v2');
      await connection.execute(givenScript(extended.script));
      await connection.begin();
      await writeRows(connection, extended, contentsOf(extended.model));
      await writeTrackedRows(connection, extended);
      await connection.commit();
      const kept = new Set(core.info.resourceKeys.map((key) => resourceLabel(key)));
      const all = (await documentRows(connection)) as readonly { readonly label: string; readonly id: string }[];
      const documents = all.filter(({ label }) => kept.has(label));
      expect(new Set(all.map(({ label }) => label)).size).toBeGreaterThan(kept.size / 2);
      const ids = new Set(documents.map(({ id }) => id));
      const rows = await ownRows(connection, core);
      const names = (await identities(connection)).filter((row) => ids.has(String(row.document)));
      expect(Object.entries(rows).filter(([table, found]) => table.startsWith('edfi.') && found.length === 0)).toEqual(
        [],
      );

      const back = await applyUpgrade(connection, extended, core, { allowLoss: ['TPDM'] });
      expect([back.outcome, back.plan.verdict, back.documents]).toEqual(['upgraded', 'loss', documents.length]);
      await expectCatalog(connection, core);
      expect(await ownRows(connection, core)).toEqual(rows);
      expect([await documentRows(connection), await identities(connection)]).toEqual([documents, names]);

      const again = await applyUpgrade(connection, core, extended);
      expect([again.outcome, again.plan.verdict, again.documents]).toEqual(['upgraded', 'free', documents.length]);
      await expectCatalog(connection, extended);
      expect(await ownRows(connection, core)).toEqual(rows);
      expect([await documentRows(connection), await identities(connection)]).toEqual([documents, names]);
    });
  },
);
