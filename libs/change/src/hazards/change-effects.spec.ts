import { dialects, type SqlDialect } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { changes } from '../../test/changes.ts';
import type { ChangeKind } from '../planning/change.ts';
import { effectsOf } from './change-effects.ts';
import { hazardsOf } from './hazard.ts';

/* The locks and the work of every kind of change, in both dialects, without a database (design 12 §12). */

/** `schema.table LOCK work`, with `(new)` after a table that the upgrade creates. */
const brief = (dialect: SqlDialect, kind: ChangeKind) =>
  changes[kind].map((change) =>
    hazardsOf(dialect, effectsOf(change)).map(
      ({ table, lock, work }) => `${table.name}${table.isNew ? ' (new)' : ''} ${lock} ${work}`,
    ),
  );

const room = (...hazards: readonly string[]) => hazards.map((hazard) => `core.Room ${hazard}`);

/** On PostgreSQL: for each kind, the effects of its changes, in the order of `changes`. */
const onPostgres: Readonly<Record<ChangeKind, readonly (readonly string[])[]>> = {
  'resource added': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'descriptor added': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'abstract resource added': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'table added': [['core.Room (new) ACCESS EXCLUSIVE none']],
  'table renamed': [['core.Space ACCESS EXCLUSIVE none']],
  'column added': [room('ACCESS EXCLUSIVE none'), room('ACCESS EXCLUSIVE rewrite')],
  'column renamed': [room('ACCESS EXCLUSIVE none')],
  'column optional': [room('ACCESS EXCLUSIVE none')],
  'default changed': [room('ACCESS EXCLUSIVE none')],
  'type wider': [room('ACCESS EXCLUSIVE none'), room('ACCESS EXCLUSIVE rewrite')],
  'constraint renamed': [room('ACCESS EXCLUSIVE none')],
  'index renamed': [[]],
  'unique removed': [room('ACCESS EXCLUSIVE none')],
  'check removed': [room('ACCESS EXCLUSIVE none')],
  'foreign key removed': [['core.Room ACCESS EXCLUSIVE none', 'core.Section ACCESS EXCLUSIVE none']],
  'foreign key action changed': [['core.Room ACCESS EXCLUSIVE key validation', 'core.Section ACCESS EXCLUSIVE none']],
  'index added': [room('SHARE index build')],
  'index removed': [room('ACCESS EXCLUSIVE none')],
  'trigger added': [room('SHARE ROW EXCLUSIVE none')],
  'trigger changed': [room('SHARE ROW EXCLUSIVE none'), []],
  'trigger removed': [room('ACCESS EXCLUSIVE none')],
  'view added': [['core.Room (new) ACCESS EXCLUSIVE none']],
  'view changed': [['core.Room ACCESS EXCLUSIVE none', 'core.Room (new) ACCESS EXCLUSIVE none']],
  'view removed': [room('ACCESS EXCLUSIVE none')],
  'resource version': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'resource key': [['dms.ResourceKey ACCESS EXCLUSIVE row writes', 'dms.Document ACCESS EXCLUSIVE row writes']],
  'project renamed': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'resource renamed': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'abstract resource renamed': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'descriptor renamed': [
    [
      ...['dms.Descriptor ROW EXCLUSIVE row writes', 'dms.ReferentialIdentity ROW EXCLUSIVE row writes'],
      'dms.ResourceKey ROW EXCLUSIVE row writes',
    ],
  ],
  discriminator: [room('ROW EXCLUSIVE row writes')],
  'discriminator shared': [[]],
  'referential ids': [['dms.ReferentialIdentity ROW EXCLUSIVE row writes']],
  hierarchy: [room('ROW EXCLUSIVE row writes')],
  'abstract identities': [
    room('ROW EXCLUSIVE row writes'),
    ['core.Section ACCESS SHARE scan', 'core.Room ROW EXCLUSIVE row writes'],
  ],
  'kind of resource changed': [[]],
  'resource became an extension': [[]],
  'nesting changed': [[]],
  'column kind changed': [[]],
  'target changed': [[]],
  'identity changed': [[]],
  'type changed': [[]],
  'abstract identity mapping changed': [[]],
  'resource removed': [
    [
      ...['core.Section ACCESS SHARE scan', 'dms.Document ROW EXCLUSIVE row writes'],
      'dms.ResourceKey ROW EXCLUSIVE row writes',
    ],
  ],
  'descriptor removed': [['dms.Document ROW EXCLUSIVE row writes', 'dms.ResourceKey ROW EXCLUSIVE row writes']],
  'abstract resource removed': [['dms.ResourceKey ROW EXCLUSIVE row writes']],
  'table removed': [room('ACCESS EXCLUSIVE scan')],
  'type narrower': [room('ACCESS EXCLUSIVE rewrite'), room('ACCESS EXCLUSIVE rewrite'), room('ACCESS EXCLUSIVE rewrite')],
  'type converted': [room('ACCESS EXCLUSIVE row writes'), room('ACCESS EXCLUSIVE row writes')],
  'type replaced': [room('ACCESS EXCLUSIVE scan'), room('ACCESS EXCLUSIVE scan')],
  'column required': [room('ACCESS EXCLUSIVE scan')],
  'required column added': [room('ACCESS EXCLUSIVE scan')],
  'column filled': [room('ACCESS EXCLUSIVE row writes'), room('ACCESS EXCLUSIVE row writes')],
  'column unified': [room('ACCESS EXCLUSIVE rewrite'), room('ACCESS EXCLUSIVE rewrite')],
  'column removed': [room('ACCESS EXCLUSIVE scan')],
  'primary key added': [room('ACCESS EXCLUSIVE index build')],
  'unique added': [room('ACCESS EXCLUSIVE index build'), room('ACCESS EXCLUSIVE index build')],
  'check added': [room('ACCESS EXCLUSIVE scan')],
  'foreign key added': [['core.Section SHARE ROW EXCLUSIVE key validation', 'core.Room SHARE ROW EXCLUSIVE none']],
  'foreign key changed': [['core.Section ACCESS EXCLUSIVE key validation', 'core.Room ACCESS EXCLUSIVE none']],
};

