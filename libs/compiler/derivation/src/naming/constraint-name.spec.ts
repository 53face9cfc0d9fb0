import { type DialectRules, dialectRules, limitIdentifier, qualifiedName } from '@dms/sql';
import { random, seeds, sha256Of, shuffledList } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { handMadeColumn, handMadeTable } from '../../test/hand-made.ts';
import { type DraftConstraint, type DraftForeignKey, documentTable } from '../draft/draft-table.ts';
import {
  allOrNoneName,
  arrayUniquenessName,
  arrayUniquenessTokens,
  constraintName,
  descriptorForeignKeyName,
  documentForeignKeyName,
  naturalKeyName,
  nullOrTrueName,
  parentForeignKeyName,
  primaryKeyName,
  referenceBaseNameOf,
  referenceForeignKeyName,
  referenceKeyName,
} from './constraint-name.ts';
import { constraintSignature } from './constraint-signature.ts';

const { pgsql, mssql } = dialectRules;

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

describe('full names of constraints', () => {
  it('follow their patterns', () => {
    expect(primaryKeyName('School')).toBe('PK_School');
    expect(naturalKeyName('School')).toBe('UX_School_NK');
    expect(referenceKeyName('School')).toBe('UX_School_RefKey');
    expect(documentForeignKeyName('School')).toBe('FK_School_Document');
    expect(parentForeignKeyName('SchoolExtensionAddress', 'SchoolAddress')).toBe(
      'FK_SchoolExtensionAddress_SchoolAddress',
    );
    expect(allOrNoneName('Section', 'CourseOffering')).toBe('CK_Section_CourseOffering_AllNone');
    expect(nullOrTrueName('Budget', 'FiscalYear_Present')).toBe('CK_Budget_FiscalYear_Present_NullOrTrue');
  });

  it('say _RefKey only for keys of more than one column', () => {
    expect(referenceForeignKeyName('Section', 'CourseOffering', 2)).toBe('FK_Section_CourseOffering_RefKey');
    expect(referenceForeignKeyName('Section', 'CourseOffering', 1)).toBe('FK_Section_CourseOffering');
  });

  it('of descriptor keys drop the ending of the storage column', () => {
    expect(descriptorForeignKeyName('Menu', 'Category_DescriptorId')).toBe('FK_Menu_Category');
    expect(descriptorForeignKeyName('Menu', 'Category_Unified_DescriptorId')).toBe('FK_Menu_Category_Unified');
    expect(descriptorForeignKeyName('Menu', 'Shortened_0123456789')).toBe('FK_Menu_Shortened_0123456789');
  });

  it.each<[string, DraftConstraint]>([
    ['UX_Section_NK', { kind: 'Unique', purpose: 'NaturalKey', columns: [column('SectionId')] }],
    [
      'UX_Section_RefKey',
      { kind: 'Unique', purpose: 'ReferenceKey', columns: [column('DocumentId'), column('SectionId')] },
    ],
    [
      'UX_Section_A_DescriptorId_P_DocumentId',
      { kind: 'Unique', purpose: 'ArrayUniqueness', columns: [column('P_DocumentId'), column('A_DescriptorId')] },
    ],
    [
      'FK_Section_Document',
      { ...foreignKey, purpose: { kind: 'Document' }, columns: [section.documentId], target: documentTable },
    ],
    ['FK_Section_School', { ...foreignKey, purpose: { kind: 'Parent' } }],
    ['FK_Section_Kind', { ...foreignKey, purpose: { kind: 'Descriptor' }, columns: [column('Kind_DescriptorId')] }],
    ['FK_Section_School_RefKey', foreignKey],
    ['FK_Section_School', { ...foreignKey, columns: foreignKey.columns.slice(0, 1) }],
    // the constraint is named after the FK column of the binding, which may be an alias of the column in the key
    [
      'FK_Section_Other_RefKey',
      { ...foreignKey, purpose: { kind: 'Reference', fkColumn: column('Other_DocumentId') } },
    ],
    [
      'CK_Section_School_AllNone',
      {
        kind: 'AllOrNoneNullability',
        fkColumn: column('School_DocumentId'),
        dependentColumns: [column('School_SchoolId')],
      },
    ],
    ['CK_Section_Year_Present_NullOrTrue', { kind: 'NullOrTrue', column: column('Year_Present') }],
  ])('are made of what a constraint is for: %s', (name, constraint) => {
    expect(constraintName(section, constraint)).toBe(name);
  });

  it('take the reference base name from the foreign key column', () => {
    expect(referenceBaseNameOf('CourseOffering_DocumentId')).toBe('CourseOffering');
    expect(referenceBaseNameOf('A_DocumentId_DocumentId')).toBe('A_DocumentId');
  });
});

