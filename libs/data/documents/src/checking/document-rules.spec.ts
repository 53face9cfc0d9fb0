import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { dialects, type SqlDialect } from '@dms/sql';
import { dayUri, scheduleSchemas, toPeriod } from '@dms/testing';
import { type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { compiled, named } from '../../test/bench.ts';
import { checkDocument, type DocumentPlans } from '../index.ts';

const sets = mappingVersions.flatMap((version) => dialects.map((dialect) => ({ version, dialect })));
const plansOf = (version: MappingVersion, dialect: SqlDialect): DocumentPlans =>
  compiled(scheduleSchemas(), dialect, version).plans;

describe.each(sets)('rules for whole documents, $version on $dialect (design 14 §1.2)', ({ version, dialect }) => {
  const plans = plansOf(version, dialect);
  const diagnosticsOf = (document: object): readonly Diagnostic[] =>
    checkDocument(plans, named('Core:Schedule'), toJsonValue({ scheduleId: 1, ...document }) as JsonValue).diagnostics;
  const told = (document: object) => diagnosticsOf(document).map(({ code, where }) => `${code} ${where.path}`);

  it('values that an equality constraint binds across tables are equal; both paths and both values are named', () => {
    expect(told({ schoolId: 1, dayDescriptor: dayUri(), periods: [toPeriod('a', 1), toPeriod('b', 1)] })).toEqual([]);
    const [diagnostic, ...others] = diagnosticsOf({ schoolId: 1, periods: [toPeriod('a', 1), toPeriod('b', 2)] });
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      code: 'DOCUMENT_EQUALITY_VIOLATED',
      message:
        'Core:Schedule $.periods[1].periodReference.schoolId is 2, but $.schoolId is 1; by an equality constraint of the schema they must be equal.',
      where: { path: '$.periods[1].periodReference.schoolId' },
      details: { value: '2', otherPath: '$.schoolId', otherValue: '1' },
    });
  });

  it('elements of an array are equal to each other, too, if the other value is absent', () => {
    expect(told({ periods: [toPeriod('a', 1), toPeriod('b', 1)] })).toEqual([]);
    expect(told({ periods: [toPeriod('a', 1), toPeriod('b', 2)] })).toEqual([
      'DOCUMENT_EQUALITY_VIOLATED $.periods[1].periodReference.schoolId',
    ]);
  });

  it('absent values differ from nothing', () => {
    expect(told({ schoolId: 1, dayDescriptor: dayUri() })).toEqual([]);
    expect(told({ schoolId: 1, dayDescriptor: dayUri(), periods: [] })).toEqual([]);
  });

  it('descriptors are equal whatever their letter case', () => {
    expect(told({ dayDescriptor: dayUri('MON'), periods: [toPeriod('a', 1)] })).toEqual([]);
    expect(told({ dayDescriptor: dayUri('Tue'), periods: [toPeriod('a', 1)] })).toEqual([
      'DOCUMENT_EQUALITY_VIOLATED $.periods[0].periodReference.dayDescriptor',
    ]);
  });

  it('elements that only a reference distinguishes name different targets', () => {
    expect(told({ schoolId: 1, periods: [toPeriod('a', 1), toPeriod('b', 1), toPeriod('a', 1)] })).toEqual([
      'DOCUMENT_DUPLICATE_ELEMENT $.periods[2]',
    ]);
  });

  it('also in different elements of an outer array', () => {
    const blocks = (...periods: readonly (readonly string[])[]) =>
      periods.map((names, index) => ({ blockName: `b${index}`, breaks: names.map((name) => toPeriod(name, 1)) }));
    expect(told({ blocks: blocks(['a', 'b'], ['c']) })).toEqual([]);
    const diagnostics = diagnosticsOf({ blocks: blocks(['a', 'b'], ['c', 'b']) });
    expect(diagnostics).toMatchObject([
      {
        code: 'DOCUMENT_DUPLICATE_ELEMENT',
        where: { path: '$.blocks[1].breaks[1]' },
        details: { other: '$.blocks[0].breaks[1]', paths: ['$.blocks[*].breaks[*].periodReference'] },
      },
    ]);
  });
});
