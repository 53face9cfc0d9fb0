import { codesOf, edFi, expectNamed, extension, failureOf, modelOf, school } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { defaultCollectionName } from './collection-name.ts';

describe('the physical schema of a project', () => {
  it('must not be that of another project: PHYSICAL_SCHEMA_COLLISION names both endpoints and the schema', () => {
    const documents = [edFi([school]), extension([], 'Other', { endpoint: 'ed_fi' })];
    for (const order of [documents, [...documents].reverse()]) {
      const error = failureOf(() => modelOf(order));
      expect(codesOf(error)).toEqual(['PHYSICAL_SCHEMA_COLLISION']);
      expect(error.diagnostics[0].details).toMatchObject({ schema: 'edfi', endpoints: ['ed-fi', 'ed_fi'] });
      expectNamed(error.diagnostics[0], ['"ed-fi"', '"ed_fi"', '"edfi"']);
    }
  });

  it('is used for all tables of the project', () => {
    const documents = [edFi([school], { endpoint: '99-select' })];
    const model = modelOf(documents);
    expect(model.projects.map(({ physicalSchema }) => physicalSchema)).toEqual(['p99select']);
    expect(model.resources.map(({ physicalSchema }) => physicalSchema)).toEqual(['p99select']);
    expect(model.resources[0]?.tablesInDependencyOrder.map(({ table }) => table)).toEqual([
      { schema: 'p99select', name: 'School' },
    ]);
  });
});

describe('the base name of a collection', () => {
  it('is the singular in PascalCase', () => {
    expect(defaultCollectionName('possibleResponses')).toBe('PossibleRespons');
    expect(defaultCollectionName('school_categories')).toBe('SchoolCategory');
    expect(defaultCollectionName('s')).toBe('');
  });
});
