import type { ScalarType } from '@dms/model';
import { build, codesOf, expectNamed, failureOf, keyed, modelOf, subclassOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { mergeTypes } from '../../src/passes/derive-abstract-resources.ts';
import { typeText } from '../model-text.ts';
import { organization, organizationId, renamed, type, withMembers } from '../organization-members.ts';

const { descriptor, descriptorPath, integer, number, string, uri } = build;

const text = (maxLength: number | null) => type('String', { maxLength });
const decimal = (precision: number, scale: number) => type('Decimal', { decimal: { precision, scale } });

describe('the merged type of an identity column', () => {
  it.each<[string, ScalarType, ScalarType, ScalarType | undefined]>([
    ['the longer of two strings', text(20), text(60), text(60)],
    ['the longer, whichever comes first', text(60), text(20), text(60)],
    ['unbounded when either string is', text(20), text(null), text(null)],
    ['unbounded when the first string is', text(null), text(20), text(null)],
    ['a decimal that holds both integer and fraction digits', decimal(10, 2), decimal(8, 4), decimal(12, 4)],
    ['the wider decimal where it holds both', decimal(10, 2), decimal(8, 2), decimal(10, 2)],
    ['Int64 of Int32 and Int64', type('Int32'), type('Int64'), type('Int64')],
    ['Int64 of Int64 and Int32', type('Int64'), type('Int32'), type('Int64')],
    ['an equal type', type('Date'), type('Date'), type('Date')],
    ['an equal integer', type('Int32'), type('Int32'), type('Int32')],
    ['none for Int32 and String', type('Int32'), text(20), undefined],
    ['none for Date and DateTime', type('Date'), type('DateTime'), undefined],
    ['none for Int64 and Decimal', type('Int64'), decimal(10, 0), undefined],
    ['none for a decimal without precision', type('Decimal'), decimal(10, 2), undefined],
    ['none for a decimal with more fraction digits than digits', decimal(2, 3), decimal(10, 2), undefined],
    ['none for Boolean and String', type('Boolean'), text(5), undefined],
  ])('is %s', (_, a, b, expected) => {
    expect(mergeTypes(a, b)).toEqual(expected);
  });

  it.each<[string, build.JsonRecord, build.JsonRecord, string]>([
    ['String(20) and String(60)', string(20), string(60), 'String(60)'],
    ['Int32 and Int64', integer(), integer('int64'), 'Int64'],
  ])('of members with %s reaches identity table and view', (_, first, second, expected) => {
    const model = modelOf(withMembers(renamed('Agency', first), renamed('School', second)));
    const table = tableOf(model, 'edfi.EducationOrganizationIdentity');
    expect(typeText(table.columns[1]!.scalarType)).toBe(expected);
    expect(typeText(model.abstractUnionViews[0]!.outputColumns[1]!.scalarType)).toBe(expected);
    const own = (name: string) => typeText(tableOf(model, name).columns.at(-1)!.scalarType);
    expect([own('edfi.Agency'), own('edfi.School')]).not.toEqual([expected, expected]);
  });

  it('of decimals is found over all members', () => {
    const member = (name: string, totalDigits: number, decimalPlaces: number) =>
      keyed(
        name,
        { educationOrganizationId: number() },
        {
          ...subclassOf(organization),
          decimalPropertyValidationInfos: [{ path: organizationId, totalDigits, decimalPlaces }],
        },
      );
    const model = modelOf(withMembers(member('A', 10, 2), member('B', 8, 4), member('C', 11, 0)));
    // integer digits 8, 4, 11; fraction digits 2, 4, 0
    expect(typeText(tableOf(model, 'edfi.EducationOrganizationIdentity').columns[1]!.scalarType)).toBe('Decimal(15,4)');
  });

  it.each<[string, readonly build.BuiltResource[], readonly string[]]>([
    ['Int32 and String', [renamed('Agency'), renamed('School', string(20))], ['Int32', 'String(20)', 'Ed-Fi:School']],
    [
      'Date and DateTime',
      [renamed('Agency', build.date()), renamed('School', build.dateTime())],
      ['Date', 'DateTime', 'Ed-Fi:School'],
    ],
    [
      'a scalar and a descriptor',
      [
        keyed('Agency', { educationOrganizationId: uri() }, subclassOf(organization)),
        keyed(
          'School',
          { educationOrganizationId: uri() },
          {
            ...subclassOf(organization),
            documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', organizationId) },
          },
        ),
        descriptor('KindDescriptor'),
      ],
      ['Scalar', 'DescriptorFk', 'Ed-Fi:School'],
    ],
    [
      'two descriptors',
      [
        keyed(
          'Agency',
          { educationOrganizationId: uri() },
          {
            ...subclassOf(organization),
            documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', organizationId) },
          },
        ),
        keyed(
          'School',
          { educationOrganizationId: uri() },
          {
            ...subclassOf(organization),
            documentPathsMapping: { Kind: descriptorPath('Ed-Fi:OtherDescriptor', organizationId) },
          },
        ),
        descriptor('KindDescriptor'),
        descriptor('OtherDescriptor'),
      ],
      ['Ed-Fi:School', 'DescriptorFk Ed-Fi:KindDescriptor', 'DescriptorFk Ed-Fi:OtherDescriptor'],
    ],
  ])(
    'does not exist for %s: ABSTRACT_TYPE_CONFLICT names path, abstract resource, member and both types',
    (_, members, facts) => {
      const error = failureOf(() => modelOf(withMembers(...members)));
      expect(codesOf(error)).toEqual(['ABSTRACT_TYPE_CONFLICT']);
      expectNamed(error.diagnostics[0], [organizationId, organization, ...facts]);
    },
  );
});
