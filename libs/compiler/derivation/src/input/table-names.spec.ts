import { build, expectRejected, extension, failureOf, modelOf, rows, schemaSet, tableNames } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';

describe('the names of tables', () => {
  const named = (name: string, rootTableNameOverride: string, properties: build.JsonRecord = {}) =>
    build.resource(name, { relational: { rootTableNameOverride }, jsonSchemaForInsert: build.object(properties) });
  const messages = (...resources: build.BuiltResource[]) =>
    failureOf(() => deriveModel(schemaSet(build.project('Ed-Fi', resources)), 'pgsql')).diagnostics.map(
      ({ code, message }) => `${code} ${message}`,
    );

  it('must not be equal for two resources; the message does not depend on the order of the input', () => {
    const student = named('Student', 'Person');
    const staff = named('Staff', 'Person');
    expectRejected([build.project('Ed-Fi', [student, staff])], {
      code: 'NAME_COLLISION',
      resource: 'Ed-Fi:Student',
      names: ['edfi', 'Person', ['Staff', 'Ed-Fi:Staff', 'Student', 'Ed-Fi:Student']],
    });
    expect(messages(student, staff)).toEqual(messages(staff, student));
  });

  it('must not be equal for a root and a collection, without any override', () => {
    const schoolAddress = build.resource('SchoolAddress', { jsonSchemaForInsert: build.object({}) });
    const withAddresses = build.resource('School', { jsonSchemaForInsert: build.object({ addresses: rows({}) }) });
    expectRejected([build.project('Ed-Fi', [withAddresses, schoolAddress])], {
      code: 'NAME_COLLISION',
      resource: 'Ed-Fi:SchoolAddress',
      names: ['edfi', 'SchoolAddress', ['Ed-Fi:School', '$.addresses[*]', 'Ed-Fi:SchoolAddress', '$']],
    });
  });

  it('are all reported in one error, by schema and name, with what each would be called without overrides', () => {
    const a = [
      named('A1', 'Zoo', { cages: rows({}) }),
      named('A2', 'Zoo', { cages: rows({}) }),
      named('A3', 'Ark'),
      named('A4', 'Ark'),
    ];
    const other = build.project('Alpha', [named('B1', 'Zoo'), named('B2', 'Zoo')], { isExtension: true });
    expectRejected([build.project('Ed-Fi', a), other], {
      code: 'NAME_COLLISION',
      resource: 'Alpha:B2',
      names: [
        [
          ...['alpha', 'B1', 'Alpha:B1', 'B2', 'Alpha:B2'],
          ...['Ark', 'A3', 'Ed-Fi:A3', 'A4', 'Ed-Fi:A4'],
          ...['Zoo', 'A1', 'Ed-Fi:A1', 'A2', 'Ed-Fi:A2'],
          ...['ZooCage', 'A1Cage', 'Ed-Fi:A1', 'A2Cage', 'Ed-Fi:A2'],
        ],
      ],
    });
  });

  it('may be equal in different schemas', () => {
    const thing = build.resource('Thing', { jsonSchemaForInsert: build.object({}) });
    const model = modelOf([build.project('Ed-Fi', [thing]), extension([thing])]);
    expect(model.resources.flatMap(tableNames)).toEqual(['edfi.Thing', 'sample.Thing']);
  });
});
