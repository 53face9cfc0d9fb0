import { describe, expect, it } from 'vitest';
import {
  a,
  b,
  deferrable,
  inCollection,
  inExtension,
  optional,
  type PropagatingResource,
  s,
  sameA,
  sameX,
  to,
  x,
} from '../../test/propagating-resources.ts';
import { derived, mssqlOutcomes, pgsqlOutcomes } from '../../test/propagation-outcomes.ts';

interface OutcomeCase {
  readonly row: string;
  readonly schema: string;
  readonly resources: readonly PropagatingResource[];
  readonly pgsql: Readonly<Record<string, string>>;
  readonly mssql: Readonly<Record<string, string>>;
}

/** Design 11 §5; `A←B` reads "B references A". */
const rows: readonly OutcomeCase[] = [
  {
    row: '1',
    schema: 'A(flag) ← B',
    resources: [a, b],
    pgsql: { 'A→B': 'cascade' },
    mssql: { 'A→B': 'cascade' },
  },
  {
    row: '2',
    schema: 'A(flag) ← B ← C',
    resources: [a, b, { name: 'C', references: [to('B')] }],
    pgsql: { 'A→B': 'cascade', 'B→C': 'cascade' },
    mssql: { 'A→B': 'cascade', 'B→C': 'cascade' },
  },
  {
    row: '3',
    schema: 'A(no flag) ← B',
    resources: [{ name: 'A' }, b],
    pgsql: { 'A→B': 'no action' },
    mssql: { 'A→B': 'no action' },
  },
  {
    row: '4',
    schema: "A(flag) ← B ← R, A ← R, R unifies A's value",
    resources: [a, b, { name: 'R', references: [to('A'), to('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'cascade', 'B→R': 'covered by A→R' },
  },
  {
    row: '4b',
    schema: 'as 4, B(flag) too: B→R has more changing columns',
    resources: [a, { ...b, flag: true }, { name: 'R', references: [to('A'), to('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'covered by B→R', 'B→R': 'cascade' },
  },
  {
    row: '5',
    schema: "as 4, R's columns not unified",
    resources: [a, b, { name: 'R', references: [to('A'), to('B')] }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'cascade', 'B→R': 'fallback, convergence' },
  },
  {
    row: '6',
    schema: 'A(flag) ← B(flag) ← A, both optional and not identity',
    resources: [
      { ...a, references: [optional('B')] },
      { name: 'B', flag: true, references: [optional('A')] },
    ],
    pgsql: { 'A→B': 'cascade', 'B→A': 'cascade' },
    mssql: { 'A→B': 'fallback, cycle', 'B→A': 'cascade' },
  },
  {
    row: '7',
    schema: 'A(flag) references itself (optional parent)',
    resources: [{ ...a, references: [optional('A', 'Parent')] }],
    pgsql: { 'A→A as Parent': 'cascade' },
    mssql: { 'A→A as Parent': 'fallback, cycle' },
  },
  {
    row: '8',
    schema: 'S(flag) member of X; R references S and X unified, both required',
    resources: [x, s, { name: 'R', references: [to('S'), to('X')], equal: sameX }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '8',
    schema: 'the same, S required, X optional',
    resources: [x, s, { name: 'R', references: [to('S'), optional('X')], equal: sameX }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '8',
    schema: 'the same, S optional, X required',
    resources: [x, s, { name: 'R', references: [optional('S'), to('X')], equal: sameX }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '8b',
    schema: 'as 8, not unified',
    resources: [x, s, { name: 'R', references: [to('S'), to('X')] }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'cascade' },
  },
  {
    row: '8c',
    schema: 'S(flag) member of X; S ← M ← R, X ← R unified',
    resources: [
      x,
      s,
      { name: 'M', references: [to('S')] },
      { name: 'R', references: [to('M'), to('X')], equal: [['$.mReference.xKey', '$.xReference.xKey']] },
    ],
    pgsql: { 'S→M': 'cascade', 'M→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→M': 'cascade', 'M→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '9',
    schema: 'two independent flagged parents of R',
    resources: [a, { name: 'C', flag: true }, { name: 'R', references: [to('A'), to('C')] }],
    pgsql: { 'A→R': 'cascade', 'C→R': 'cascade' },
    mssql: { 'A→R': 'cascade', 'C→R': 'cascade' },
  },
  {
    row: '10',
    schema: 'child table references A(flag)',
    resources: [a, { name: 'R', references: [inCollection(optional('A'))] }],
    pgsql: { 'A→RItem': 'cascade' },
    mssql: { 'A→RItem': 'cascade' },
  },
  {
    row: '11',
    schema: 'extension table references A(flag)',
    resources: [a, { name: 'R', references: [inExtension(optional('A'))] }],
    pgsql: { 'A→RExtension': 'cascade' },
    mssql: { 'A→RExtension': 'cascade' },
  },
  {
    row: '12',
    schema: 'as 4, A→R optional',
    resources: [a, b, { name: 'R', references: [optional('A'), to('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'covered by B→R', 'B→R': 'cascade' },
  },
  {
    row: '12b',
    schema: 'as 4, A→R and B→R optional',
    resources: [a, b, { name: 'R', references: [optional('A'), optional('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'cascade', 'B→R': 'fallback, convergence' },
  },
  {
    row: '13',
    schema: 'R references A(flag) twice, not unified',
    resources: [a, { name: 'R', references: [to('A'), to('A', 'Other')] }],
    pgsql: { 'A→R': deferrable, 'A→R as Other': deferrable },
    mssql: { 'A→R': 'cascade', 'A→R as Other': 'fallback, convergence' },
  },
  {
    row: '13',
    schema: 'R references A(flag) twice, unified',
    resources: [
      a,
      { name: 'R', references: [to('A'), to('A', 'Other')], equal: [['$.aReference.aKey', '$.otherReference.aKey']] },
    ],
    pgsql: { 'A→R': deferrable, 'A→R as Other': deferrable },
    mssql: { 'A→R': 'cascade', 'A→R as Other': 'covered by A→R' },
  },
  {
    row: '14',
    schema: "A(flag) ← B, C(flag) ← B, A ← R and B ← R unify A's value",
    resources: [
      a,
      { name: 'C', flag: true },
      { name: 'B', references: [to('A'), to('C')] },
      { name: 'R', references: [to('A'), to('B')], equal: sameA },
    ],
    pgsql: { 'A→B': 'cascade', 'C→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'C→B': 'cascade', 'A→R': 'covered by B→R', 'B→R': 'cascade' },
  },
  {
    row: '15',
    schema: "A(flag) ← B, A ← C, B ← R and C ← R unify A's value",
    resources: [
      a,
      b,
      { name: 'C', references: [to('A')] },
      { name: 'R', references: [to('B'), to('C')], equal: [['$.bReference.aKey', '$.cReference.aKey']] },
    ],
    pgsql: { 'A→B': 'cascade', 'A→C': 'cascade', 'B→R': deferrable, 'C→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→C': 'cascade', 'B→R': 'cascade', 'C→R': 'covered by B→R' },
  },
];

describe('the rows of design 11 §5', () => {
  it.each(rows)('row $row on mssql: $schema', ({ resources, mssql }) => {
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual(mssql);
  });

  it.each(rows)('row $row on pgsql: $schema', ({ resources, pgsql }) => {
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual(pgsql);
  });
});
