import type { SqlDialect } from '@dms/sql';
import { build, edFi, modelOf, plain, resourceOf, shortName } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan, compileWritePlan } from './index.ts';

const { array, object, string } = build;

/* The document id column of a table contains the name of the root, which PostgreSQL may shorten. */

describe('the plans of a resource with a very long name', () => {
  const root = 'ParticipationOfTheStudentInTheAssessmentOfTheEducationAgency';
  const documents = [edFi([plain(root, { periods: array(object({ details: array(object({ note: string() })) })) })])];

  it.each<[SqlDialect, string]>([
    ['pgsql', shortName(`${root}_DocumentId`)],
    ['mssql', `${root}_DocumentId`],
  ])('take the document id by its role in %s', (dialect, documentId) => {
    expect(documentId.endsWith('_DocumentId')).toBe(dialect === 'mssql');
    const resource = resourceOf(modelOf(documents, dialect), `Ed-Fi:${root}`);
    const [, ...children] = compileWritePlan(dialect, resource).tablePlansInDependencyOrder;
    expect(
      children.map(({ tableModel, columnBindings }) => [
        tableModel.jsonScope.canonical,
        columnBindings.slice(0, 2).map(({ column, source }) => [column.name, source.kind]),
      ]),
    ).toEqual([
      [
        '$.periods[*]',
        [
          [documentId, 'parent_key_part'],
          ['Ordinal', 'ordinal'],
        ],
      ],
      [
        '$.periods[*].details[*]',
        [
          [documentId, 'parent_key_part'],
          ['PeriodOrdinal', 'parent_key_part'],
        ],
      ],
    ]);
    for (const { deleteByParentSql } of children) expect(deleteByParentSql).toContain(documentId);
    const reads = compileReadPlan(dialect, resource).tablePlansInDependencyOrder;
    expect(reads).toHaveLength(3);
    for (const { selectByKeysetSql } of reads.slice(1)) expect(selectByKeysetSql).toContain(documentId);
  });
});
