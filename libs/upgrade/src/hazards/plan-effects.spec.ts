import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { planUpgrade } from '../plan-upgrade.ts';
import type { StatementEffect } from './statement-effect.ts';

/* What a plan says of its items beside what it says of its statements. */

const brief = ({ kind, table }: StatementEffect) => `${kind}: ${table?.name ?? ''}`;

describe.each(dialects)('every statement that an item asks for is in the plan for %s', (dialect) => {
  it.each(Object.entries(evolutions))('%s', (_, evolution) => {
    const [before, after] = evolutionPair(evolution, 'v1', dialect);
    const { items, statements } = planUpgrade(before, after, { allowLoss: evolution.allowLoss ?? [] });
    const made = new Set(statements.flatMap(({ effects }) => effects.map(brief)));
    const missing = items.flatMap(({ change, path, effects }) =>
      effects.filter((effect) => !made.has(brief(effect))).map((effect) => `${change} ${path.join('.')}: ${brief(effect)}`),
    );
    expect(missing).toEqual([]);
  });
});
