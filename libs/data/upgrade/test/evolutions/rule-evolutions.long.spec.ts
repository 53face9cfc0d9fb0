import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { errorOf, inTurn, type MainGeneration, mainGenerations, shareOf } from '@dms/testing';
import { canonicalText, isJsonObject, type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, compiled, readAll } from '../bench.ts';
import { expectDumpLoads, loaded } from '../dumped.ts';
import { ownMembers, type RuleEvolution, ruleEvolutions, ruleSet, targets } from '../rule-evolutions.ts';
import { sessionForAll } from '../sessions.ts';

/*
 * Rules that become stricter and go back, at every kind of place: verdicts, counts and places are in the table (design
 * 12 §3.8).
 */

const documentOf = (value: unknown): JsonObject => {
  const json = toJsonValue(value);
  if (!isJsonObject(json)) throw new Error('not an object');
  return json;
};

function setsOf({ both, tighten }: RuleEvolution, version: MainGeneration): readonly [Compiled, Compiled] {
  const sets = [ruleSet(), ruleSet()] as const;
  for (const set of sets) both?.(set);
  tighten(sets[1]);
  return [compiled(sets[0].documents, 'pgsql', version), compiled(sets[1].documents, 'pgsql', version)];
}

const ruleItems = (before: Compiled, after: Compiled) =>
  planUpgrade(before, after)
    .items.filter(({ path }) => path[1]?.startsWith('$'))
    .map(({ class: itemClass, change, path }) => `${itemClass} ${change} ${path[1]}`);

interface Written {
  readonly resource: string;
  readonly document: JsonObject;
}

/** The documents of an evolution, and those that obey its rule. */
function documentsOf({ resource = 'Core:School', obeys, breaks }: RuleEvolution) {
  const own = ownMembers[resource];
  if (own === undefined) throw new Error(resource);
  const others = (targets[resource] ?? []).map(([label, value]) => ({ resource: label, document: documentOf(value) }));
  const all = [...obeys, ...breaks.map(([document]) => document)].map((members, index) => ({
    resource,
    document: documentOf({ ...own(index + 1), ...members }),
  }));
  return { all: [...others, ...all], obeying: [...others, ...all.slice(0, obeys.length)] };
}

const texts = (written: Iterable<Written>) =>
  [...written].map(({ resource, document }) => `${resource} ${canonicalText(document)}`).sort();

/** The documents of a database; for descriptors, the URIs. */
async function stored(connection: Connection, set: Compiled): Promise<readonly string[]> {
  const descriptors = await connection.query<{ uri: string }>(trusted('SELECT "Uri" AS uri FROM dms."Descriptor"'));
  return [...texts((await readAll(connection, set)).values()), ...descriptors.map(({ uri }) => uri)].sort();
}

const isDescriptor = ({ resource }: Written) => resource.endsWith('Descriptor');

/** The result of {@link stored} for documents. */
const storedAs = (written: readonly Written[]) => {
  const uris = written
    .filter(isDescriptor)
    .map(({ document }) => `${document.get('namespace')}#${document.get('codeValue')}`);
  return [...texts(written.filter((each) => !isDescriptor(each))), ...uris].sort();
};

describe.each(mainGenerations)('in %s', (version) => {
  it.each(inTurn(mainGenerations, version, Object.entries(ruleEvolutions)))(
    '%s is in the plan, and in the plan back',
    (_, evolution) => {
      const [before, after] = setsOf(evolution, version);
      expect(ruleItems(before, after)).toEqual(evolution.items);
      if (evolution.back !== null) expect(ruleItems(after, before)).toEqual(evolution.back);
      expect(ruleItems(after, after)).toEqual([]);
    },
  );

  describe('with documents', () => {
    let connection: Connection;
    sessionForAll((opened) => {
      connection = opened;
    });

    it.each(shareOf(Object.entries(ruleEvolutions), 6))(
      '%s refuses those that break it, and no others; what is left can be dumped and loaded',
      async (_, evolution) => {
        const [before, after] = setsOf(evolution, version);
        const { all, obeying } = documentsOf(evolution);
        const contents = {
          descriptors: all.filter(isDescriptor).map((each) => each),
          documents: all
            .filter((each) => !isDescriptor(each))
            .map((each) => ({ ...each, shape: 'full' as const, replacement: null })),
        };
        expect(await loaded(connection, before, { ...contents })).toBe(all.length);

        const { diagnostics } = await errorOf(() => applyUpgrade(connection, before, after));
        const { breaks } = evolution;
        expect(diagnostics).toMatchObject([
          { code: 'UPGRADE_ROWS_OBJECT', details: { check: 'D1', count: breaks.length } },
        ]);
        const { documents, paths } = (diagnostics[0]?.details ?? {}) as { documents: string[]; paths: string[] };
        expect([...paths].sort()).toEqual(breaks.map(([, path]) => path).sort());
        expect(await stored(connection, before)).toEqual(storedAs(all));

        for (const uuid of documents)
          await connection.execute(givenScript(`DELETE FROM dms."Document" WHERE "DocumentUuid" = '${uuid}'`));
        expect(await stored(connection, before)).toEqual(storedAs(obeying));
        expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'upgraded', invalid: [] });
        expect(await stored(connection, after)).toEqual(storedAs(obeying));
        if (evolution.back !== null) {
          expect(await applyUpgrade(connection, after, before)).toMatchObject({ outcome: 'upgraded', invalid: [] });
          expect(await stored(connection, before)).toEqual(storedAs(obeying));
          await applyUpgrade(connection, before, after);
        }
        if (obeying.length > 0) await expectDumpLoads(connection, after);
      },
    );
  });
});
