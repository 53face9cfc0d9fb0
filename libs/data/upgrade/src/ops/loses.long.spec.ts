import type { LogicalTrigger, TableDefinition, ViewDefinition } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { dialectOf, givenScript, textOf, trusted } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOnServer } from '../../test/bench.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';
import type { Texts } from './act.ts';
import { actsOf, everyAct } from './acts.ts';
import { type KeptKind, keptKinds } from './kept-kinds.ts';
import type { UpgradeOperation } from './operation.ts';
import { textsOf } from './statement.ts';

/*
 * What each act takes away in silence from what others gave a table (design 12 §7.3): it runs alone on a PostgreSQL
 * server, on a table that has everything, and what is gone from the catalog is compared with `loses`.
 */

const table = { schema: 'a', name: 'T' };
const view = { schema: 'a', name: 'V' };

const planted = `
CREATE SCHEMA a; CREATE SCHEMA b;
CREATE TABLE a."U" ("Id" bigint PRIMARY KEY);
CREATE TABLE a."T" ("Id" bigint NOT NULL, "Key" bigint NOT NULL, "Code" varchar(20), "Text" text DEFAULT 'x', "Sum" bigint,
  CONSTRAINT "PK" PRIMARY KEY ("Id"), CONSTRAINT "UX" UNIQUE ("Key") WITH (fillfactor = 80));
CREATE UNIQUE INDEX "IX" ON a."T" ("Id", "Key") WITH (fillfactor = 70);
ALTER TABLE a."T" ADD CONSTRAINT "FK" FOREIGN KEY ("Sum") REFERENCES a."U", ADD CONSTRAINT "CK" CHECK ("Key" > 0);
CREATE FUNCTION a.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION a.own() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER "TR" BEFORE UPDATE ON a."T" FOR EACH ROW EXECUTE FUNCTION a.fire();
CREATE VIEW a."V" AS SELECT "Id", "Text" FROM a."T";
INSERT INTO a."T" ("Id", "Key", "Code") SELECT n, n, 'code' || n % 7 FROM generate_series(1, 100) AS n;

ALTER TABLE a."T" OWNER TO pg_monitor; ALTER VIEW a."V" OWNER TO pg_monitor; ALTER FUNCTION a.own() OWNER TO pg_monitor;
GRANT SELECT ON a."T", a."V" TO pg_read_all_data; GRANT EXECUTE ON FUNCTION a.own() TO pg_read_all_data;
GRANT UPDATE ("Code") ON a."T" TO pg_write_all_data; GRANT UPDATE ("Text") ON a."V" TO pg_write_all_data;
ALTER TABLE a."T" SET (fillfactor = 60); ALTER VIEW a."V" SET (security_barrier = true);
ALTER TABLE a."T" REPLICA IDENTITY USING INDEX "UX"; ALTER TABLE a."T" CLUSTER ON "IX";
ALTER TABLE a."T" ENABLE ROW LEVEL SECURITY; CREATE POLICY "Other policy" ON a."T" USING ("Text" IS NOT NULL);
ALTER TABLE a."T" ALTER COLUMN "Code" SET STORAGE EXTERNAL, ALTER COLUMN "Code" SET STATISTICS 500;
CREATE INDEX "Other index" ON a."T" ("Code"); CREATE STATISTICS a."Other statistics" ON "Code", "Text" FROM a."T";
ALTER TABLE a."T" ADD CONSTRAINT "Other check" CHECK ("Code" <> 'none');
CREATE TRIGGER "Other trigger" BEFORE UPDATE ON a."T" FOR EACH ROW EXECUTE FUNCTION a.fire();
CREATE TRIGGER "Other trigger" INSTEAD OF UPDATE ON a."V" FOR EACH ROW EXECUTE FUNCTION a.fire();
CREATE RULE "Other rule" AS ON DELETE TO a."T" DO ALSO NOTIFY gone;
ALTER VIEW a."V" ALTER COLUMN "Text" SET DEFAULT 'other'; CREATE PUBLICATION other_readers FOR TABLE a."T";
COMMENT ON TABLE a."T" IS 'other'; COMMENT ON COLUMN a."T"."Code" IS 'other'; COMMENT ON VIEW a."V" IS 'other';
COMMENT ON CONSTRAINT "UX" ON a."T" IS 'other'; COMMENT ON CONSTRAINT "CK" ON a."T" IS 'other';
COMMENT ON CONSTRAINT "FK" ON a."T" IS 'other'; COMMENT ON INDEX a."IX" IS 'other';
COMMENT ON TRIGGER "TR" ON a."T" IS 'other'; COMMENT ON FUNCTION a.own() IS 'other';
ALTER TABLE a."T" ENABLE ALWAYS TRIGGER "TR"; ANALYZE a."T";
`;

