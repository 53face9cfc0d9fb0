import { maintainedIdentities } from '@dms/inventory';
import {
  type ComputedRule,
  derivedRows,
  hashedTextsOf,
  type LawfulSet,
  type ReferentialRow,
  referentialIdRules,
  uuidOf,
} from '@dms/laws';
import { referentialIdentityColumns as columns, core, qualified } from '@dms/model';
import { dialectOf, type PlainSql, pgsqlName } from '@dms/sql';
import type { ComparedSet } from '@dms/upgrade';
import type { RowsOf } from './behaviour-session.ts';
import type { CoreChecks, CoreIdentities } from './core-checks.ts';
import { type CoreTableFacts, documentReference, resourceKeyReference } from './core-tables.ts';
import type { IdentityRows } from './derived-rows.ts';
import { compareRows } from './failures.ts';

const { sql, literals } = dialectOf.pgsql;

/*
 * Both generations store the referential id of every document in `dms.ReferentialIdentity`, which triggers fill (design
 * 07 §9.2).
 */

const table = core.referentialIdentity;

export const referentialIdentityFacts: CoreTableFacts = {
  name: table.name,
  columns: { ReferentialId: 'uuid', DocumentId: 'id', ResourceKeyId: 'small' },
  uniques: { UX_ReferentialIdentity_DocumentId_ResourceKeyId: ['DocumentId', 'ResourceKeyId'] },
  references: [documentReference(table.name), resourceKeyReference(table.name)],
  rowColumn: 'DocumentId',
};

/** Names whose UUIDs are compared: the names of design 06 §5.1, except the longest, and one with letters that are easily lost. */
const hashedNames: readonly (readonly [namespace: string, name: string])[] = [
  ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'],
  ['6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'http://example.org/'],
  ['00000000-0000-0000-0000-000000000000', ''],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'x'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'hello world'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'Ed-FiSchool$.schoolId=255901'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'ß'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'café üñîçödé 学校 🏫'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'Ed-FiSchool$.name=a#b\u00a0c  d#$.code= '],
];

/** C11: the function that makes referential ids. */
async function hashes({ session, failures }: CoreChecks): Promise<void> {
  const compare = async (namespace: string, name: string | null, expected: string | null) => {
    const [row] = await session.query<{ id: string | null }>(
      sql`SELECT ${session.dialect.uuidCall(namespace, name)} AS id`,
    );
    failures.equal('C11', `${qualified(core.uuidv5)} of ${JSON.stringify(name)}`, expected, row?.id ?? null);
  };
  for (const [namespace, name] of hashedNames) await compare(namespace, name, uuidOf(namespace, name));
  await compare('00000000-0000-0000-0000-000000000000', null, null);
}

/** The table and function for referential ids in the core. */
export const storedCoreIdentities: CoreIdentities = {
  inserts: (session, { referentialId, documentId, resourceKeyId }) => [
    session.insertText(
      table,
      new Map([
        ['ReferentialId', referentialId],
        ['DocumentId', documentId],
        ['ResourceKeyId', resourceKeyId],
      ]),
    ),
  ],
  checkFunctions: (checks) => checks.failures.during('C11', qualified(core.uuidv5), () => hashes(checks)),
};

/** The rows of referential ids, which must equal the rows that the tool computes from the rows of documents. */
export function storedIdentityRows(set: LawfulSet): IdentityRows {
  const rules = referentialIdRules(set);
  const byTable = new Map(rules.map((rule) => [qualified(rule.expected.reads), rule]));
  const expected = ({ expected: { reads, rows } }: ComputedRule, rowsOf: RowsOf, uris: ReadonlyMap<string, string>) =>
    rowsOf(reads)
      .flatMap((row) => rows({ documentId: row.DocumentId ?? '', values: row }, uris))
      .map(rowText);
  const stored = (rowsOf: RowsOf): readonly ReferentialRow[] =>
    rowsOf(table).map((row) => ({
      referentialId: row.ReferentialId?.toLowerCase() ?? '',
      documentId: row.DocumentId ?? '',
      resourceKeyId: row.ResourceKeyId ?? '',
    }));
  return {
    takesInfinity: hashedTextsOf(set.model.effectiveSchema.relationalMappingVersion).takesInfinity ?? false,
    select(selected) {
      selected.add(core.descriptor, ['DocumentId', 'Uri']);
      selected.add(table, columns);
      for (const {
        expected: { reads, columns: own },
      } of rules)
        selected.add(reads, ['DocumentId', ...own]);
    },
    check(rowsOf, place) {
      const uris = new Map(rowsOf(core.descriptor).map((row) => [row.DocumentId ?? '', row.Uri ?? '']));
      const wanted = rules.flatMap((rule) => expected(rule, rowsOf, uris));
      compareRows(place, qualified(table), wanted, stored(rowsOf).map(rowText));
    },
    keptOf: (session, documentId) => {
      const { sql } = session.rules;
      const own = session.equal('DocumentId', documentId);
      const id = sql`CAST("ReferentialId" AS varchar(36))`;
      return [sql`MIN(${id})`, sql`MAX(${id})`].map((end) => sql`(SELECT ${end} FROM ${table} WHERE ${own})`);
    },
    selectOf: (selected, where) => selected.add(table, columns, where),
    checkOf(root, rowsOf, uris, place) {
      const rule = byTable.get(qualified(root));
      if (!rule) return;
      const own = new Set(rowsOf(root).map((row) => row.DocumentId ?? ''));
      const found = stored(rowsOf).filter(({ documentId }) => own.has(documentId));
      compareRows(place, qualified(table), expected(rule, rowsOf, uris), found.map(rowText));
    },
  };
}

const rowText = ({ referentialId, documentId, resourceKeyId }: ReferentialRow) =>
  `${referentialId}, ${documentId}, ${resourceKeyId}`;

/** Derived rows in PostgreSQL: the query that reads them as `text`, and the statements that compute them again. */
export interface ComputedRows {
  readonly name: string;
  readonly sql: PlainSql;
  readonly statements: readonly PlainSql[];
}

/** The rows of `dms.ReferentialIdentity` that triggers fill, so not those of descriptors. */
export function computedReferentialIds({ model, inventory }: ComparedSet): readonly ComputedRows[] {
  const texts = derivedRows(model.effectiveSchema.relationalMappingVersion, 'pgsql');
  const blocks = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'ReferentialIdentityMaintenance'
      ? maintainedIdentities(trigger).map((block) => ({ block, table: trigger.table }))
      : [],
  );
  if (blocks.length === 0) return [];
  const ids = new Set(blocks.map(({ block }) => block.resourceKeyId));
  const ofTriggers = sql`"ResourceKeyId" IN (${literals([...ids])})`;
  const table = core.referentialIdentity;
  return [
    {
      name: pgsqlName(table),
      sql: sql`SELECT t::text AS text FROM ${table} AS t WHERE t.${ofTriggers} ORDER BY 1`,
      statements: [
        sql`DELETE FROM ${table} WHERE ${ofTriggers}`,
        ...blocks.map(({ block, table }) => texts.referentialIds(block, table)),
      ],
    },
  ];
}
