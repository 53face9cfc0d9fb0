import { build, serverEngine, withShortDescriptors } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures } from '../../test/mutant-database.ts';
import { Failures } from '../behaviour/failures.ts';

/* R14 where a deleted row has recorded values outside of its key, and where records have less room than descriptors. */

const { descriptor, object, project, reference, resource, string } = build;

const student = resource('Student', {
  identityJsonPaths: ['$.studentUniqueId'],
  securableElements: { Student: ['$.studentUniqueId'] },
  jsonSchemaForInsert: object({ studentUniqueId: string(32) }, ['studentUniqueId']),
});

const club = resource('Club', {
  identityJsonPaths: ['$.clubCode'],
  jsonSchemaForInsert: object({ clubCode: string(20) }, ['clubCode']),
});

const clubReference = object({ clubCode: string(20) }, ['clubCode']);
const studentReference = object({ studentUniqueId: string(32) }, ['studentUniqueId']);

/** Its key is a reference, so a second row needs a second club; its student is recorded. */
const office = resource('Office', {
  identityJsonPaths: ['$.clubReference.clubCode'],
  securableElements: { Student: ['$.studentReference.studentUniqueId'] },
  documentPathsMapping: {
    Club: reference('Ed-Fi:Club', [['$.clubCode', '$.clubReference.clubCode']]),
    Student: reference('Ed-Fi:Student', [['$.studentUniqueId', '$.studentReference.studentUniqueId']], false),
  },
  jsonSchemaForInsert: object({ clubReference, studentReference }, ['clubReference']),
});

/** Keeps an office from being deleted before it. */
const visit = resource('Visit', {
  identityJsonPaths: ['$.visitCode'],
  documentPathsMapping: {
    Office: reference('Ed-Fi:Office', [['$.clubReference.clubCode', '$.officeReference.clubCode']]),
  },
  jsonSchemaForInsert: object({ visitCode: string(20), officeReference: clubReference }, [
    'visitCode',
    'officeReference',
  ]),
});

const set = [project('Ed-Fi', [student, club, office, visit, descriptor('KindDescriptor')])];

describe('recorded deletions', () => {
  it.each([
    [60, 20],
    [10, 4],
    [3, 1],
  ])(
    'are right where a row had an optional person, and descriptors have %d and %d letters',
    async (namespace, codeValue) => {
      const input = inputOfDocuments(withShortDescriptors(set, { namespace, codeValue }), 'pgsql', 'v2');
      const columns = input.inventory.trackedChangeTables.flatMap(({ table, valueColumns }) =>
        valueColumns.map(({ oldColumn, scalarType }) => `${table.name}.${oldColumn} ${scalarType.maxLength ?? ''}`),
      );
      expect(columns).toContain('Office.OldStudent_DocumentId ');
      expect(columns).toContain(`Descriptor.OldCodeValue ${codeValue}`);
      const { connection, close } = await serverEngine.open(input.script);
      const failures = new Failures();
      expect(await behaviourFailures(connection, input, [], failures)).toEqual([]);
      expect(failures.untried).toEqual([]);
      await close();
    },
  );
});
