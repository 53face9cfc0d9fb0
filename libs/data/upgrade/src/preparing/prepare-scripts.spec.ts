import type { Catalog, CatalogTable } from '@dms/catalog';
import { recordTable, scriptBatches } from '@dms/databases';
import { mssqlFrame } from '@dms/ddl';
import { qualified } from '@dms/model';
import { empty, textOf } from '@dms/sql';
import { type BatchFailure, carelessRun, shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { trackedChanges } from '../../test/tracked-changes.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparationSteps, type UpgradePlan } from '../plan/upgrade-plan.ts';
import { preparationScripts } from './prepare-scripts.ts';

/*
 * The upgrade of a SQL Server database in two files: one for the service at work, one for the outage (design 12a §5.5).
 */

const scriptsOf = (plan: UpgradePlan) => {
  const scripts = preparationScripts(plan);
  if (scripts === null) throw new Error('the plan has no scripts');
  return scripts;
};

const batchesOf = (script: string) => scriptBatches(script).map(({ text }) => text.replace(/^--.*\n/gm, '').trim());

/** The texts that a script keeps in its variable `@statement`, in order. */
const keptStatements = (script: string) =>
  [...script.matchAll(/^DECLARE @statement nvarchar\(max\) = N'((?:[^']|'')*)';$/gm)].map(([, text = '']) =>
    text.replaceAll("''", "'"),
  );

/** The text that `EXEC` compiles late. */
const lateText = (batch: string) => /^EXEC \(N'([\s\S]*)'\);$/.exec(batch.trim())?.[1]?.replaceAll("''", "'") ?? '';

const tablesOf = (catalog: Catalog): ReadonlyMap<string, CatalogTable> =>
  new Map(catalog.tables.map((table) => [qualified(table), table]));

/** The column sets in which no two rows of a table are equal. */
const keysOf = ({ primaryKey, uniques }: CatalogTable) =>
  [...(primaryKey ? [primaryKey] : []), ...uniques].map(({ columns }) => columns);

const planOf = (name: string, version: 'v1' | 'v2') => {
  const evolution = evolutions[name];
  if (evolution === undefined) throw new Error(`there is no evolution ${name}`);
  const tracked = version === 'v2' ? (trackedChanges[name]?.allowLoss ?? []) : [];
  const sets = evolutionPair(evolution, version, 'mssql');
  return { plan: planUpgrade(...sets, { allowLoss: [...(evolution.allowLoss ?? []), ...tracked] }), sets };
};

/** Evolutions that together have every kind of step. */
const chosen = ['an optional reference', 'an optional collection with a nested one', 'a resource that sorts last'];
const names = [...new Set([...chosen, ...shareOf(Object.keys(evolutions), 3)])];

describe.each(['v1', 'v2'] as const)('the two files of %s', (version) => {
  it.each(names)('%s', (name) => {
    const { plan, sets } = planOf(name, version);
    const before = tablesOf(sets[0].catalog);
    const after = tablesOf(sets[1].catalog);
    const steps = preparationSteps(plan);
    const scripts = scriptsOf(plan);
    expect(keptStatements(scripts.prepare)).toEqual(steps.map(({ sql }) => textOf(sql)));
    for (const { objects } of steps)
      for (const { kind, schema, table, name: part } of objects) {
        if (table === null) continue;
        const earlier = before.get(`${schema}.${table}`);
        const later = after.get(`${schema}.${table}`);
        if (earlier === undefined) continue;
        // the service works with this table: no row of it may be refused, and none is read under a lock
        expect(['column', 'index', 'constraint']).toContain(kind);
        if (kind === 'column') {
          expect(later?.columns.find((column) => column.name === part)).toMatchObject({
            nullable: true,
            default: null,
          });
          expect(earlier.columns.map((column) => column.name)).not.toContain(part);
        }
        if (kind === 'index')
          expect(later?.indexes.find((index) => index.name === part)).toMatchObject({ unique: false });
        if (kind === 'constraint') {
          const { columns = [] } = later?.uniques.find((unique) => unique.name === part) ?? {};
          // NULL is equal to NULL in a key of SQL Server
          expect(keysOf(earlier).some((key) => key.every((column) => columns.includes(column)))).toBe(true);
        }
      }
    const whole = batchesOf(plan.script ?? '');
    const second = batchesOf(scripts.switch);
    const prepared = plan.statements.filter(({ preparation }) => preparation !== undefined);
    expect(keptStatements(scripts.switch)).toEqual(
      prepared.flatMap(({ preparation }) => preparation?.steps.map(({ sql }) => textOf(sql))),
    );
    // statements that are not prepared run as in the single file
    const own = new Set(second);
    const missing = whole.filter((batch) => !own.has(batch));
    expect(missing).toHaveLength(prepared.length);
    for (const { sql, preparation } of prepared) {
      const made =
        second.find((batch) => keptStatements(batch)[0] === textOf(preparation?.steps[0]?.sql ?? empty)) ?? '';
      const [, unprepared = '', left = ''] = /IF @@ROWCOUNT = 0\n([\s\S]*?)(?:\nELSE\n([\s\S]*))?$/.exec(made) ?? [];
      const runsKept = unprepared.trim() === 'EXEC sys.sp_executesql @statement;';
      expect(runsKept ? keptStatements(made)[0] : lateText(unprepared)).toBe(textOf(sql));
      expect(lateText(left)).toBe(textOf(preparation?.rest?.sql ?? empty));
    }
  });
});

