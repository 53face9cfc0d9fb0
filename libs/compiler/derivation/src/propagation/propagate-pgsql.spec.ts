import { describe, expect, it } from 'vitest';
import {
  a,
  b,
  deferrable,
  inCollection,
  inExtension,
  optional,
  type PropagatingReference,
  type PropagatingResource,
  plain,
  to,
  x,
} from '../../test/propagating-resources.ts';
import { derived, mssqlOutcomes, pgsqlOutcomes } from '../../test/propagation-outcomes.ts';

describe('PostgreSQL (design 11 §2)', () => {
  it('cascades from an abstract target in any case, from a concrete one that is identity-mutable', () => {
    const resources = [
      x,
      { name: 'T', memberOf: 'X' },
      { name: 'C' },
      { name: 'D', references: [optional('A')] },
      a,
      b,
      { name: 'R', references: [plain('X'), plain('C'), plain('D'), plain('B')] },
    ];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toMatchObject({
      'X→R': 'cascade',
      'C→R': 'no action',
      'D→R': 'no action',
      'B→R': 'cascade',
    });
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({
      'X→R': 'no action',
      'C→R': 'no action',
      'D→R': 'no action',
      'B→R': 'cascade',
    });
  });

  it('defers exactly the keys of a table that one flagged root feeds, not a third key beside them', () => {
    const resources = [
      a,
      b,
      { name: 'C', flag: true },
      { name: 'R', references: [plain('A'), plain('B'), plain('C')] },
    ];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({
      'A→B': 'cascade',
      'A→R': deferrable,
      'B→R': deferrable,
      'C→R': 'cascade',
    });
  });

  it('does not defer two keys whose targets have no changing source in common', () => {
    const resources = [
      { name: 'A' },
      { ...b, flag: true },
      { name: 'C', flag: true, references: [to('A')] },
      { name: 'R', references: [plain('B'), plain('C')] },
    ];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({
      'A→B': 'no action',
      'A→C': 'no action',
      'B→R': 'cascade',
      'C→R': 'cascade',
    });
  });

  it('defers keys of a child table and of an extension table', () => {
    const inTable = (place: (reference: PropagatingReference) => PropagatingReference) => [
      a,
      b,
      { name: 'R', references: [place(optional('A')), place(optional('B'))] },
    ];
    expect(pgsqlOutcomes(derived(inTable(inCollection), 'pgsql'))).toMatchObject({
      'A→RItem': deferrable,
      'B→RItem': deferrable,
    });
    expect(pgsqlOutcomes(derived(inTable(inExtension), 'pgsql'))).toMatchObject({
      'A→RExtension': deferrable,
      'B→RExtension': deferrable,
    });
  });

  it('does not defer two keys of different tables of one resource', () => {
    const resources = [a, { name: 'R', references: [plain('A'), inCollection(optional('A', 'Other'))] }];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({ 'A→R': 'cascade', 'A→RItem as Other': 'cascade' });
  });

  describe('defers the key with which a document can refer to itself from a row below its root', () => {
    it.each<[string, PropagatingReference]>([
      ['A→AItem as Other', inCollection(optional('A', 'Other'))],
      ['A→AExtension as Other', inExtension(optional('A', 'Other'))],
    ])('%s, whether it cascades or not', (edge, reference) => {
      expect(pgsqlOutcomes(derived([{ ...a, references: [reference] }], 'pgsql'))).toEqual({ [edge]: deferrable });
      const fixed = [{ name: 'A', references: [reference] }];
      expect(pgsqlOutcomes(derived(fixed, 'pgsql'))).toEqual({ [edge]: 'no action, deferrable' });
      expect(mssqlOutcomes(derived(fixed, 'mssql'))).toEqual({ [edge]: 'no action' });
    });

    it('through its abstract resource, but not to one that it is not a member of', () => {
      const y: PropagatingResource = { name: 'Y', isAbstract: true };
      const other: PropagatingResource = { name: 'T', memberOf: 'Y' };
      const member: PropagatingResource = {
        name: 'M',
        memberOf: 'X',
        references: [inCollection(optional('X')), inCollection(optional('Y'))],
      };
      expect(pgsqlOutcomes(derived([x, y, other, member], 'pgsql'))).toEqual({
        'X→MItem': deferrable,
        'Y→MItem': 'cascade',
      });
    });

    it('not the key of the root row, nor one to another resource', () => {
      const resources: PropagatingResource[] = [
        { name: 'A', references: [optional('A'), inCollection(optional('B'))] },
        { name: 'B' },
      ];
      expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({ 'A→A': 'no action', 'B→AItem': 'no action' });
    });
  });
});
