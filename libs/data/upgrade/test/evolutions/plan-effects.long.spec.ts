import { dialects } from '@dms/sql';
import { inTurn } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { StatementEffect } from '../../src/ops/effect.ts';
import { planUpgrade, type UpgradeOptions } from '../../src/plan/plan-upgrade.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled } from '../bench.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { documentsOf, renameEvolutions } from '../rename-evolutions.ts';

/* An item of a plan has the effects of the statements that make its change (design 12a §2). */

const brief = ({ kind, table }: StatementEffect) => `${kind}: ${table?.name ?? ''}`;

function expectMade(before: Compiled, after: Compiled, options: UpgradeOptions): void {
  const { items, statements } = planUpgrade(before, after, options);
  expect(statements.length).toBeGreaterThan(0);
  const made = new Set(statements.flatMap(({ effects }) => effects.map(brief)));
  const missing = items.flatMap(({ change, path, effects }) =>
    effects
      .filter((effect) => !made.has(brief(effect)))
      .map((effect) => `${change} ${path.join('.')}: ${brief(effect)}`),
  );
  expect(missing).toEqual([]);
  // a trigger whose entry changes may already do what the later set needs
  const withoutStatement = items.filter(({ change, effects }) => change !== 'trigger changed' && effects.length === 0);
  expect(withoutStatement.map(({ change, path }) => `${change} ${path.join('.')}`)).toEqual([]);
}

describe.each(dialects)('every item has effects, and statements of the plan have them, for %s', (dialect) => {
  it.each(inTurn(dialects, dialect, Object.entries(evolutions)))('%s', (_, evolution) => {
    const [before, after] = evolutionPair(evolution, 'v1', dialect);
    expectMade(before, after, { allowLoss: evolution.allowLoss ?? [] });
  });

  it.each(inTurn(dialects, dialect, Object.entries(renameEvolutions)))('renamed: %s', (_, evolution) => {
    const [before, after] = documentsOf(evolution).map((documents) => compiled(documents, dialect)) as [
      Compiled,
      Compiled,
    ];
    expectMade(before, after, { renames: evolution.renames.map(parseRename) });
  });
});

describe('the effects of an item', () => {
  const itemsOf = (edit: Parameters<typeof evolutionPair>[0]['edit'], options: UpgradeOptions = {}) =>
    planUpgrade(...evolutionPair({ edit }), options).items.map(({ change, path, effects }) => ({
      item: [change, ...path].join(' '),
      effects: effects.map(({ kind, table, target }) => [kind, table?.name, target?.name].filter(Boolean).join(' ')),
    }));

  it('are those of its own statements, not of others about the same table', () => {
    const items = itemsOf((set) => {
      set.properties('rooms').storeys = { type: 'integer', format: 'int32' };
      set.properties('rooms').roomCode.maxLength = 40;
    });
    expect(items).toContainEqual({ item: 'column added core.Room Storeys', effects: ['add columns core.Room'] });
    expect(items).toContainEqual({ item: 'type wider core.Room RoomCode', effects: ['widen type core.Room'] });
  });

  it('of a new table include the locks of its foreign keys on other tables', () => {
    const items = itemsOf((set) => {
      set.properties('rooms').doors = {
        type: 'array',
        items: { type: 'object', properties: { door: { type: 'integer' } } },
      };
    });
    expect(items).toContainEqual({
      item: 'table added core.RoomDoor',
      effects: ['create table core.RoomDoor', 'add foreign key core.RoomDoor core.Room'],
    });
  });

  it('are known before a loss is permitted', () => {
    const items = itemsOf((set) => delete set.properties('rooms').floor);
    expect(items).toContainEqual({
      item: 'column removed core.Room Floor',
      effects: ['check rows core.Room', 'drop columns core.Room'],
    });
  });
});