const ours = "('a'::regnamespace, 'b'::regnamespace)";

/** How many things of each kind others have given the objects. */
const given: Readonly<Partial<Record<KeptKind, string>>> = {
  owner: `SELECT oid FROM pg_class WHERE relnamespace IN ${ours} AND relowner = 'pg_monitor'::regrole AND relkind IN ('r', 'v') UNION ALL SELECT oid FROM pg_proc WHERE pronamespace IN ${ours} AND proowner = 'pg_monitor'::regrole`,
  rights: `SELECT oid FROM pg_class WHERE relnamespace IN ${ours} AND relacl::text ~ 'pg_read_all_data' UNION ALL SELECT oid FROM pg_proc WHERE pronamespace IN ${ours} AND proacl::text ~ 'pg_read_all_data'`,
  'column rights': `SELECT attnum FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace IN ${ours} AND attacl IS NOT NULL AND NOT attisdropped`,
  'storage parameters': `SELECT oid FROM pg_class WHERE relnamespace IN ${ours} AND reloptions IS NOT NULL`,
  'replica identity': `SELECT indexrelid FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace IN ${ours} AND indisreplident`,
  'cluster mark': `SELECT indexrelid FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace IN ${ours} AND indisclustered`,
  'row security': `SELECT p.oid FROM pg_policy AS p JOIN pg_class c ON c.oid = polrelid WHERE relnamespace IN ${ours} AND relrowsecurity`,
  'column settings': `SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_type t ON t.oid = atttypid WHERE relnamespace IN ${ours} AND relkind = 'r' AND attnum > 0 AND attstorage <> typstorage UNION ALL SELECT 2 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE relnamespace IN ${ours} AND attstattarget > 0`,
  indexes: `SELECT oid FROM pg_class WHERE relnamespace IN ${ours} AND relname = 'Other index'`,
  statistics: `SELECT oid FROM pg_statistic_ext WHERE stxnamespace IN ${ours}`,
  constraints: `SELECT oid FROM pg_constraint WHERE connamespace IN ${ours} AND conname = 'Other check'`,
  triggers: `SELECT t.oid FROM pg_trigger AS t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace IN ${ours} AND tgname = 'Other trigger'`,
  rules: `SELECT r.oid FROM pg_rewrite AS r JOIN pg_class c ON c.oid = ev_class WHERE relnamespace IN ${ours} AND rulename = 'Other rule'`,
  defaults: `SELECT d.oid FROM pg_attrdef AS d JOIN pg_class c ON c.oid = adrelid WHERE relnamespace IN ${ours} AND relkind = 'v'`,
  publications: 'SELECT oid FROM pg_publication_rel',
  comment: "SELECT objoid FROM pg_description WHERE description = 'other'",
  state: `SELECT t.oid FROM pg_trigger AS t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace IN ${ours} AND tgenabled NOT IN ('O')`,
  'collected statistics': `SELECT 1 FROM pg_stats WHERE schemaname IN ('a', 'b') AND attname IN ('Code', 'Later')`,
};

/** A tablespace needs a folder of the server, and a table that is not logged has no publication. */
const unplanted: readonly KeptKind[] = ['tablespace', 'persistence'];

const place = { subject: 'a.T', on: [{ name: 'a.T', isNew: false }], for: [], table };
const code = { name: 'Code', type: 'varchar(20)', nullable: true };

/** An operation, and what others gave in addition to what they gave everywhere. */
type LossRun = readonly [operation: UpgradeOperation, more?: string];

const onIndex = (index: string) =>
  `ALTER TABLE a."T" CLUSTER ON "${index}"; ALTER TABLE a."T" REPLICA IDENTITY USING INDEX "${index}"`;

