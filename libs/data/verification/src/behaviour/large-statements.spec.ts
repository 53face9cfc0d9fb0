import { build, type MainGeneration, mainGenerations, serverEngine } from '@dms/testing';
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

/** What R17 and R18 leave out of a correct script if an earlier run has proved the triggers of a table. */
async function untriedOf(
  document: build.JsonRecord,
  version: MainGeneration,
  known?: string,
): Promise<readonly string[]> {
  const input = inputOfDocuments([document], 'pgsql', version);
  const { connection, close } = await serverEngine.open(input.script);
  const session = new BehaviourSession(connection, {});
  const failures = new Failures();
  const { rows, stamps, identities, further } = generations[version].resources;
  await connection.begin();
  try {
    await checkTriggers({
      ...{ session, input, failures, coreRows: rows, rules: stamps },
      isKnown: (table) => table === known,
      documents: new DocumentRows(session),
      keys: WorldKeys.of(input),
      identities: identities(input),
      further: further(input, session, failures),
    });
  } finally {
    await connection.rollback();
    await close();
  }
  expect(failures.list).toEqual([]);
  return failures.untried.map(({ table }) => table);
}

it('the keys of documents without rows stay taken', async () => {
  const untried = await untriedOf(lettered, 'v1');
  expect(untried).toContain('core.Book, a statement of 1001 documents');
  expect(untried).toContain('core.Film, a statement of 1001 documents');
});

/** Resources whose triggers have the same shape; the first and the last have few keys. */
const alike = build.project(
  'Core',
  [
    ['Aisle', 2],
    ['Building', 60],
    ['Corner', 1],
  ].map(([name, length]) =>
    resource(String(name), {
      identityJsonPaths: ['$.label'],
      allowIdentityUpdates: true,
      jsonSchemaForInsert: object({ label: string(Number(length)), note: string(20) }, ['label']),
    }),
  ),
);

it.each(mainGenerations)(
  'the table whose keys allow the most documents is tried, and no other in place of it, in %s',
  async (version) => {
    for (const known of [undefined, 'core.Building']) {
      const untried = await untriedOf(alike, version, known);
      expect(untried.filter((what) => what.endsWith('a statement of 1001 documents'))).toEqual([]);
    }
  },
);
