import type { Bodies } from '@dms/catalog';
import { objectStatements } from '@dms/ddl';
import { derivedRows } from '@dms/laws';
import { dialects, type SqlDialect, textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { changes, floor, place, room, shown } from '../../test/changes.ts';
import { columnRules } from '../kinds/columns.ts';
import { abstractIdentityRules } from '../kinds/derived-rows.ts';
import { discriminatorRules } from '../kinds/discriminators.ts';
import { resourceRules } from '../kinds/resources.ts';
import { tableRules } from '../kinds/tables.ts';
import { planItems } from '../plan/plan-items.ts';
import { RowQueries } from '../script/row-queries.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';
import { type Change, type ChangeKind, classOf, queriesOf, rulesOf } from './change.ts';

/* Plans over changes alone: no schema set, no database (design 12 §3). */

const queriesFor = (dialect: SqlDialect) => {
  const bodies: Bodies = { routines: new Map(), triggers: new Map(), views: new Map() };
  return new RowQueries(upgradeDialects[dialect], objectStatements({ dialect }, bodies), derivedRows('v1', dialect));
};

/** Texts of PostgreSQL in the quotes of a dialect. */
const quotedFor = (dialect: SqlDialect, text: string) =>
  dialect === 'pgsql' ? text : text.replace(/"([^"]*)"/g, '[$1]');

const of = (name: string) =>
  `SELECT d."DocumentUuid" FROM "core"."${name}" AS t INNER JOIN "dms"."Document" AS d ON d."DocumentId" = t."DocumentId"`;
const referring = `${of('Section')} WHERE t."Owner_DocumentId" IN (SELECT g."DocumentId" FROM "dms"."Document" AS g WHERE g."ResourceKeyId" IN (7))`;
const withoutFloor = `${of('Room')} WHERE t."Floor" IS NULL`;
const fitting = (condition: string) => `${of('Room')} WHERE NOT (${condition})`;
const missingRoom =
  'SELECT d."DocumentUuid" FROM (SELECT t."DocumentId" AS document, t."Room_DocumentId" AS c0 FROM "core"."Section" AS t) AS r INNER JOIN "dms"."Document" AS d ON d."DocumentId" = r.document WHERE r.c0 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "core"."Room" AS k WHERE k."DocumentId" = r.c0)';
const collated = 't."Floor" COLLATE DATABASE_DEFAULT';
const withoutRoom = `SELECT d."DocumentUuid" FROM (SELECT t."DocumentId" AS document, ${collated} AS c0 FROM "core"."Room" AS t) AS r INNER JOIN "dms"."Document" AS d ON d."DocumentId" = r.document WHERE r.c0 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "core"."Room" AS k WHERE ${collated.replace('t.', 'k.')} = r.c0)`;
const alike = (present: string, floor = 't."Floor"') =>
  `SELECT d."DocumentUuid" FROM (SELECT v.document, COUNT(*) OVER (PARTITION BY v.c0) AS rows_alike FROM (SELECT t."DocumentId" AS document, ${floor} AS c0 FROM "core"."Room" AS t) AS v${present}) AS r INNER JOIN "dms"."Document" AS d ON d."DocumentId" = r.document WHERE r.rows_alike > 1`;

const ofOtherResource = `${of('Room')} WHERE NOT (d."ResourceKeyId" = 7 AND EXISTS (SELECT 1 FROM "core"."Section" AS m WHERE m."DocumentId" = t."DocumentId"))`;
const urisAlike = (uri: string, present: string) =>
  `SELECT d."DocumentUuid" FROM (SELECT v.document, COUNT(*) OVER (PARTITION BY v.c0, v.c1) AS rows_alike FROM (SELECT t."DocumentId" AS document, ${uri} AS c0, t."ResourceKeyId" AS c1 FROM "core"."Room" AS t) AS v${present}) AS r INNER JOIN "dms"."Document" AS d ON d."DocumentId" = r.document WHERE r.rows_alike > 1`;

