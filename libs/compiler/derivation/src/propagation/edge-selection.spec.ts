import { describe, expect, it } from 'vitest';
import { a, b, optional, type PropagatingResource, s, sameA, to, x } from '../../test/propagating-resources.ts';
import { derived, mssqlOutcomes } from '../../test/propagation-outcomes.ts';

describe('late edges (design 11 §3.2)', () => {
  it('what moves over an optional reference may move later, where the reference is absent', () => {
    const resources: readonly PropagatingResource[] = [
      x,
      s,
      { name: 'M', references: [to('X'), optional('S')], equal: [['$.xReference.xKey', '$.sReference.xKey']] },
      { name: 'R', references: [to('S'), optional('M')], equal: [['$.sReference.xKey', '$.mReference.xKey']] },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'S→M': 'cascade',
      'X→M': 'fallback, late',
      'S→R': 'cascade',
      'M→R': 'fallback, late',
    });
  });

  it('two references to one abstract resource, whose rows follow over the triggers of different members', () => {
    const resources: readonly PropagatingResource[] = [
      x,
      s,
      { name: 'T', memberOf: 'X', references: [to('S')], equal: [['$.xKey', '$.sReference.xKey']] },
      {
        name: 'R',
        references: [optional('X', 'First'), optional('X', 'Other')],
        equal: [['$.firstReference.xKey', '$.otherReference.xKey']],
      },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'S→T': 'cascade',
      'X→R as First': 'fallback, late',
      'X→R as Other': 'fallback, convergence',
    });
  });

  it('two references to one table, whose rows follow over different triggers', () => {
    const sameSecond = [['$.firstReference.secondAKey', '$.otherReference.secondAKey']] as const;
    const resources: readonly PropagatingResource[] = [
      a,
      {
        name: 'B',
        references: [to('A', 'First'), to('A', 'Second'), optional('A', 'Third')],
        equal: [['$.secondReference.aKey', '$.thirdReference.aKey']],
      },
      { name: 'R', references: [to('B', 'First'), optional('B', 'Other')], equal: sameSecond },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→B as First': 'cascade',
      'A→B as Second': 'fallback, convergence',
      'A→B as Third': 'fallback, convergence',
      'B→R as First': 'fallback, late',
      'B→R as Other': 'fallback, convergence',
    });
  });
});

describe('the preference among edges (design 11 §3.1)', () => {
  it('takes the required edge of a circle before the optional one', () => {
    const resources = [
      { ...a, references: [optional('B')] },
      { ...b, flag: true },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({ 'A→B': 'cascade', 'B→A': 'fallback, cycle' });
  });

  it('takes the edge with more changing columns before the one with fewer', () => {
    const resources = [
      { ...a, references: [optional('B')] },
      { name: 'B', flag: true, references: [optional('A'), to('C')] },
      { name: 'C', flag: true },
    ];
    // A changes aKey; B changes bKey and cKey: B→A moves two columns.
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({ 'A→B': 'fallback, cycle', 'B→A': 'cascade' });
    const swapped = [
      { ...a, references: [optional('B'), to('C')] },
      { name: 'B', flag: true, references: [optional('A')] },
      { name: 'C', flag: true },
    ];
    expect(mssqlOutcomes(derived(swapped, 'mssql'))).toMatchObject({ 'A→B': 'cascade', 'B→A': 'fallback, cycle' });
  });

  it('counts changing columns, not columns', () => {
    // B's own key never changes, so both keys of R move one column, and the first in edge order is kept.
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')], equal: sameA }];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({ 'A→R': 'cascade', 'B→R': 'covered by A→R' });
  });

  it('takes the first in edge order otherwise: by the base name of the key within a table', () => {
    const resources = [
      a,
      b,
      {
        name: 'R',
        references: [to('A', 'Zebra'), to('B')],
        equal: [['$.zebraReference.aKey', '$.bReference.aKey']] as const,
      },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→B': 'cascade',
      'A→R as Zebra': 'covered by B→R',
      'B→R': 'cascade',
    });
  });

  it('orders edges of different receivers by table, not by the names of their keys', () => {
    // The table A comes before AB, but FK_AB_A_RefKey before FK_A_AB_RefKey.
    const resources = [
      { name: 'A', flag: true, references: [optional('AB')] },
      { name: 'AB', flag: true, references: [optional('A')] },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({ 'AB→A': 'cascade', 'A→AB': 'fallback, cycle' });
  });
});

describe('covered edges', () => {
  it('need a required cascade: an optional one may be absent where the other reference is present', () => {
    const resources = [a, b, { name: 'R', references: [optional('A'), optional('B')], equal: sameA }];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({ 'B→R': 'fallback, convergence' });
  });

  it('need a cascade over all of their changing columns', () => {
    // B brings aKey and, because it has the flag, bKey; A→R has only aKey, but is required.
    const resources = [a, { ...b, flag: true }, { name: 'R', references: [to('A'), optional('B')], equal: sameA }];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→B': 'cascade',
      'A→R': 'cascade',
      'B→R': 'fallback, convergence',
    });
  });
});