describe('tokens of array uniqueness', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'prefix first, empty prefix foremost',
      ['AssessmentItem_DocumentId', 'ResponseValue'],
      ['ResponseValue', 'AssessmentItem', 'DocumentId'],
    ],
    ['cut at the last underscore', ['A_B_C', 'A_B_A'], ['A_B', 'A', 'C']],
    ['no cut at the first or last character', ['_Lead', 'Trail_', 'Plain'], ['Plain', 'Trail_', '_Lead']],
    ['sorted by UTF-16 code unit', ['b', 'B', 'a_x', 'A_x'], ['B', 'b', 'A', 'x', 'a', 'x']],
    [
      'each prefix before its suffixes',
      ['P_DocumentId', 'ADescriptor_DescriptorId', 'BDescriptor_DescriptorId'],
      ['ADescriptor', 'DescriptorId', 'BDescriptor', 'DescriptorId', 'P', 'DocumentId'],
    ],
  ])('are %s', (_, columns, tokens) => {
    expect(arrayUniquenessTokens(columns)).toEqual(tokens);
  });

  it('are independent of the order of the columns, so the name is too', () => {
    expect(arrayUniquenessName('T', ['B_DescriptorId', 'P_DocumentId'])).toBe('UX_T_B_DescriptorId_P_DocumentId');
    expect(arrayUniquenessName('T', ['P_DocumentId', 'B_DescriptorId'])).toBe('UX_T_B_DescriptorId_P_DocumentId');
    const columns = ['A_B_C', 'A_B_A', 'Z', '_Lead', 'Trail_', 'A_Q', 'P_DocumentId'];
    for (const seed of seeds(20))
      expect(arrayUniquenessName('X', shuffledList(columns, random(seed)))).toBe(arrayUniquenessName('X', columns));
  });
});

/** Length in the unit of the dialect. */
const lengthIn = ({ name }: DialectRules, text: string) => (name === 'pgsql' ? Buffer.byteLength(text) : text.length);

describe('shortening', () => {
  const cases: readonly [DialectRules, string, boolean][] = [
    [pgsql, 'a'.repeat(63), false],
    [pgsql, 'a'.repeat(64), true],
    [pgsql, 'é'.repeat(31), false],
    [pgsql, 'é'.repeat(32), true],
    [pgsql, `${'a'.repeat(51)}${'😀'.repeat(4)}`, true],
    [mssql, 'a'.repeat(128), false],
    [mssql, 'a'.repeat(129), true],
    [mssql, 'é'.repeat(128), false],
    [mssql, 'é'.repeat(32), false],
  ];

  it.each(cases.map(([rules, name, isCut]) => [rules.name, name, isCut, rules] as const))(
    'in %s of "%s": %s',
    (dialect, name, isCut, rules) => {
      const final = limitIdentifier(rules, name);
      if (!isCut) expect(final).toBe(name);
      else {
        expect(final).toMatch(/_[0-9a-f]{10}$/);
        expect(final.slice(-10)).toBe(sha256Of(name).slice(0, 10));
        expect(name.startsWith(final.slice(0, -11))).toBe(true);
        expect(lengthIn(rules, final)).toBeLessThanOrEqual(dialect === 'pgsql' ? 63 : 128);
      }
      expect(limitIdentifier(rules, final)).toBe(final);
    },
  );

  it('keeps whole characters in pgsql and 117 code units in mssql', () => {
    expect(limitIdentifier(pgsql, 'é'.repeat(32))).toBe(`${'é'.repeat(26)}_${sha256Of('é'.repeat(32)).slice(0, 10)}`);
    expect(Buffer.byteLength(limitIdentifier(pgsql, 'é'.repeat(32)))).toBe(63);
    const straddling = `${'a'.repeat(51)}${'😀'.repeat(4)}`;
    expect(limitIdentifier(pgsql, straddling)).toBe(`${'a'.repeat(51)}_${sha256Of(straddling).slice(0, 10)}`);
    expect(limitIdentifier(mssql, 'b'.repeat(200))).toBe(
      `${'b'.repeat(117)}_${sha256Of('b'.repeat(200)).slice(0, 10)}`,
    );
  });

  it('hashes the hash input, not the name', () => {
    const name = 'c'.repeat(70);
    const finals = ['one', 'two', name].map((hashInput) => limitIdentifier(pgsql, name, () => hashInput));
    expect(finals).toEqual(
      ['one', 'two', name].map((hashInput) => `${'c'.repeat(52)}_${sha256Of(hashInput).slice(0, 10)}`),
    );
    expect(new Set(finals).size).toBe(3);
  });

  it('of a constraint tells Cascade from NoAction', () => {
    const name = `FK_${'Section'.repeat(10)}_RefKey`;
    const finals = (['Cascade', 'NoAction'] as const).map((onUpdate) =>
      limitIdentifier(pgsql, name, () => constraintSignature(section, foreignKey, onUpdate)),
    );
    expect(new Set(finals).size).toBe(2);
    expect(new Set(finals.map((final) => final.slice(0, 52)))).toEqual(new Set([name.slice(0, 52)]));
  });

  it('makes the names of the chapter', () => {
    expect(
      limitIdentifier(pgsql, 'CK_AssessmentAdministration_AssigningEducationOrganization_AllNone', () =>
        constraintSignature(handMadeTable('edfi.AssessmentAdministration'), {
          kind: 'AllOrNoneNullability',
          fkColumn: column('AssigningEducationOrganization_DocumentId'),
          dependentColumns: [column('AssigningEducationOrganization_EducationOrganizationId')],
        }),
      ),
    ).toBe('CK_AssessmentAdministration_AssigningEducationOrgani_1b1cc259b6');
  });
});

describe('quoting', () => {
  it('doubles the closing quote of the dialect and nothing else', () => {
    expect(pgsql.quote('we"ird')).toBe('"we""ird"');
    expect(pgsql.quote('we]ird')).toBe('"we]ird"');
    expect(mssql.quote('we]ird')).toBe('[we]]ird]');
    expect(mssql.quote('we[ird')).toBe('[we[ird]');
    expect(mssql.quote('we"ird')).toBe('[we"ird]');
  });

  it('quotes schema and name apart', () => {
    expect(qualifiedName(pgsql, section.table)).toBe('"edfi"."Section"');
    expect(qualifiedName(mssql, section.table)).toBe('[edfi].[Section]');
  });
});
