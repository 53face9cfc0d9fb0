import { alikeGenerations, build, edFi, equal, fields, plain, serverEngine } from '@dms/testing';
import { expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures, MutantDatabase } from '../../test/mutant-database.ts';
import { scriptMutants } from '../../test/script-mutants.ts';
import { Failures } from './failures.ts';

/* R12: half a reference is refused, also where no document of the world can be its target. */

/** A node has the tree of its parent, and no two nodes of the world have the same tree. */
const node = plain(
  'Node',
  {
    tree: build.string(20),
    label: build.string(20),
    parentReference: fields({ tree: build.string(20), label: build.string(20) }),
  },
  ['tree', 'label'],
  {
    documentPathsMapping: {
      Parent: build.reference(
        'Ed-Fi:Node',
        [
          ['$.tree', '$.parentReference.tree'],
          ['$.label', '$.parentReference.label'],
        ],
        false,
      ),
    },
    equalityConstraints: [equal('$.tree', '$.parentReference.tree')],
  },
);

it.each(alikeGenerations())('finds a check that accepts half a reference, %s', async (version) => {
  const input = inputOfDocuments([edFi([node])], 'pgsql', version);
  const { connection, close } = await serverEngine.open(input.script);
  expect(await behaviourFailures(connection, input, [], new Failures())).toEqual([]);
  await close();
  const mutants = scriptMutants(input).filter(({ kind, what }) => kind === 'check' && what.includes('_AllNone'));
  const database = await MutantDatabase.open(input);
  const survivors: string[] = [];
  for (const mutant of mutants) if ((await database.fateOf(mutant)) === 'survived') survivors.push(mutant.what);
  await database.close();
  expect(survivors).toEqual([]);
  expect(mutants.length).toBeGreaterThan(5);
});
