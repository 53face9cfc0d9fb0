import { describe, expect, it } from 'vitest';
import type { UpgradeOperation } from './operation.ts';
import { shownOperation } from './shown-operation.ts';

const table = { schema: 'core', name: 'Room' };

/** Only the members that are shown; the others are objects of catalogs. */
const operation = (members: Readonly<Record<string, unknown>>) => members as unknown as UpgradeOperation;

describe('a key or a column is shown by its name', () => {
  it.each([
    [{ op: 'addPrimaryKey', table: { ...table, primaryKey: { name: 'PK_Room' } } }, { name: 'PK_Room' }],
    [{ op: 'addUnique', table, constraint: { name: 'UX_Room' } }, { name: 'UX_Room' }],
    [{ op: 'addCheck', table, constraint: { name: 'CK_Room' } }, { name: 'CK_Room' }],
    [
      { op: 'addForeignKey', table, key: { name: 'FK_Room' }, target: { schema: 'core', name: 'School' } },
      { name: 'FK_Room', to: 'School' },
    ],
    [
      { op: 'renameColumn', table, column: 'Floor', to: 'Storey' },
      { column: 'Floor', to: 'Storey' },
    ],
    [{ op: 'renameTable', table, to: 'Hall' }, { to: 'Hall' }],
  ])('%j', (given, shown) => {
    expect(shownOperation(operation(given))).toEqual({ op: given.op, table: 'core.Room', ...shown });
  });
});
