import type { Catalog, CatalogTable } from '@dms/catalog';
import { empty } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { effectOn, effectOnNew, effectOnNone } from '../../test/effects.ts';
import type { EarlyKind } from '../ops/act.ts';
import { everyAct } from '../ops/acts.ts';
import type { StatementEffect } from '../ops/effect.ts';
import type { PreparationStep } from '../ops/statement.ts';
import { type LockedUpgrade, locksAtStart, locksOfStep } from './locks-at-start.ts';

/* The locks that an upgrade takes before its first statement (design 12a §2.1). */

const table = (key: string, ...targets: readonly string[]) => {
  const [schema = '', name = ''] = key.split('.');
  const foreignKeys = targets.map((target) => ({
    target: { schema: target.split('.')[0], table: target.split('.')[1] },
  }));
  return { schema, name, foreignKeys } as unknown as CatalogTable;
};

const catalog = {
  tables: [
    table('dms.Document', 'dms.ResourceKey'),
    table('dms.ResourceKey'),
    table('dms.ReferentialIdentity', 'dms.Document', 'dms.ResourceKey'),
    table('edfi.School', 'dms.Document', 'edfi.District'),
    table('edfi.District', 'dms.Document'),
    table('extra.Room', 'edfi.School'),
  ],
  views: [{ schema: 'edfi', name: 'Organization' }],
} as unknown as Catalog;

const before = {
  catalog,
  model: { projects: [{ physicalSchema: 'extra' }, { physicalSchema: 'edfi' }] },
} as unknown as LockedUpgrade['before'];

const locksOf = (effects: readonly StatementEffect[], indexed: readonly string[] = []) =>
  locksAtStart({ statements: effects.map((effect) => ({ effects: [effect] })), before, indexed, removable: [] }).map(
    ({ name, lock }) => `${name} ${lock}`,
  );

describe('the locks of an upgrade', () => {
  it('are on the documents even if the plan does not touch them', () => {
    expect(locksOf([])).toEqual(['dms.Document SHARE ROW EXCLUSIVE']);
    expect(locksOf([effectOnNone('create function')])).toEqual(['dms.Document SHARE ROW EXCLUSIVE']);
  });

  it('are in the order of writers: views, tables of resources, the core, each by name', () => {
    const names = ['dms.ResourceKey', 'extra.Room', 'edfi.School', 'edfi.District'];
    expect(
      locksOf([...names.map((name) => effectOn('add columns', name)), effectOn('drop view', 'edfi.Organization')]),
    ).toEqual([
      'edfi.Organization ACCESS EXCLUSIVE',
      'edfi.District ACCESS EXCLUSIVE',
      'edfi.School ACCESS EXCLUSIVE',
      'extra.Room ACCESS EXCLUSIVE',
      'dms.Document SHARE ROW EXCLUSIVE',
      'dms.ResourceKey ACCESS EXCLUSIVE',
    ]);
  });

  it('are the strongest that a table needs, also for an index beside the plan', () => {
    const effects = [
      effectOn('create index', 'edfi.School'),
      effectOn('drop trigger', 'edfi.School'),
      effectOn('create trigger', 'edfi.School'),
    ];
    expect(locksOf(effects, ['edfi.School', 'extra.Room'])).toEqual([
      'edfi.School ACCESS EXCLUSIVE',
      'extra.Room SHARE',
      'dms.Document SHARE ROW EXCLUSIVE',
    ]);
  });

  it('keep others from rows that are written, and from the rows that these refer to', () => {
    expect(locksOf([effectOn('update rows', 'edfi.School')])).toEqual([
      'edfi.District SHARE',
      'edfi.School EXCLUSIVE',
      'dms.Document SHARE ROW EXCLUSIVE',
    ]);
    expect(locksOf([effectOn('check rows', 'edfi.School')])).toEqual([
      'edfi.School ACCESS SHARE',
      'dms.Document SHARE ROW EXCLUSIVE',
    ]);
  });

  it('are on no table that the upgrade creates, and on both tables of a foreign key', () => {
    const created = effectOnNew('create table', 'extra.Bus');
    const key: StatementEffect = {
      ...effectOnNew('add foreign key', 'extra.Bus'),
      target: { name: 'edfi.District', isNew: false },
    };
    expect(locksOf([created, key])).toEqual(['edfi.District SHARE ROW EXCLUSIVE', 'dms.Document SHARE ROW EXCLUSIVE']);
  });
});

describe('the locks of a step of a preparation', () => {
  /** A step as the acts have it. */
  const stepOf = (kind: EarlyKind, subject: string, target: string | null): PreparationStep => {
    const steps = everyAct('pgsql').flatMap(({ act }) => Object.values(act.early ?? {}).flat());
    const found = steps.find(({ does }) => does === kind);
    if (found === undefined) throw new Error(`no act is made early by ${kind}`);
    const { isAlone = false, needsOnline = false } = found;
    return { kind, subject, target, objects: [], sql: empty, cost: found, isAlone, needsOnline };
  };

  it('are on both tables of a foreign key, in the same order', () => {
    expect(locksOfStep(stepOf('add foreign key', 'extra.Room', 'edfi.School'), before)).toEqual([
      { name: 'edfi.School', kind: 'table', lock: 'SHARE ROW EXCLUSIVE' },
      { name: 'extra.Room', kind: 'table', lock: 'SHARE ROW EXCLUSIVE' },
    ]);
    const made = stepOf('add foreign key of new table', 'extra.Bus', 'dms.Document');
    expect(locksOfStep(made, before)).toEqual([{ name: 'dms.Document', kind: 'table', lock: 'SHARE ROW EXCLUSIVE' }]);
  });

  it('are left to a step that runs outside transactions', () => {
    expect(locksOfStep(stepOf('create index concurrently', 'edfi.School', null), before)).toEqual([]);
  });
});