const runs: readonly LossRun[] = [
  [{ op: 'dropTrigger', ...place, name: 'TR' }],
  [{ op: 'dropFunction', subject: 'a.own', on: [], for: [], routine: { schema: 'a', name: 'own', arguments: '' } }],
  [{ op: 'dropView', subject: 'a.V', on: [{ name: 'a.V', isNew: false }], for: [], view }],
  [{ op: 'dropForeignKey', ...place, name: 'FK' }],
  [{ op: 'dropConstraint', ...place, name: 'UX' }, onIndex('UX')],
  [{ op: 'dropIndex', ...place, name: 'IX' }, onIndex('IX')],
  [{ op: 'dropTable', ...place }, 'DROP VIEW a."V"'],
  [{ op: 'emptyTable', ...place }],
  [{ op: 'dropLostColumn', ...place, column: 'Code', earlier: 'Code' }],
  [{ op: 'dropMovedColumn', ...place, column: 'Code', earlier: 'Code' }],
  [{ op: 'renameColumn', ...place, column: 'Code', to: 'Later', earlier: 'Code' }],
  [{ op: 'renameTable', ...place, to: 'Later' }],
  [{ op: 'moveTable', ...place, schema: 'b' }],
  [{ op: 'renameConstraint', ...place, from: 'UX', to: 'UX_Later' }],
  [{ op: 'renameIndex', ...place, from: 'IX', to: 'IX_Later' }],
  [{ op: 'changeType', ...place, from: code, to: { ...code, type: 'varchar(40)' } }],
  [{ op: 'changeType', ...place, from: code, to: { ...code, type: 'varchar(10)' } }],
  [{ op: 'requireValue', ...place, from: code, to: { ...code, nullable: false } }],
  [{ op: 'allowNull', ...place, from: { ...code, nullable: false }, to: code }],
  [{ op: 'dropDefault', ...place, column: 'Text', name: null }],
  [{ op: 'createView', subject: 'a.V', on: [{ name: 'a.V', isNew: true }], for: [], view: {} as ViewDefinition }],
  [{ op: 'createTrigger', ...place, table: {} as TableDefinition, trigger: {} as LogicalTrigger }],
  [{ op: 'moveValues', ...place, assignments: [{ column: 'Sum', value: trusted('NULL') }] }],
];

const { sql } = dialectOf.pgsql;

/** Of the renderer, only what replaces code. */
const texts = {
  dialect: upgradeDialects.pgsql,
  statements: {
    view: () => sql`CREATE OR REPLACE VIEW a."V" AS SELECT "Id", "Text" FROM a."T"`,
    trigger: () => sql`CREATE OR REPLACE TRIGGER "TR" BEFORE UPDATE ON a."T" FOR EACH ROW EXECUTE FUNCTION a.fire()`,
  },
} as unknown as Texts;

let connection: Connection;
beforeAll(async () => {
  connection = await openOnServer();
  await connection.execute(givenScript(planted));
});
afterAll(async () => connection?.close());

async function counts(): Promise<ReadonlyMap<string, number>> {
  const query = Object.entries(given)
    .map(([kind, rows]) => `SELECT '${kind}' AS kind, (SELECT count(*) FROM (${rows}) AS r)::int AS n`)
    .join(' UNION ALL ');
  const rows = await connection.query<{ kind: string; n: number }>(trusted(query));
  return new Map(rows.map(({ kind, n }) => [kind, Number(n)]));
}

describe('what others gave a table', () => {
  it('is there in every kind that can be planted', async () => {
    const found = await counts();
    expect(keptKinds.filter((kind) => (found.get(kind) ?? 0) === 0)).toEqual(unplanted);
  });

  it.each(runs.map(([operation, more]) => [operation.op, operation, more] as const))(
    'is taken away by %s as the act says',
    async (_, operation, more) => {
      await connection.begin();
      try {
        if (more !== undefined) await connection.execute(givenScript(more));
        const before = await counts();
        for (const text of textsOf(operation, texts)) await connection.execute(givenScript(textOf(text)));
        const after = await counts();
        const lost = [...before].flatMap(([kind, n]) => ((after.get(kind) ?? 0) < n ? [kind] : []));
        const said = actsOf('pgsql', operation).flatMap(({ loses = [] }) => loses);
        const known = said.filter((kind) => !unplanted.includes(kind) && (before.get(kind) ?? 0) > 0);
        expect(lost.sort()).toEqual([...known].sort());
      } finally {
        await connection.rollback();
      }
    },
  );

  it('is taken away by no act that does not run here', () => {
    const ran = new Set(runs.map(([{ op }]) => op));
    const others = everyAct('pgsql').filter(({ op, act }) => act.loses !== undefined && !ran.has(op));
    expect(others.map(({ op }) => op)).toEqual([]);
  });
});
