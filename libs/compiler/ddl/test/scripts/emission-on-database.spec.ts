import path from 'node:path';
import { readScript, tsqlFindings } from '@dms/script-checks';
import { build, databaseEngines, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDdl } from '../../src/index.ts';
import { type Emitted, emitCampusAndAthletics, emitDocuments } from '../emitted.ts';
import { readScenarioFile } from '../scenarios.ts';
import { catalogLines, dropEverything, failureOf, rolledBack, singleValue } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';
import { widgets } from '../widgets.ts';

const { descriptor, descriptorPath, integer, object, project, reference, resource, uri } = build;

describe.each(databaseEngines())('on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  const twoWays = () => {
    const link = (name: string, other: string) =>
      resource(name, {
        identityJsonPaths: [`$.${name.toLowerCase()}Id`],
        documentPathsMapping: {
          Other: reference(
            `Ed-Fi:${other}`,
            [[`$.${other.toLowerCase()}Id`, `$.otherReference.${other.toLowerCase()}Id`]],
            false,
          ),
        },
        jsonSchemaForInsert: object(
          {
            [`${name.toLowerCase()}Id`]: integer(),
            otherReference: object({ [`${other.toLowerCase()}Id`]: integer() }, [`${other.toLowerCase()}Id`]),
          },
          [`${name.toLowerCase()}Id`],
        ),
      });
    return emitDocuments(project('Ed-Fi', [link('Hen', 'Egg'), link('Egg', 'Hen')], { endpoint: 'ed-fi' }));
  };

  it('case 7: two tables that reference each other', () =>
    rolledBack(database, async () => {
      const { pgsql, mssql } = twoWays();
      expect(tsqlFindings(readScript(mssql.script))).toEqual([]);
      for (const { script } of [pgsql, mssql])
        expect(Math.max(...[...script.matchAll(/CREATE TABLE/g)].map(({ index }) => index))).toBeLessThan(
          script.indexOf('FOREIGN KEY', script.indexOf('edfi')),
        );
      await database.exec(pgsql.script);
      expect(
        await singleValue(
          database,
          `SELECT count(*) FROM pg_constraint WHERE conname IN ('FK_Hen_Egg_RefKey', 'FK_Egg_Hen_RefKey', 'FK_Hen_Other_RefKey', 'FK_Egg_Other_RefKey')`,
        ),
      ).toBe(2);
    }));

  /** Replaces whole strings anywhere in a plain value. */
  function renamed<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
    if (typeof value === 'string') return (names.get(value) ?? value) as Value;
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map((item) => renamed(item, names)) as Value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, names)])) as Value;
  }

  it('case 8: identifiers with quotes and brackets', () =>
    rolledBack(database, async () => {
      const odd = (name: string) => `${name}"]'x[`;
      const names = [
        'edfi',
        'Widget',
        'WidgetId',
        'Note',
        'PK_Widget',
        'UX_Widget_NK',
        'FK_Widget_Document',
        'WidgetPart',
        'Label',
        'TR_Widget_Stamp',
        'TR_Widget_ReferentialIdentity',
      ];
      // the resource name stays: it is a value, not an identifier
      const map = new Map(names.map((name) => [name, odd(name)]));
      const { pgsql, mssql } = widgets();
      const emit = ({ model, inventory }: Emitted) => {
        const { resources, ...rest } = model;
        const changed = resources.map(({ resourceKey, ...entry }) => ({ ...renamed(entry, map), resourceKey }));
        const triggers = inventory.triggers.map((trigger) =>
          trigger.kind === 'ReferentialIdentityMaintenance'
            ? { ...renamed(trigger, map), resourceName: trigger.resourceName }
            : renamed(trigger, map),
        );
        return emitDdl(
          { ...rest, projects: renamed(rest.projects, map), resources: changed },
          { ...inventory, indexes: renamed(inventory.indexes, map), triggers },
        ).script;
      };
      const text = emit(pgsql);
      expect(text).toContain(`"edfi""]'x["."Widget""]'x["`);
      expect(text).toContain(`to_regclass('"edfi""]''x["."Widget""]''x["')`);
      await database.exec(text);
      await database.exec(text);
      const lines = await catalogLines(database);
      for (const name of names.slice(1))
        expect(
          lines.some((line) => line.includes(odd(name)) || line.includes(odd(name).replaceAll('"', '""'))),
          name,
        ).toBe(true);
      expect(await database.queryRows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'edfi%'")).toEqual([
        [odd('edfi')],
      ]);
      const q = (name: string) => `"${odd(name).replaceAll('"', '""')}"`;
      await database.exec(
        `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1);
         INSERT INTO ${q('edfi')}.${q('Widget')} ("DocumentId", ${q('WidgetId')}) SELECT "DocumentId", 7 FROM dms."Document"`,
      );
      expect(await singleValue(database, 'SELECT count(*) FROM dms."ReferentialIdentity"')).toBe(1);
      const theirs = emit(mssql);
      expect(theirs).toContain(`CREATE TABLE [edfi"]]'x[].[Widget"]]'x[]`);
      expect(theirs).toContain(`OBJECT_ID(N'edfi"]''x[.Widget"]''x[', N'U')`);
      expect(theirs).toContain(`EXEC('CREATE SCHEMA [edfi"]]''x[]')`);
      expect(tsqlFindings(readScript(theirs))).toEqual([]);
    }));

  it('cases 25 and 26: a dropped key and index come back, a dropped check of an existing table does not', async () => {
    const { pgsql } = emitDocuments(
      project(
        'Ed-Fi',
        [
          descriptor('KindDescriptor'),
          resource('Widget', {
            identityJsonPaths: ['$.widgetId'],
            documentPathsMapping: {
              Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
              Other: reference('Ed-Fi:Widget', [['$.widgetId', '$.otherReference.widgetId']], false),
            },
            jsonSchemaForInsert: object(
              {
                widgetId: integer(),
                kindDescriptor: uri(),
                otherReference: object({ widgetId: integer() }, ['widgetId']),
              },
              ['widgetId'],
            ),
          }),
        ],
        { endpoint: 'ed-fi' },
      ),
    );
    await rolledBack(database, async () => {
      await database.exec(pgsql.script);
      const before = await catalogLines(database);
      await database.exec(
        'ALTER TABLE edfi."Widget" DROP CONSTRAINT "FK_Widget_KindDescriptor"; DROP INDEX edfi."IX_Widget_KindDescriptor_DescriptorId"',
      );
      const damaged = await catalogLines(database);
      expect(before.filter((line) => !damaged.includes(line))).toHaveLength(3);
      await database.exec(pgsql.script);
      expect(await catalogLines(database)).toEqual(before);
      await database.exec('ALTER TABLE edfi."Widget" DROP CONSTRAINT "CK_Widget_Other_AllNone"');
      await database.exec(pgsql.script);
      const after = await catalogLines(database);
      expect(before.filter((line) => !after.includes(line)).map((line) => /CK_\w+/.exec(line)?.[0])).toEqual([
        'CK_Widget_Other_AllNone',
      ]);
      expect(after.filter((line) => !before.includes(line))).toEqual([]);
    });
  });

  it('two resources that reference each other: a rename comes back to the renamed row (design 11 §5 row 6)', async () => {
    // rows of an earlier transaction: within the transaction that wrote a row, PostgreSQL checks even its unchanged key
    // again
    const { inputs } = readScenarioFile(path.resolve(import.meta.dirname, '../../scenarios/propagation.json'));
    const name = (resourceName: string, elements: string) =>
      uuidOf(referentialNamespace, `Ed-Fi${resourceName}${elements}`);
    try {
      await database.exec(emitDocuments(inputs.circle ?? {}).pgsql.script);
      await database.exec(
        `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 2);
         INSERT INTO edfi."A" ("DocumentId", "ACode") VALUES (1, 'a');
         INSERT INTO edfi."B" ("DocumentId", "BCode", "A_DocumentId", "A_ACode") VALUES (2, 'b', 1, 'a');
         UPDATE edfi."A" SET "Back_DocumentId" = 2, "Back_BCode" = 'b', "Back_ACode" = 'a'`,
      );
      await database.exec(`UPDATE edfi."A" SET "ACode" = 'z'`);
      expect(await database.queryRows('SELECT "ACode", "Back_BCode", "Back_ACode" FROM edfi."A"')).toEqual([
        ['z', 'b', 'z'],
      ]);
      expect(await database.queryRows('SELECT "BCode", "A_ACode" FROM edfi."B"')).toEqual([['b', 'z']]);
      expect(
        await database.queryRows('SELECT "ReferentialId"::text FROM dms."ReferentialIdentity" ORDER BY "DocumentId"'),
      ).toEqual([[name('A', '$.aCode=z')], [name('B', '$.bCode=b#$.aReference.aCode=z')]]);
    } finally {
      await dropEverything(database);
    }
  });

  it('a foreign key of the model is validated and matched simply', () =>
    rolledBack(database, async () => {
      const { pgsql } = await emitCampusAndAthletics();
      await database.exec(pgsql.script);
      expect(
        await singleValue(
          database,
          "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND (NOT convalidated OR confmatchtype <> 's')",
        ),
      ).toBe(0);
      expect((await failureOf(database, 'INSERT INTO campus."Section" ("DocumentId") VALUES (1)')).code).toBe('23502');
      // trigger functions: no arguments, plpgsql, volatile, security invoker, no settings; triggers: no condition, no
      // columns
      expect(
        await database.queryRows(
          `SELECT DISTINCT pg_get_function_result(p.oid), p.pronargs, l.lanname, p.provolatile::text, p.prosecdef, p.proconfig IS NULL
           FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang WHERE n.nspname IN ('campus', 'athletics')`,
        ),
      ).toEqual([['trigger', 0, 'plpgsql', 'v', false, true]]);
      expect(
        await database.queryRows(
          `SELECT DISTINCT t.tgenabled::text, t.tgqual IS NULL, t.tgnargs, t.tgattr::text, t.tgdeferrable
           FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE NOT t.tgisinternal AND n.nspname IN ('campus', 'athletics')`,
        ),
      ).toEqual([['O', true, 0, '', false]]);
      // transition tables of each event (design 07 §8.1): types 4, 16, 8 are statement triggers, 9 and 21 the two row
      // triggers
      expect(
        await database.queryRows(
          `SELECT DISTINCT t.tgtype::int, t.tgoldtable::text, t.tgnewtable::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname IN ('campus', 'athletics') ORDER BY 1`,
        ),
      ).toEqual([
        [4, null, 'new_rows'],
        [8, 'old_rows', null],
        [9, null, null],
        [16, 'old_rows', 'new_rows'],
        [21, null, null],
      ]);
      expect(
        await database.queryRows(
          `SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
           WHERE NOT t.tgisinternal AND p.pronamespace <> c.relnamespace`,
        ),
      ).toEqual([]);
    }));
});
