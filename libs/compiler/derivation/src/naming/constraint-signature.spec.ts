import { describe, expect, it } from 'vitest';
import { handMadeColumn, handMadeTable } from '../../test/hand-made.ts';
import type { DraftConstraint, DraftForeignKey } from '../draft/draft-table.ts';
import { constraintSignature, primaryKeySignature } from './constraint-signature.ts';

const column = (name: string) => handMadeColumn(name, null);

const school = handMadeTable('edfi.School', '$', [column('SchoolId')]);
const section = handMadeTable('edfi.Section', '$', [column('School_DocumentId'), column('School_SchoolId')]);

const foreignKey: DraftForeignKey = {
  kind: 'ForeignKey',
  purpose: { kind: 'Reference', fkColumn: column('School_DocumentId') },
  columns: ['School_DocumentId', 'School_SchoolId'].map((name) => section.columns.get(name)!),
  target: school,
  targetColumns: ['DocumentId', 'SchoolId'].map((name) => school.columns.get(name)!),
  onDelete: 'NoAction',
};

describe('the signature of a constraint', () => {
  it('is what the constraint means, in full names', () => {
    expect(primaryKeySignature(section)).toBe('PrimaryKey|edfi.Section|DocumentId');
    expect(primaryKeySignature(handMadeTable('edfi.Row', '$.rows[*]'))).toBe(
      'PrimaryKey|edfi.Row|HandMade_DocumentId,Ordinal',
    );
    const unique = { kind: 'Unique', purpose: 'ArrayUniqueness', columns: [column('A'), column('B')] } as const;
    expect(constraintSignature(section, unique)).toBe('Unique|edfi.Section|A,B');
    expect(constraintSignature(section, foreignKey, 'Cascade')).toBe(
      'ForeignKey|edfi.Section|School_DocumentId,School_SchoolId|edfi.School|DocumentId,SchoolId|NoAction|Cascade',
    );
    expect(
      constraintSignature(section, {
        kind: 'AllOrNoneNullability',
        fkColumn: column('R_DocumentId'),
        dependentColumns: [column('R_A'), column('R_B')],
      }),
    ).toBe('AllOrNone|edfi.Section|R_DocumentId|R_A,R_B');
    expect(constraintSignature(section, { kind: 'NullOrTrue', column: column('A_Present') })).toBe(
      'NullOrTrue|edfi.Section|A_Present',
    );
  });

  it('depends on the order of columns, on actions and on the target, not on what the name is made of', () => {
    const signature = (change: Partial<DraftForeignKey>) => constraintSignature(section, { ...foreignKey, ...change });
    const changed: Partial<DraftForeignKey>[] = [
      { columns: foreignKey.columns.toReversed() },
      { targetColumns: foreignKey.targetColumns.toReversed() },
      { target: handMadeTable('sample.School') },
      { onDelete: 'Cascade' },
    ];
    const signatures = [...changed.map(signature), constraintSignature(section, foreignKey, 'Cascade'), signature({})];
    expect(new Set(signatures).size).toBe(6);
    expect(signature({ purpose: { kind: 'Parent' } })).toBe(signature({}));
  });
});

describe('a constraint of equal meaning', () => {
  const reference = { kind: 'AllOrNoneNullability', fkColumn: column('R_DocumentId') } as const;
  const key = { kind: 'Unique', columns: [column('A'), column('B')] } as const;

  it.each<[string, DraftConstraint, DraftConstraint]>([
    ['unique keys for two purposes', { ...key, purpose: 'NaturalKey' }, { ...key, purpose: 'ArrayUniqueness' }],
    ['foreign keys for two purposes', foreignKey, { ...foreignKey, purpose: { kind: 'Parent' } }],
    [
      'checks of a reference',
      { ...reference, dependentColumns: [column('R_A')] },
      { ...reference, dependentColumns: [column('R_A')] },
    ],
    [
      'checks of a flag',
      { kind: 'NullOrTrue', column: column('A_Present') },
      { kind: 'NullOrTrue', column: column('A_Present') },
    ],
  ])('is not added twice, the first stays: %s', (_, first, second) => {
    const table = handMadeTable('edfi.Section');
    expect(table.addConstraint(first)).toBe(first);
    expect(table.addConstraint(second)).toBe(first);
    expect(table.constraints).toHaveLength(1);
    expect(table.constraints[0]).toBe(first);
  });

  it('is one with the same columns in the same order', () => {
    const table = handMadeTable('edfi.Section');
    const constraints: DraftConstraint[] = [
      { ...key, purpose: 'ArrayUniqueness' },
      { ...key, purpose: 'ArrayUniqueness', columns: key.columns.toReversed() },
      foreignKey,
      { ...foreignKey, onDelete: 'Cascade' },
    ];
    for (const constraint of constraints) expect(table.addConstraint(constraint)).toBe(constraint);
    expect(table.constraints).toEqual(constraints);
  });
});
