import path from 'node:path';
import type { Catalog, CatalogTable, Trigger } from '@dms/catalog';
import { diffCatalogs } from '@dms/catalog';
import { liveCatalog, shortName, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emitted, emitters } from '../../test/emitted.ts';
import { readScenarioFile } from '../../test/scenarios.ts';
import { rolledBack } from '../../test/sql-session.ts';

/*
 * A database of an earlier version has a trigger per event, under other names, and keys that always wait for the
 * commit. Running the script again replaces the triggers by those of this version, and writes no row (design 16 §6.3,
 * §8.1).
 */

/** The parts of a trigger of an earlier version. */
type Earlier = readonly [
  name: string,
  timing: 'BEFORE' | 'AFTER',
  event: 'INSERT' | 'UPDATE' | 'DELETE',
  level: 'ROW' | 'STATEMENT',
];

const suffixes = { INSERT: '_Insert', UPDATE: '_Update', DELETE: '_Delete' } as const;

/** The name of the inventory entry from which earlier versions derived the trigger name. */
const entryName = (name: string) => name.replace(/_(?:ins|upd|del)$/, '');

function earlierForms({ name, events, timing, level }: Trigger): readonly Earlier[] {
  const perEvent = (own: readonly (typeof events)[number][]): Earlier[] =>
    own.flatMap((event) =>
      event === 'TRUNCATE' ? [] : [[`${entryName(name)}${suffixes[event]}`, 'AFTER', event, 'STATEMENT'] as const],
    );
  if (level === 'STATEMENT') return perEvent(events);
  if (timing === 'BEFORE') {
    const row = name.replace(/_Document$/, '');
    return [
      [`${row}_Insert`, 'BEFORE', 'INSERT', 'ROW'],
      [`${row}_Version`, 'BEFORE', 'UPDATE', 'ROW'],
      [name.endsWith('_Document') ? name : `${name}_Update`, 'AFTER', 'UPDATE', 'STATEMENT'],
      [`${row}_Delete`, 'BEFORE', 'DELETE', 'ROW'],
    ];
  }
  if (name.includes('_AuthHierarchy_'))
    return events.flatMap((event): Earlier[] =>
      event === 'TRUNCATE'
        ? []
        : [[event === 'UPDATE' ? name.replace('_Insert', '_Update') : name, 'AFTER', event, 'STATEMENT']],
    );
  return name.endsWith('_AbstractIdentity') ? [] : perEvent(events);
}

const rowsOf = {
  INSERT: 'NEW TABLE AS new_rows',
  UPDATE: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
  DELETE: 'OLD TABLE AS old_rows',
};

function earlierTable({ schema, name: table, triggers, foreignKeys }: CatalogTable): string[] {
  const own = `"${schema}"."${table}"`;
  const ours = triggers.filter(({ function: routine }) => routine?.includes('.TF_TR_'));
  const made = new Map(
    ours.flatMap((trigger) =>
      earlierForms(trigger).map(([name, timing, event, level]) => {
        const rows = level === 'STATEMENT' ? `REFERENCING ${rowsOf[event]}` : '';
        const condition =
          timing === 'BEFORE' && event === 'UPDATE' ? 'WHEN (OLD."DocumentId" IS DISTINCT FROM NEW."DocumentId")' : '';
        const routine = (trigger.function ?? '').split('.').map((part) => `"${part}"`);
        const statement = `CREATE TRIGGER "${shortName(name)}" ${timing} ${event} ON ${own} ${rows}
          FOR EACH ${level} ${condition} EXECUTE FUNCTION ${routine.join('.')}()`;
        return [shortName(name), { statement, replaces: trigger.name }] as const;
      }),
    ),
  );
  return [
    ...new Set([...made.values()].map(({ replaces }) => `DROP TRIGGER "${replaces}" ON ${own}`)),
    ...[...made.values()].map(({ statement }) => statement),
    ...foreignKeys
      .filter(({ deferrable }) => deferrable === 'InitiallyImmediate')
      .map(({ name }) => `ALTER TABLE ${own} ALTER CONSTRAINT "${name}" DEFERRABLE INITIALLY DEFERRED`),
  ];
}

/** The position of every row, and the transaction that wrote it. */
async function places(database: TestDatabase, { tables }: Catalog): Promise<unknown> {
  const all = tables.map(({ schema, name }) => `SELECT '${name}', ctid::text, xmin::text FROM "${schema}"."${name}"`);
  return database.queryRows(`${all.join(' UNION ALL ')} ORDER BY 1, 2`);
}

const { inputs } = readScenarioFile(path.resolve(import.meta.dirname, '../../scenarios/self-references.json'));
const self = () => emitters.v2.documents(...[inputs.self ?? expect.unreachable()].flat());

describe.each(usualDatabaseEngines())('triggers of an earlier version on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  const isDifferent = async ({ catalog }: Emitted) =>
    diffCatalogs(catalog, (await liveCatalog(database)).catalog).differences;

  it.each([
    ['campus and athletics', async () => (await emitters.v2.campusAndAthletics()).pgsql],
    ['documents that refer to themselves', async () => self().pgsql],
  ])('are replaced by a script that runs again: %s', (_title, emitted) =>
    rolledBack(database, async () => {
      const set = await emitted();
      await database.exec(set.script);
      const earlier = set.catalog.tables.flatMap(earlierTable);
      await database.exec(earlier.join(';\n'));
      const before = await places(database, set.catalog);
      const found = await isDifferent(set);
      const [extra, missing] = (['extra', 'missing'] as const).map((change) =>
        found.filter((each) => each.object === 'trigger' && each.change === change),
      );
      expect(extra?.length).toBeGreaterThan(20);
      expect(missing?.length).toBeGreaterThan(10);
      expect(extra?.map(({ path: [, name] }) => name)).toContain('TR_Descriptor_Stamp_Version');
      await database.exec(set.script);
      expect(await isDifferent(set)).toEqual([]);
      expect(await places(database, set.catalog)).toEqual(before);
    }),
  );

  it('were keys that wait for the commit', () =>
    rolledBack(database, async () => {
      const set = self().pgsql;
      await database.exec(set.script);
      await database.exec(set.catalog.tables.flatMap(earlierTable).join(';\n'));
      const changed = (await isDifferent(set)).filter(({ object }) => object === 'foreignKey');
      expect(changed.map((each) => ('field' in each ? each.field : each.change))).toContain('deferrable');
    }));
});
