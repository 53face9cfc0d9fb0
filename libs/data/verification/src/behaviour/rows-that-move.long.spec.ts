import { alikeGenerations, build, edFi, extension, plain, rows, serverEngine } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures, MutantDatabase } from '../../test/mutant-database.ts';
import { scriptMutants } from '../../test/script-mutants.ts';
import { Failures } from './failures.ts';

/* R17: a row that moves to another document stamps both documents, even if the keys of a resource allow only two. */

const noted = { note: build.string(20), marks: rows({ label: build.string(20) }, ['label']) };
const unlike = { arrayUniquenessConstraints: [{ paths: ['$.marks[*].label'] }] };

const documents = [
  edFi([plain('Answer', { isYes: build.boolean(), ...noted }, ['isYes'], unlike)]),
  extension([
    build.extensionOf('Answer', {
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ note: build.string(20) })) }),
    }),
  ]),
];

/** Changes after which a statement does not stamp all documents that it should. */
const seen =
  /^DocumentStamping: (?:\w+ rows instead of \w+ ones|one of several rows|another comparison) \| \w+\.Answer(?:Extension|Mark)? .*(?:_rows|tab\b|IF NEW\."DocumentId")/;

describe.each(alikeGenerations())('rows of resources with a single flag as their key, %s', (version) => {
  const input = inputOfDocuments(documents, 'pgsql', version);

  it('are right in the correct script', async () => {
    const { connection, close } = await serverEngine.open(input.script);
    expect(await behaviourFailures(connection, input, [], new Failures())).toEqual([]);
    await close();
  });

  it('are found where one of the two documents is not stamped', async () => {
    const wrong = scriptMutants(input).filter(({ kind, what }) => seen.test(`${kind} | ${what}`));
    const database = await MutantDatabase.open(input);
    const survivors: string[] = [];
    for (const mutant of wrong) {
      if ((await database.fateOf(mutant)) !== 'survived') continue;
      const { verdict } = await database.verdictOn(`${mutant.kind} | ${mutant.what}`);
      if (verdict === 'not explained') survivors.push(`${mutant.kind} | ${mutant.what}`);
    }
    await database.close();
    expect(survivors).toEqual([]);
    expect(wrong.length).toBeGreaterThan(10);
  });
});
