import { dialectRules, dialects } from '@dms/sql';
import { everything } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftTable } from '../../test/drafts.ts';
import { failFast } from '../../test/fail-fast.ts';
import { handMadeColumn } from '../../test/hand-made.ts';
import { decideForDialect } from '../assembling/dialect-decisions.ts';
import { generations } from '../generations.ts';
import { unifyKeys } from '../passes/key-unification/unify-keys.ts';
import { allTables, finishDraft } from './model-draft.ts';

describe('a finished draft', () => {
  const finished = () => finishDraft(draftBefore(undefined, [everything].flat()));

  it('is frozen: resources, tables, columns and constraints', () => {
    const draft = finished();
    const tables = allTables(draft);
    expect(tables.length).toBeGreaterThan(5);
    const columns = tables.flatMap((table) => [...table.columns.values()]);
    const constraints = tables.flatMap((table) => table.constraints);
    const resources = [...draft.resources.values()];
    for (const item of [draft, ...resources, ...tables, ...columns, ...constraints])
      expect(Object.isFrozen(item)).toBe(true);
    for (const list of [draft.referenceKeys, draft.extensions, ...resources.map(({ tables }) => tables)])
      expect(Object.isFrozen(list)).toBe(true);
  });

  it('refuses what a pass would write', () => {
    const draft = draftBefore(undefined, [everything].flat());
    const table = draftTable(draft, 'Ed-Fi:School', '$');
    finishDraft(draft);
    expect(() => table.addColumn(handMadeColumn('Late', '$.late'))).toThrow(/finished/);
    expect(() => table.addConstraint({ kind: 'NullOrTrue', column: table.documentId })).toThrow(/finished/);
    expect(() => Object.assign(table.documentId, { name: 'Other' })).toThrow(TypeError);
    expect(() => Object.assign(table, { keyUnificationClasses: [] })).toThrow(TypeError);
    expect(() => unifyKeys(draft)).toThrow();
  });

  it.each(dialects)('is left as it is by the decisions for %s', (dialect) => {
    const draft = finished();
    const facts = () =>
      allTables(draft).map(({ qualified, columns, constraints, keyUnificationClasses }) => [
        qualified,
        [...columns.values()],
        [...constraints],
        [...keyUnificationClasses],
      ]);
    const before = facts();
    decideForDialect(draft, dialectRules[dialect], generations.v1.propagation[dialect], failFast);
    const after = facts();
    expect(after).toHaveLength(before.length);
    // the same column and constraint objects, not merely equal ones
    for (const [index, item] of after.flat(2).entries()) expect(item).toBe(before.flat(2)[index]);
  });
});