describe('a client that continues after an error', () => {
  const { plan } = planOf('an optional collection with a nested one', 'v1');
  const scripts = scriptsOf(plan);
  const preparing = batchesOf(scripts.prepare);
  const switching = batchesOf(scripts.switch);
  const isStep = (batch: string) => keptStatements(batch).length > 0;

  it.each<BatchFailure>(['run', 'compile'])(
    'makes no step after one that failed by %s, and leaves a session that works',
    (failure) => {
      const steps = preparing.flatMap((batch, index) => (isStep(batch) ? [index] : []));
      expect(steps).toHaveLength(4);
      for (const index of steps) {
        const { done, ...session } = carelessRun(preparing, { failing: { index, failure } });
        expect(session).toEqual({ openTransactions: 0, isArmed: true });
        expect(done.filter((batch) => isStep(batch) && !batch.startsWith('half of '))).toEqual(
          preparing.filter((batch, at) => isStep(batch) && at < index),
        );
      }
    },
  );

  it('makes a step and its record together, whichever options its session has', () => {
    for (const batch of preparing.filter(isStep)) {
      expect(batch).toMatch(/^SET XACT_ABORT ON;\n/);
      expect(batch).toMatch(
        /\n {4}BEGIN TRANSACTION;\n {4}EXEC sys\.sp_executesql @statement;\n {4}INSERT INTO \[dms_upgrade\]\.\[Preparation\] .+\n {4}COMMIT TRANSACTION;\nEND$/,
      );
    }
  });

  it.each<BatchFailure>(['run', 'compile', 'connection'])(
    'changes nothing in the outage, whichever batch fails by %s',
    (failure) => {
      const last = switching.length - 1;
      const failing = switching.flatMap((batch, index) => (batch === mssqlFrame.guard || index >= last ? [] : [index]));
      const changes = (done: readonly string[]) =>
        done.filter((batch) => /\b(?:ALTER|CREATE|DELETE|DROP|INSERT)\b/.test(batch));
      expect(changes(carelessRun(switching).done).length).toBeGreaterThan(4);
      for (const index of failing) {
        const { done, ...session } = carelessRun(switching, { failing: { index, failure } });
        expect({ changes: changes(done), ...session }, switching[index]).toEqual({
          changes: [],
          openTransactions: 0,
          isArmed: true,
        });
      }
    },
  );

  it('refuses a database that is not prepared, or for another upgrade', () => {
    const record = `${recordTable.schema}].[${recordTable.name}`;
    const first = switching.find((batch) => batch.includes('UPGRADE_NOT_PREPARED')) ?? '';
    expect(first).toContain(`IF OBJECT_ID(N'[${record}]', N'U') IS NULL\n`);
    const end = switching.findIndex((batch) => batch.includes('UPGRADE_PREPARED_OTHER'));
    expect(switching[end]).toContain(`IF EXISTS (SELECT 1 FROM [${record}])\n`);
    // before anything drops the record
    expect(switching.findIndex((batch) => batch.includes('DROP TABLE [dms_upgrade]'))).toBeGreaterThan(end);
  });
});
