import { FullNames, type RelationalModelSet } from '@dms/model';
import { edFi, propertyRuns } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { association, derivedV2, school, secured, student, toSchool, toStudent } from '../../test/associations.ts';
import { chainByTheChapter, densePeople, randomPeople } from '../../test/random-people.ts';
import { type ChainStep, PersonChains, personKinds, personPaths } from './person-chains.ts';

const columnsOf = (chain: readonly ChainStep[] | undefined) =>
  chain?.map(({ step: { sourceTable, sourceColumn } }) => `${sourceTable.schema}.${sourceTable.name}.${sourceColumn}`);

/** The chains of all paths of a model, each with the chain by the definition. */
function compared(model: RelationalModelSet) {
  const chains = new PersonChains(model, new FullNames(model));
  return model.resources.flatMap((resource) =>
    personKinds.flatMap((person) =>
      personPaths(resource, person).map((path) => ({
        found: columnsOf(chains.chain(resource, path, person)),
        expected: chainByTheChapter(model, resource, path.canonical, person),
      })),
    ),
  );
}

describe('the way to a person (design 15a §2)', () => {
  it('is the one of the definition in random models', () => {
    const same = (seed: number) => {
      for (const { found, expected } of compared(randomPeople(seed))) expect(found).toEqual(expected);
    };
    fc.assert(fc.property(fc.nat(), same), { numRuns: propertyRuns(500) });
  });

  it('is none, short or long in these models', () => {
    const lengths = Array.from({ length: 300 }, (_, seed) =>
      compared(randomPeople(seed)).map(({ expected }) => expected?.length),
    );
    for (const length of [undefined, 1, 2, 3, 4]) expect(lengths.flat()).toContain(length);
  });

  it('takes its steps from the root table to the document of the next', () => {
    const record = association('Record', {
      values: { '$.recordId': { type: 'string', maxLength: 20 } },
      references: { Student: toStudent(), School: toSchool() },
      identity: ['$.recordId'],
      members: secured({ Student: ['$.studentReference.studentUniqueId'] }),
    });
    const transcript = association('Transcript', {
      values: { '$.transcriptId': { type: 'string', maxLength: 20 } },
      references: {
        AcademicRecord: { to: 'Ed-Fi:Record', pairs: { '$.recordId': '$.recordReference.recordId' }, isOptional: true },
      },
      identity: ['$.transcriptId'],
      members: secured({ Student: ['$.recordReference.recordId'] }),
    });
    const { model } = derivedV2([edFi([student, school, record, transcript])]);
    const resource = model.resources.find(({ resourceKey }) => resourceKey.resourceName === 'Transcript');
    if (!resource) throw new Error('no resource');
    const [path] = personPaths(resource, 'Student');
    if (!path) throw new Error('no path');
    const chain = new PersonChains(model, new FullNames(model)).chain(resource, path, 'Student');
    expect(chain?.map(({ step, isNullable }) => ({ ...step, isNullable }))).toEqual([
      {
        sourceTable: { schema: 'edfi', name: 'Transcript' },
        sourceColumn: 'AcademicRecord_DocumentId',
        targetTable: { schema: 'edfi', name: 'Record' },
        targetColumn: 'DocumentId',
        isNullable: true,
      },
      {
        sourceTable: { schema: 'edfi', name: 'Record' },
        sourceColumn: 'Student_DocumentId',
        targetTable: { schema: 'edfi', name: 'Student' },
        targetColumn: 'DocumentId',
        isNullable: false,
      },
    ]);
  });

  it.each([true, false])('is found soon where everything leads to everything, to a student: %s', (hasStudent) => {
    // each of the 90 paths of 90 resources; a search per path would visit 65 million references
    const model = densePeople(90, hasStudent);
    const chains = new PersonChains(model, new FullNames(model));
    const start = performance.now();
    const found = model.resources.flatMap((resource) =>
      personPaths(resource, 'Student').map((path) => chains.chain(resource, path, 'Student')),
    );
    expect(found.some((chain) => chain !== undefined)).toBe(hasStudent);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
