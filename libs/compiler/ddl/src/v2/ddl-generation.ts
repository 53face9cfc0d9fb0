import { coreV2 } from '@dms/model';
import { dialectOf, type SqlWriter } from '@dms/sql';
import type { DdlGeneration } from '../ddl-generation.ts';
import { anonymousBlock } from '../pgsql/anonymous-block.ts';
import { mssqlBodiesV2 } from './mssql/generation-bodies.ts';
import { mssqlGuards } from './mssql/guards.ts';
import { pgsqlBodiesV2 } from './pgsql/generation-bodies.ts';
import { pgsqlGuards } from './pgsql/guards.ts';
import { seedMssqlSingletons, seedPgsqlSingletons, shapeTraces, singletons } from './singletons.ts';

const { sql, lines } = dialectOf.pgsql;

/**
 * Drops the triggers of earlier versions, which had a trigger per event with another name, and other names for
 * transition tables. Beside the triggers of this version, they would call its functions (design 16 §6.3). The `tgtype`
 * 7, 11 and 19 are those of row triggers that run before one event: INSERT, DELETE, UPDATE.
 */
function dropEarlierTriggers(writer: SqlWriter): void {
  writer
    .write(sql`-- Triggers of earlier versions, which had other names`)
    .write(
      anonymousBlock(
        lines`earlier record;`,
        lines`
          FOR earlier IN
              SELECT t.tgname AS name, t.tgrelid::pg_catalog.regclass AS owner
              FROM pg_catalog.pg_trigger AS t
              INNER JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
              WHERE NOT t.tgisinternal AND f.proname ^@ 'TF_TR_'
                  AND (t.tgoldtable = 'old_rows' OR t.tgnewtable = 'new_rows' OR t.tgtype IN (7, 11, 19))
          LOOP
              EXECUTE pg_catalog.format('DROP TRIGGER %I ON %s', earlier.name, earlier.owner);
          END LOOP;`,
      ),
    )
    .blank();
}

/** The second generation (design 16). */
export const ddlGenerationV2: DdlGeneration = {
  bodies: { pgsql: pgsqlBodiesV2, mssql: mssqlBodiesV2 },
  script: {
    pgsql: {
      guards: pgsqlGuards({ shape: shapeTraces('v2') }),
      dropEarlierTriggers,
      seedSingletons: seedPgsqlSingletons,
    },
    mssql: {
      guards: mssqlGuards(shapeTraces('v2')),
      dropEarlierTriggers: () => {},
      seedSingletons: seedMssqlSingletons,
    },
  },
  titles: {
    guards: 'Bounded Provisioning Guards',
    functions: 'Functions and Types',
  },
  singletonTables: singletons.map(({ table, columns: [keyColumn] }) => ({ table: coreV2[table], keyColumn })),
};
