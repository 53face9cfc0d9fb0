import { abstractResource, build, edFi, fields, plain, serverEngine, subclassOf, usualGenerations } from '@dms/testing';
import { expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures } from '../../test/mutant-database.ts';
import { Failures } from './failures.ts';

/* Scripts pass in which a reference has less room for a text than its target. */

const { integer, reference, string } = build;

const school = plain('School', { code: string(60), name: string(60) }, ['code'], { allowIdentityUpdates: true });

const hall = plain('Hall', { code: string(60), size: integer() }, ['code'], {
  ...subclassOf('Ed-Fi:Place'),
  allowIdentityUpdates: true,
});

/** A resource with a reference that has room for some letters. */
const referring = (name: string, to: string, letters: number, isRequired: boolean) =>
  plain(name, { label: string(20), placeReference: fields({ code: string(letters) }) }, ['label'], {
    documentPathsMapping: { Place: reference(`Ed-Fi:${to}`, [['$.code', '$.placeReference.code']], isRequired) },
  });

const documents = [
  edFi(
    [
      school,
      hall,
      referring('Room', 'School', 10, true),
      referring('Visit', 'School', 12, false),
      referring('Party', 'Place', 40, false),
      referring('Meeting', 'Hall', 11, true),
    ],
    { abstractResources: { Place: abstractResource(['$.code']) } },
  ),
];

it.each(usualGenerations())('references with less room than their targets pass, %s', async (version) => {
  const input = inputOfDocuments(documents, 'pgsql', version);
  const { connection, close } = await serverEngine.open(input.script);
  expect(await behaviourFailures(connection, input, [], new Failures())).toEqual([]);
  await close();
});

it('texts that are too long for a column are still tried', async () => {
  const input = inputOfDocuments(documents, 'pgsql', 'v2');
  const longer = input.script.replace(
    /(CREATE TABLE IF NOT EXISTS "edfi"."School"[^;]*"Code" varchar)\(60\)/,
    '$1(61)',
  );
  const { connection, close } = await serverEngine.open(longer);
  const found = await behaviourFailures(connection, input, [], new Failures());
  expect(found.map(({ check, object }) => `${check} ${object}`)).toContain('R12 edfi.School.Code');
  await close();
});