/** On SQL Server, from its documentation: whatever changes a table blocks everybody else, and many row locks become one table lock. */
const onSqlServer: Readonly<Record<ChangeKind, readonly (readonly string[])[]>> = {
  'resource added': [['dms.ResourceKey X row writes']],
  'descriptor added': [['dms.ResourceKey X row writes']],
  'abstract resource added': [['dms.ResourceKey X row writes']],
  'table added': [['core.Room (new) Sch-M none']],
  'table renamed': [['core.Space Sch-M none']],
  'column added': [room('Sch-M none'), room('Sch-M rewrite')],
  'column renamed': [room('Sch-M none')],
  'column optional': [room('Sch-M none')],
  'default changed': [room('Sch-M none')],
  'type wider': [room('Sch-M none'), room('Sch-M rewrite')],
  'constraint renamed': [room('Sch-M none')],
  'index renamed': [room('Sch-M none')],
  'unique removed': [room('Sch-M none')],
  'check removed': [room('Sch-M none')],
  'foreign key removed': [['core.Room Sch-M none', 'core.Section Sch-M none']],
  'foreign key action changed': [['core.Room Sch-M key validation', 'core.Section Sch-M none']],
  'index added': [room('S index build')],
  'index removed': [room('Sch-M none')],
  'trigger added': [room('Sch-M none')],
  'trigger changed': [room('Sch-M none'), []],
  'trigger removed': [room('Sch-M none')],
  'view added': [['core.Room (new) Sch-M none']],
  'view changed': [['core.Room Sch-M none', 'core.Room (new) Sch-M none']],
  'view removed': [room('Sch-M none')],
  'resource version': [['dms.ResourceKey X row writes']],
  'resource key': [['dms.ResourceKey Sch-M row writes', 'dms.Document Sch-M row writes']],
  'project renamed': [['dms.ResourceKey X row writes']],
  'resource renamed': [['dms.ResourceKey X row writes']],
  'abstract resource renamed': [['dms.ResourceKey X row writes']],
  'descriptor renamed': [
    [...['dms.Descriptor X row writes', 'dms.ReferentialIdentity X row writes'], 'dms.ResourceKey X row writes'],
  ],
  discriminator: [room('X row writes')],
  'discriminator shared': [[]],
  'referential ids': [['dms.ReferentialIdentity X row writes']],
  hierarchy: [room('X row writes')],
  'abstract identities': [room('X row writes'), ['core.Section IS scan', 'core.Room X row writes']],
  'kind of resource changed': [[]],
  'resource became an extension': [[]],
  'nesting changed': [[]],
  'column kind changed': [[]],
  'target changed': [[]],
  'identity changed': [[]],
  'type changed': [[]],
  'abstract identity mapping changed': [[]],
  'resource removed': [['core.Section IS scan', 'dms.Document X row writes', 'dms.ResourceKey X row writes']],
  'descriptor removed': [['dms.Document X row writes', 'dms.ResourceKey X row writes']],
  'abstract resource removed': [['dms.ResourceKey X row writes']],
  'table removed': [room('Sch-M scan')],
  'type narrower': [room('Sch-M rewrite'), room('Sch-M rewrite'), room('Sch-M rewrite')],
  'type converted': [room('Sch-M row writes'), room('Sch-M row writes')],
  'type replaced': [room('Sch-M scan'), room('Sch-M scan')],
  'column required': [room('Sch-M scan')],
  'required column added': [room('Sch-M scan')],
  'column filled': [room('Sch-M row writes'), room('Sch-M row writes')],
  'column unified': [room('Sch-M rewrite'), room('Sch-M rewrite')],
  'column removed': [room('Sch-M scan')],
  'primary key added': [room('Sch-M rewrite')],
  'unique added': [room('Sch-M index build'), room('Sch-M index build')],
  'check added': [room('Sch-M scan')],
  'foreign key added': [['core.Section Sch-M key validation', 'core.Room Sch-M none']],
  'foreign key changed': [['core.Section Sch-M key validation', 'core.Room Sch-M none']],
};

