import { isThorough, propertyRuns, random, seedOfRun, usualGenerations } from '@dms/testing';
import { groupBy } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { type MutantVerdict, verdictOn } from '../../test/explained-mutants.ts';
import { ownInput } from '../../test/inputs.ts';
import { MutantDatabase, type MutantFate } from '../../test/mutant-database.ts';
import { type ScriptMutant, scriptMutants } from '../../test/script-mutants.ts';

/*
 * Single changes of a script, generated from its structure, each with the catalog that the changed script makes: only
 * behaviour and the static checks can find them. `npm run search -- verification` tries 300 per generation, chosen by
 * the seed of the run, and lists the changes that survive.
 */

const sampleSize = 12;

/** Mutants of as many kinds as possible: always the same in a test, chosen by the seed of the run in a search. */
function sample(mutants: readonly ScriptMutant[], size: number): readonly ScriptMutant[] {
  const next = random(isThorough ? seedOfRun() : 1);
  const shuffled = mutants
    .map((mutant) => ({ mutant, place: next() }))
    .sort((left, right) => left.place - right.place)
    .map(({ mutant }) => mutant);
  const byKind = [...groupBy(shuffled, ({ kind }) => kind).values()];
  const rounds = Math.max(...byKind.map((some) => some.length));
  const inTurn = Array.from({ length: rounds }, (_, round) => byKind.flatMap((some) => some[round] ?? []));
  return inTurn.flat().slice(0, size);
}

describe.each(usualGenerations())('changes of a script of %s', (version) => {
  it('are found, or a list says why not', async () => {
    const input = await ownInput('pgsql', version);
    const mutants = scriptMutants(input);
    expect(new Set(mutants.map(({ kind }) => kind)).size).toBeGreaterThan(100);
    const tried = sample(mutants, propertyRuns(sampleSize));
    const database = await MutantDatabase.open(input);
    const fates = { found: 0, refused: 0, survived: 0 } satisfies Record<MutantFate, number>;
    const survivors: { readonly name: string; readonly verdict: MutantVerdict; readonly why: string }[] = [];
    try {
      for (const mutant of tried) {
        const fate = await database.fateOf(mutant);
        fates[fate] += 1;
        if (fate !== 'survived') continue;
        const name = `${mutant.kind} | ${mutant.what}`;
        survivors.push({ name, ...verdictOn(name) });
      }
    } finally {
      await database.close();
    }
    const count = (verdict: MutantVerdict) => survivors.filter((each) => each.verdict === verdict).length;
    console.log(
      [
        `${version}: ${mutants.length} mutants, ${tried.length} tried: ${fates.found} found, ${fates.refused} refused by the engine,`,
        `${count('equivalent')} equivalent, ${count('not explained')} not explained`,
        ...survivors.map(({ name, verdict, why }) => `${verdict}: ${name} (${why})`),
      ].join('\n'),
    );
    expect(survivors.filter(({ verdict }) => verdict === 'not explained').map(({ name }) => name)).toEqual([]);
  });
});
