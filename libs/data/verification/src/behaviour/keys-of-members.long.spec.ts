import { abstractResource, alikeGenerations, build, serverEngine, subclassOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures, MutantDatabase } from '../../test/mutant-database.ts';
import { scriptMutants } from '../../test/script-mutants.ts';
import { Failures } from './failures.ts';

/* R17: the members of an abstract resource share a key with two values, so each has one row and no other value. */

const { boolean, object, project, resource, string } = build;

const member = (name: string) =>
  resource(name, {
    ...subclassOf('Core:Work'),
    allowIdentityUpdates: true,
    identityJsonPaths: ['$.isOpen'],
    jsonSchemaForInsert: object({ isOpen: boolean(), note: string(20) }, ['isOpen']),
  });

const documents = [
  project('Core', [member('Book'), member('Film')], {
    abstractResources: { Work: abstractResource(['$.isOpen']) },
  }),
];

/**
 * Changes after which a statement on a single document does not stamp its content or its identity as it should. Updates without
 * a new value and records of deletions are tried on other rows, for which the key has no room.
 */
const seen =
  /^DocumentStamping: (?:a statement is missing|a condition is false|a version|\w+ rows instead of \w+ ones) \| core\.Film (?!.*(?:IF FOUND|IF OLD|tracked_changes))/;

describe.each(alikeGenerations())('members of an abstract resource that share a flag, %s', (version) => {
  const input = inputOfDocuments(documents, 'pgsql', version);

  it('are right in the correct script', async () => {
    const { connection, close } = await serverEngine.open(input.script);
    const failures = new Failures();
    expect(await behaviourFailures(connection, input, [], failures)).toEqual([]);
    const untried = failures.untried.map(({ table }) => table);
    expect(untried).toContain('core.Film, rows of three documents');
    expect(untried).not.toContain('core.Film, other values of IsOpen');
    await close();
  });

  it('show each mistake in the stamps of a single document', async () => {
    const wrong = scriptMutants(input).filter(({ kind, what }) => seen.test(`${kind} | ${what}`));
    const database = await MutantDatabase.open(input);
    const survivors: string[] = [];
    for (const mutant of wrong)
      if ((await database.fateOf(mutant)) === 'survived') survivors.push(`${mutant.kind} | ${mutant.what}`);
    await database.close();
    expect(survivors).toEqual([]);
    expect(wrong.length).toBeGreaterThan(5);
  });
});
