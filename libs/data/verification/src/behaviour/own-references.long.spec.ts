import { fingerprintVersions } from '@dms/api-schema';
import { alikeGenerations, build, rows, serverEngine, withSchool } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures, MutantDatabase } from '../../test/mutant-database.ts';
import { type ScriptMutant, scriptMutants } from '../../test/script-mutants.ts';
import type { VerificationInput } from '../index.ts';
import { Failures } from './failures.ts';

/*
 * A document that refers to itself from a row below its root can be deleted, and its deferred key is checked by each
 * statement afterwards (R16; design 11 §2, 16 §8.1). Two rows can have such a reference, one inside another row.
 */

const code = { type: 'string', maxLength: 20 };
const courseReference = build.object({ courseCode: code }, ['courseCode']);
const toCourse = (place: string) => build.reference('Ed-Fi:Course', [['$.courseCode', `${place}.courseCode`]], false);

const course = build.resource('Course', {
  identityJsonPaths: ['$.courseCode'],
  documentPathsMapping: {
    Next: toCourse('$.steps[*].nextReference'),
    Twin: toCourse('$.parts[*].seats[*].twinReference'),
  },
  arrayUniquenessConstraints: ['steps', 'parts', 'parts[*].seats'].map((name) => ({ paths: [`$.${name}[*].label`] })),
  jsonSchemaForInsert: build.object(
    {
      courseCode: code,
      steps: rows({ label: code, nextReference: courseReference }, ['label']),
      parts: rows({ label: code, seats: rows({ label: code, twinReference: courseReference }, ['label']) }, ['label']),
    },
    ['courseCode'],
  ),
});

/** Changes after which a document cannot be deleted, or its keys stay deferred. */
const wrong: Readonly<Record<string, RegExp>> = {
  v1: /is not deferred/,
  v2: new RegExp(
    [
      'is not deferred',
      'TR_Course_Stamp line \\d+: IF EXISTS .* > IF false THEN',
      'TR_Course_Stamp .*"CoursePartSeat" AS r .*<>',
      'OLD\\."DocumentId"\\), true\\); > NULL;',
      'CourseStep_Stamp line \\d+: (?:IF documents IS NOT NULL > IF false THEN|documents := .* > NULL;)',
      // only a statement that deletes several such documents shows these
      'CourseStep_Stamp .*= ANY \\(documents\\)\\)(?: THEN)? > .* = documents\\[2\\]\\)',
      'CoursePartSeat_Stamp .*"CoursePartSeat" .*= ANY \\(documents\\)\\) THEN > .* = documents\\[1\\]\\)',
    ].join('|'),
  ),
};

describe.each(alikeGenerations())('documents that refer to themselves, %s', (version) => {
  let input: VerificationInput;
  let database: MutantDatabase;
  let mutants: readonly ScriptMutant[];

  beforeAll(async () => {
    input = inputOfDocuments([withSchool(course)], 'pgsql', version);
    mutants = scriptMutants(input).filter(({ what }) => wrong[fingerprintVersions[version]]?.test(what));
    database = await MutantDatabase.open(input);
  });
  afterAll(() => database.close());

  it('can be deleted in the correct script', async () => {
    const { connection, close } = await serverEngine.open(input.script);
    expect(await behaviourFailures(connection, input, [], new Failures())).toEqual([]);
    await close();
  });

  it('are found where they cannot, or where their keys go on waiting', async () => {
    const fates: string[] = [];
    for (const mutant of mutants) fates.push(`${mutant.what}: ${await database.fateOf(mutant)}`);
    expect(fates.filter((fate) => !fate.endsWith(': found'))).toEqual([]);
    expect(fates.length).toBeGreaterThan(version === 'v1' ? 1 : 10);
  });
});