/** Texts that differ between the dialects in more than their quotes. */
const texts = {
  pgsql: {
    length: 'char_length(t."Floor")',
    asText: 't."Floor"::text',
    textLength: 'char_length(t."Floor"::text)',
    present: ' WHERE v.c0 IS NOT NULL',
    differ: 't."Floor" IS DISTINCT FROM t."Storey"',
    clientUri: `pg_catalog.lower(pg_catalog.replace(t."Uri", 'İ', 'i̇') COLLATE "pg_c_utf8")`,
    otherCase: `pg_catalog.lower(t."Uri") <> pg_catalog.lower(pg_catalog.replace(t."Uri", 'İ', 'i̇') COLLATE "pg_c_utf8")`,
    true: 'true',
  },
  mssql: {
    length: 'DATALENGTH(t."Floor") / 2',
    textLength: 'DATALENGTH(CAST(t."Floor" AS nvarchar(60))) / 2',
    present: '',
    differ: 'EXISTS (SELECT t."Floor" EXCEPT SELECT t."Storey")',
    clientUri:
      "LOWER(REPLACE(t.\"Uri\" COLLATE Latin1_General_100_BIN2, N'İ', N'i̇') COLLATE SQL_Latin1_General_CP1_CI_AS)",
    otherCase:
      'LOWER(t."Uri" COLLATE DATABASE_DEFAULT) COLLATE Latin1_General_100_BIN2 <> LOWER(REPLACE(t."Uri" COLLATE Latin1_General_100_BIN2, N\'İ\', N\'i̇\') COLLATE SQL_Latin1_General_CP1_CI_AS) COLLATE Latin1_General_100_BIN2',
    true: '1',
  },
} as const;

const uriOfDescriptor = 'FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."DocumentId"';

/** The documents of a descriptor whose referential id does not match their lower-cased URI. */
const otherIds = Object.fromEntries(
  Object.entries({
    pgsql: `"dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid, 'CoreKindDescriptor$.descriptor=' || (SELECT pg_catalog.lower(d."Uri") ${uriOfDescriptor}))`,
    mssql: `"dms"."uuidv5"(CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier), CAST(N'CoreKindDescriptor$.descriptor=' AS nvarchar(max)) + (SELECT LOWER(d."Uri") ${uriOfDescriptor}))`,
  }).map(([dialect, id]) => [
    dialect,
    `SELECT d."DocumentUuid" FROM "dms"."Descriptor" AS t INNER JOIN "dms"."Document" AS d ON d."DocumentId" = t."DocumentId" WHERE d."ResourceKeyId" = 9 AND EXISTS (SELECT 1 FROM "dms"."ReferentialIdentity" AS i WHERE i."DocumentId" = t."DocumentId" AND i."ReferentialId" <> ${id})`,
  ]),
) as Readonly<Record<SqlDialect, string>>;

/** The texts of the queries of a change. */
interface ChangeTexts {
  readonly checks: readonly string[];
  readonly losses: readonly string[];
}

const textsOf = (change: Change, queries: RowQueries): ChangeTexts => {
  const { checks, losses } = queriesOf(change, queries);
  return { checks: checks.map(({ sql }) => textOf(sql)), losses: losses.map(({ sql }) => textOf(sql)) };
};

const check = (...checks: readonly string[]): ChangeTexts => ({ checks, losses: [] });
const loss = (...losses: readonly string[]): ChangeTexts => ({ checks: [], losses });
const nothingAsked: ChangeTexts = { checks: [], losses: [] };
const countOfFloors = 'SELECT COUNT(*) AS n FROM "core"."Room" AS t WHERE t."Floor" IS NOT NULL';

