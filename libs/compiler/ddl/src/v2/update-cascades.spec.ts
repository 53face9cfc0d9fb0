import type { Catalog } from '@dms/catalog';
import { DmsError } from '@dms/diagnostics';
import { hasSharedData, isQuick, propertyRuns, schemaSets } from '@dms/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { emitFixtureV2, fixturesV2 } from '../../test/fixtures-v2.ts';

/* In a script for SQL Server, no update reaches a table over two keys (design 16 §14, d; error 1785 of the server). */

interface UpdateCascade {
  readonly from: string;
  readonly to: string;
}

const cascadesOf = ({ tables }: Pick<Catalog, 'tables'>): UpdateCascade[] =>
  tables.flatMap(({ schema, name, foreignKeys }) =>
    foreignKeys
      .filter(({ onUpdate }) => onUpdate === 'CASCADE')
      .map(({ target }) => ({ from: `${target.schema}.${target.table}`, to: `${schema}.${name}` })),
  );

/**
 * The first table that updates of another table reach a second time, with the table where they begin. A circle reaches
 * its start.
 */
function reachedTwice(cascades: readonly UpdateCascade[]): string | undefined {
  for (const start of new Set(cascades.map(({ from }) => from))) {
    const reached = new Set([start]);
    for (const table of reached) {
      for (const { from, to } of cascades) {
        if (from !== table) continue;
        if (reached.has(to)) return `${start} → ${to}`;
        reached.add(to);
      }
    }
  }
  return undefined;
}

describe('update cascades on SQL Server', () => {
  it('reach no table twice, whatever the schema set is', () => {
    const seen = { cascades: 0, cuts: 0, refused: 0 };
    fc.assert(
      fc.property(schemaSets({ focus: 'references', size: 'medium', longNames: false }), (documents) => {
        const set = emitters.v2.documents(...documents);
        try {
          const kept = cascadesOf(set.mssql.catalog);
          expect(reachedTwice(kept)).toBeUndefined();
          seen.cascades += kept.length;
          seen.cuts += cascadesOf(set.pgsql.catalog).length - kept.length;
        } catch (error) {
          // there may be no safe choice of keys; the derivation then throws
          if (!(error instanceof DmsError)) throw error;
          expect(error.code).toMatch(/^MSSQL_CASCADE_(CYCLE|UNSAFE)$/);
          seen.refused += 1;
        }
      }),
      { numRuns: Math.max(75, propertyRuns(150)) },
    );
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
  });

  it.runIf(hasSharedData)(
    'reach no table twice in the published fixtures (needs the shared conformance data)',
    async () => {
      for (const fixture of Object.keys(fixturesV2).filter((name) => !isQuick() || name !== 'ds-5.2'))
        expect(reachedTwice(cascadesOf((await emitFixtureV2(fixture)).mssql.catalog)), fixture).toBeUndefined();
    },
  );

  it('are found where they do', () => {
    const edge = (from: string, to: string) => ({ from, to });
    expect(reachedTwice([edge('a', 'b'), edge('b', 'c'), edge('x', 'c')])).toBeUndefined();
    expect(reachedTwice([edge('a', 'b'), edge('b', 'd'), edge('a', 'c'), edge('c', 'd')])).toBe('a → d');
    expect(reachedTwice([edge('a', 'b'), edge('a', 'b')])).toBe('a → b');
    expect(reachedTwice([edge('a', 'b'), edge('b', 'a')])).toBe('a → a');
    expect(reachedTwice([edge('a', 'a')])).toBe('a → a');
  });
});
