import { planUpgrade, renameOf, type StatementEffect, type UpgradeOptions } from '@dms/change';
import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { type Compiled, compiled } from '../test/bench.ts';
import { evolutionPair, evolutions } from '../test/evolutions.ts';
import { documentsOf, renameEvolutions } from '../test/rename-evolutions.ts';

/* Compares the effects of a plan's items with the effects of its statements. */

const brief = ({ kind, table }: StatementEffect) => `${kind}: ${table?.name ?? ''}`;

/** Effects of items that no statement of the plan has. */
function missingStatements(before: Compiled, after: Compiled, options: UpgradeOptions): readonly string[] {
  const { items, statements } = planUpgrade(before, after, options);
  expect(statements.length).toBeGreaterThan(0);
  const made = new Set(statements.flatMap(({ effects }) => effects.map(brief)));
  return items.flatMap(({ change, path, effects }) =>
    effects.filter((effect) => !made.has(brief(effect))).map((effect) => `${change} ${path.join('.')}: ${brief(effect)}`),
  );
}

describe.each(dialects)('every effect of an item belongs to a statement of the plan for %s', (dialect) => {
  it.each(Object.entries(evolutions))('%s', (_, evolution) => {
    const [before, after] = evolutionPair(evolution, 'v1', dialect);
    expect(missingStatements(before, after, { allowLoss: evolution.allowLoss ?? [] })).toEqual([]);
  });

  it.each(Object.entries(renameEvolutions))('renamed: %s', (_, evolution) => {
    const [before, after] = documentsOf(evolution).map((documents) => compiled(documents, dialect)) as [Compiled, Compiled];
    expect(missingStatements(before, after, { renames: evolution.renames.map(renameOf) })).toEqual([]);
  });
});