/** The queries of each change that has queries, in the order of `changes`. */
const asked = (dialect: SqlDialect): Partial<Record<ChangeKind, readonly ChangeTexts[]>> => {
  const { length, textLength, present, differ, clientUri, otherCase, true: isTrue } = texts[dialect];
  const documents = (id: number) => `SELECT COUNT(*) AS n FROM "dms"."Document" AS t WHERE t."ResourceKeyId" = ${id}`;
  return {
    'referential ids': [
      nothingAsked,
      check(
        `${of('Room')} WHERE d."ResourceKeyId" <> t."ResourceKeyId"`,
        `${of('Room')} WHERE ${otherCase}`,
        urisAlike(clientUri, present === '' ? '' : `${present} AND v.c1 IS NOT NULL`),
      ),
    ],
    'abstract identities': [nothingAsked, check(referring)],
    'descriptor renamed': [check(otherIds[dialect])],
    'resource removed': [{ checks: [referring], losses: [documents(7)] }],
    'descriptor removed': [loss(documents(8))],
    'table removed': [loss('SELECT COUNT(*) AS n FROM "core"."Room" AS t')],
    'type narrower': [
      check(fitting(`${length} <= 20`)),
      check(fitting('ABS(t."Floor") < 1000 AND t."Floor" = ROUND(t."Floor", 1)')),
      check(fitting('t."Floor" BETWEEN -32768 AND 32767')),
    ],
    'type converted': [
      nothingAsked,
      check(
        fitting(`${textLength} <= 5`),
        `${of('Room')} WHERE ${dialect === 'pgsql' ? 't."Floor"::text' : 'CAST(t."Floor" AS nvarchar(60))'} IS NULL`,
      ),
    ],
    'type replaced': [check(`${of('Room')} WHERE t."Floor" IS NOT NULL`), loss(countOfFloors)],
    'column required': [check(withoutFloor)],
    'required column added': [check(`${of('Room')} WHERE 1 = 1`)],
    'tracked value added': [check(`${of('Room')} WHERE 1 = 1`)],
    'tracked changes dropped': [loss('SELECT COUNT(*) AS n FROM "core"."Room" AS t')],
    'column filled': [nothingAsked, check(withoutFloor)],
    'column unified': [nothingAsked, check(`${of('Room')} WHERE ${differ}`)],
    'column removed': [loss(countOfFloors)],
    'primary key added': [check(alike(present))],
    'unique added': [nothingAsked, check(alike(present))],
    'unique collated': [check(alike(present, collated))],
    'unique index added': [check(alike(present))],
    'resource key filled': [check(withoutFloor, ofOtherResource)],
    'resource key removed': [check(`${of('Room')} WHERE d."ResourceKeyId" <> t."ResourceKeyId"`)],
    'check added': [check(fitting(`CASE WHEN t."Floor" IS NOT NULL THEN ${isTrue} END IS NOT NULL`))],
    'foreign key added': [nothingAsked, check(missingRoom)],
    'foreign key changed': [nothingAsked, check(missingRoom)],
    'foreign key collated': [check(withoutRoom)],
  };
};

const kinds = Object.keys(changes) as ChangeKind[];

describe.each(dialects)('the queries of a change in %s', (dialect) => {
  it.each(kinds)('%s', (kind) => {
    const expected = asked(dialect)[kind] ?? changes[kind].map(() => nothingAsked);
    const quoted = (list: readonly string[]) => list.map((text) => quotedFor(dialect, text));
    expect(changes[kind].map((change) => textsOf(change, queriesFor(dialect)))).toEqual(
      expected.map(({ checks, losses }) => ({ checks: quoted(checks), losses: quoted(losses) })),
    );
  });

  it('count the documents of what is lost', () => {
    const documents = (kind: ChangeKind) =>
      changes[kind].flatMap((change) =>
        queriesOf(change, queriesFor(dialect)).losses.map(({ documents: sql }) => sql && textOf(sql)),
      );
    const rooms = 'SELECT COUNT(DISTINCT t."DocumentId") AS n FROM "core"."Room" AS t';
    const quoted = (text: string) => [quotedFor(dialect, text)];
    expect(documents('table removed')).toEqual(quoted(rooms));
    expect(documents('column removed')).toEqual(quoted(`${rooms} WHERE t."Floor" IS NOT NULL`));
    expect(documents('descriptor removed')).toEqual(
      quoted('SELECT COUNT(DISTINCT t."DocumentId") AS n FROM "dms"."Document" AS t WHERE t."ResourceKeyId" = 8'),
    );
  });

  it('are there for every change that rows may object to, and for every loss', () => {
    for (const change of kinds.flatMap((kind) => changes[kind])) {
      const { checks, losses } = queriesOf(change, queriesFor(dialect));
      const itemClass = classOf(change);
      if (itemClass === 'free' || itemClass === 'impossible') expect([checks, losses], change.kind).toEqual([[], []]);
      const isOfDocuments = rulesOf(change).documents !== undefined;
      if (itemClass === 'checked' && !isOfDocuments) expect(checks.length, change.kind).toBeGreaterThan(0);
      if (isOfDocuments) expect([itemClass, checks], change.kind).toEqual(['checked', []]);
      if (itemClass === 'loss' && change.kind !== 'abstract resource removed')
        expect(losses, change.kind).toHaveLength(1);
    }
  });
});