const expected = { pgsql: onPostgres, mssql: onSqlServer } as const satisfies Record<SqlDialect, unknown>;

describe.each(dialects)('the hazards of a change in %s', (dialect) => {
  it.each(Object.keys(changes) as ChangeKind[])('%s', (kind) => {
    expect(brief(dialect, kind)).toEqual(expected[dialect][kind]);
  });
});

describe('a table that is renamed', () => {
  const kindsOf = (before: string, after: string) =>
    effectsOf({ kind: 'table renamed', owner: 'Core:Room', path: [after], before, after }).map(({ kind, table }) => [
      kind,
      table?.name,
    ]);

  it('moves to another schema, gets another name, or both', () => {
    expect(kindsOf('core.Space', 'core.Room')).toEqual([['rename table', 'core.Space']]);
    expect(kindsOf('old.Room', 'core.Room')).toEqual([['move table', 'old.Room']]);
    expect(kindsOf('old.Space', 'core.Room')).toEqual([
      ['move table', 'old.Space'],
      ['rename table', 'old.Space'],
    ]);
  });
});

describe('a change that depends on the rows', () => {
  const kindsOf = (kind: ChangeKind) => changes[kind].map((change) => effectsOf(change).map((effect) => effect.kind));

  it('scans its table first, unless the answer is known', () => {
    expect(kindsOf('unique added')).toEqual([['add unique'], ['check rows', 'add unique']]);
    expect(kindsOf('column unified')).toEqual([['add computed columns'], ['check rows', 'add computed columns']]);
    expect(kindsOf('column filled')).toEqual([
      ['add columns', 'update rows'],
      ['check rows', 'add columns', 'update rows', 'require value'],
    ]);
    expect(kindsOf('type converted')).toEqual([
      ['add columns', 'update rows', 'drop columns'],
      ['check rows', 'add columns', 'update rows', 'require value', 'drop columns'],
    ]);
  });
});
