import { build, serverEngine } from '@dms/testing';
import { expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { generations } from '../generations.ts';
import { BehaviourSession } from './behaviour-session.ts';
import { DocumentRows } from './document-rows.ts';
import { Failures } from './failures.ts';
import { WorldKeys } from './keys.ts';
import { checkTriggers } from './trigger-checks.ts';

/* R18 if the members of an abstract resource share a key with few values. */

const { array, object, resource, string } = build;

const member = {
  isSubclass: true,
  superclassProjectName: 'Core',
  superclassResourceName: 'Work',
  identityJsonPaths: ['$.letter'],
  allowIdentityUpdates: true,
};

/** The film has a table whose trigger has another shape than those of the book. */
const lettered = build.project(
  'Core',
  [
    resource('Book', { ...member, jsonSchemaForInsert: object({ letter: string(1) }, ['letter']) }),
    resource('Film', {
      ...member,
      arrayUniquenessConstraints: [{ paths: ['$.reels[*].label'] }],
      jsonSchemaForInsert: object({ letter: string(1), reels: array(object({ label: string(20) }, ['label'])) }, [
        'letter',
      ]),
    }),
  ],
  { abstractResources: { Work: { identityJsonPaths: ['$.letter'] } } },
);

it('the keys of documents without rows stay taken', async () => {
  const input = inputOfDocuments([lettered], 'pgsql', 'v1');
  const { connection, close } = await serverEngine.open(input.script);
  const session = new BehaviourSession(connection, {});
  const failures = new Failures();
  const { rows, stamps, identities, further } = generations.v1.resources;
  await connection.begin();
  try {
    await checkTriggers({
      ...{ session, input, failures, coreRows: rows, rules: stamps },
      documents: new DocumentRows(session),
      keys: WorldKeys.of(input),
      identities: identities(input.inventory),
      further: further(input, session, failures),
    });
  } finally {
    await connection.rollback();
    await close();
  }
  expect(failures.list).toEqual([]);
  const untried = failures.untried.map(({ table }) => table);
  expect(untried).toContain('core.Book, a statement of 1001 documents');
  expect(untried).toContain('core.Film, a statement of 1001 documents');
});