const queries = queriesFor('pgsql');
const itemsOf = (...list: readonly Change[]) =>
  planItems(
    list,
    (change) => queriesOf(change, queries),
    ({ owner }) => owner,
  );

describe('the item of a change', () => {
  it('has the class that the chapter gives its kind', () => {
    const found = new Map(kinds.map((kind) => [kind, [...new Set(changes[kind].map(classOf))].join(' or ')]));
    const ofClass = (name: string) => kinds.filter((kind) => found.get(kind) === name);
    expect(ofClass('rewritten')).toEqual([
      ...['resource key', 'project renamed', 'resource renamed', 'abstract resource renamed', 'discriminator'],
      ...['hierarchy', 'abstract identities', 'table emptied', 'column filled', 'column unified'],
    ]);
    expect(ofClass('checked')).toEqual([
      ...[
        'descriptor renamed',
        'unique index added',
        'type narrower',
        'column required',
        'required column added',
        'tracked value added',
        'resource key removed',
        'resource key filled',
        'primary key added',
        'unique collated',
        'check added',
        'foreign key collated',
      ],
      ...['member required', 'pattern changed', 'range narrower', 'length narrower', 'values fewer', 'items narrower'],
      ...['format changed', 'schema rule changed', 'equality added', 'array uniqueness added'],
      'values change under a rule',
    ]);
    expect(ofClass('loss')).toEqual([
      ...['resource removed', 'descriptor removed', 'abstract resource removed', 'table removed'],
      ...['tracked changes dropped', 'column removed'],
    ]);
    expect(ofClass('impossible')).toEqual(kinds.filter((kind) => 'reason' in (changes[kind][0] ?? {})));
    // a translation asks for these alone
    const ofRows = { ...resourceRules, ...tableRules, ...columnRules, ...abstractIdentityRules, ...discriminatorRules };
    expect(ofClass('impossible').filter((kind) => !(kind in ofRows))).toEqual([]);
    for (const kind of ['referential ids', 'type converted'] as const)
      expect(found.get(kind), kind).toBe('rewritten or checked');
    expect(found.get('type replaced')).toBe('checked or loss');
    for (const kind of ['unique added', 'foreign key added', 'foreign key changed'] as const)
      expect(found.get(kind), kind).toBe('free or checked');
    expect(ofClass('free')).toEqual(kinds.slice(0, kinds.indexOf('resource key')));
  });

  it('says what was and is, and why not', () => {
    const {
      items: [item],
    } = itemsOf(...changes['target changed']);
    const { owner: resource } = place;
    const rest = { resource, ...shown, reason: 'why', effects: [] };
    expect(item).toEqual({ class: 'impossible', change: 'target changed', ...place, ...rest });
  });

  it('of a replaced type names the permission until it is given', () => {
    const [refused, permitted] = changes['type replaced'].map((change) => itemsOf(change).items[0]);
    expect([refused?.change, permitted?.change]).toEqual(['type changed', 'type changed']);
    expect([refused?.reason, permitted?.reason]).toEqual([
      'its values have no form as a value of type later; permit their loss with --allow-loss core.Room.Floor',
      undefined,
    ]);
  });
});

describe('the items of a plan', () => {
  const optional: Change = { kind: 'column optional', owner: 'Core:Room', path: ['core.Room', 'B'] };
  const required: Change = {
    kind: 'column required',
    owner: 'Core:Room',
    path: ['core.Room', 'A'],
    table: room,
    value: floor,
  };

  it('are sorted by owner, path and change, with the queries after them', () => {
    const elsewhere: Change = { kind: 'table removed', owner: 'Core:Alpha', path: ['core.Alpha'], table: room };
    const { items, checks, losses, verdict } = itemsOf(optional, required, elsewhere);
    expect(items.map(({ path }) => path.join('.'))).toEqual(['core.Alpha', 'core.Room.A', 'core.Room.B']);
    expect(checks.map(({ id, item }) => [id, item])).toEqual([['C1', 1]]);
    expect(losses.map(({ id, item }) => [id, item])).toEqual([['L1', 0]]);
    expect(verdict).toBe('loss');
  });

  it('ask one query once', () => {
    expect(itemsOf(required, { ...required, path: ['core.Room', 'C'] }).checks).toHaveLength(1);
  });

  it('of no change are free', () => {
    expect(itemsOf()).toMatchObject({ items: [], checks: [], losses: [], verdict: 'free' });
  });
});
