import { mirrorColumns } from '@dms/catalog';
import { qualified } from '@dms/model';
import { hasSharedData, mainGenerations, once, seeds, sharedFile, testLimits } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { textMutants } from '../../test/body-mutants.ts';
import { inputOf } from '../../test/inputs.ts';
import { ShapeTrials, type Weakened, withoutReadings, withSharedRoles } from '../../test/shape-trials.ts';

/* Shapes of a published standard: changed bodies, and bodies that would be right elsewhere, are told from right ones. */

const files = { v1: 'ds-5.2-core.json', v2: 'ds-5.2-core.later.json' } as const;

/** The number of bodies whose changes are tried, and of changes of each. */
const bodiesTried = 40;
const changesOfBody = 8;

/** Every item at equal distances from a first one that the seed gives. */
function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  const step = Math.max(1, Math.floor(items.length / count));
  const [seed = 0] = seeds(1);
  return items.filter((_, index) => index % step === Math.abs(seed) % step);
}

/** A changed body of a table. */
interface ChangedBody {
  readonly table: string;
  readonly name: string;
  readonly what: string;
  readonly body: string;
}

/** The changes of a body in which two columns of one line are exchanged with columns of another line. */
function exchanged(body: string): readonly string[] {
  const names = [...new Set([...body.matchAll(/\bt\.("\w+")/g)].map(([, name = '']) => name))];
  return names.flatMap((one, at) =>
    names
      .slice(at + 1)
      .map((other) =>
        body.replace(/\bt\.("\w+")/g, (text, name) =>
          name === one ? `t.${other}` : name === other ? `t.${one}` : text,
        ),
      ),
  );
}

/** Bodies in which each list of columns that are compared is the list of all stored columns. */
const otherLists = (trials: ShapeTrials): readonly ChangedBody[] =>
  trials.functions.flatMap(({ table, name, body }) => {
    const stored = table.columns.flatMap(({ name: column, generated }) =>
      generated !== null || mirrorColumns.includes(column) ? [] : [column],
    );
    const selected = (_: string, alias: string) =>
      stored.map((column, index) => `${alias}."${column}"${index === stored.length - 1 ? '' : ','}\n`).join('');
    const compared = () =>
      `IF ${stored.map((column) => `OLD."${column}" IS NOT DISTINCT FROM NEW."${column}"`).join('\nAND ')} THEN\n`;
    const changed = body
      .replace(/^ *([no])\."\w+",?\n(?: *\1\."\w+",?\n)*/gm, selected)
      .replace(/^ *IF OLD\."\w+" IS NOT DISTINCT FROM NEW\."\w+"(?:\n *AND OLD\..*?)* THEN\n/gm, compared);
    return [{ table: qualified(table), name, what: 'all columns', body: changed }];
  });

/** Bodies of subclasses without the identity of their superclass. */
const withoutSuperclass = (trials: ShapeTrials): readonly ChangedBody[] =>
  trials.functions.flatMap(({ table, name, body }) => {
    const insert = 'INSERT INTO "dms"."ReferentialIdentity"';
    const [before, own, superclass, ...others] = body.split(insert);
    if (superclass === undefined || others.length > 0) return [];
    const rest = superclass.slice(superclass.indexOf(';') + 1);
    const changed = `${before}${insert}${own?.trimEnd()}${rest}`.replace(/IN \((\d+), \d+\)/, 'IN ($1)');
    return [{ table: qualified(table), name, what: 'no superclass', body: changed }];
  });

describe.runIf(hasSharedData).each(mainGenerations)(
  'shapes of 5.2 in %s (needs the shared conformance data)',
  { timeout: testLimits.exhaustive },
  (version) => {
    const input = once(() => inputOf([sharedFile('inputs', files[version])], 'pgsql', version));
    const right = once(async () => new ShapeTrials(await input()));
    const trialsWith = async (weakened: Weakened) => new ShapeTrials(await input(), weakened, await right());
    const proved = (trials: ShapeTrials, bodies: readonly ChangedBody[]) =>
      bodies
        .filter(({ table, name, body }) => trials.isProved(table, name, body))
        .map(({ name, what }) => `${name}: ${what}`);

    it('are few, and only the triggers of the hierarchy have no form', async () => {
      const { shapes } = await right();
      expect(new Set(shapes.map(({ shape }) => shape)).size).toBeLessThan(shapes.length / 5);
      for (const trigger of shapes.flatMap(({ formless }) => formless)) expect(trigger).toContain('AuthHierarchy');
    });

    it('no changed body is proved by others', async () => {
      const trials = await right();
      const bodies = spread(trials.functions, bodiesTried).flatMap(({ table, name, body }) =>
        [
          ...spread(textMutants(body, true), changesOfBody).map(({ kind, what, text }) => ({
            what: `${kind}: ${what}`,
            text,
          })),
          ...spread(exchanged(body), 2).map((text) => ({ what: 'exchanged columns', text })),
        ].map(({ what, text }) => ({ table: qualified(table), name, what, body: text })),
      );
      expect(bodies.length).toBeGreaterThan(bodiesTried * 5);
      expect(proved(trials, bodies)).toEqual([]);
    });

    it('exchanged columns are seen, unless several columns have one role', async () => {
      const trials = await right();
      const bodies = spread(trials.functions, 150).flatMap(({ table, name, body }) =>
        exchanged(body).map((text) => ({ table: qualified(table), name, what: 'exchanged columns', body: text })),
      );
      expect(bodies.length).toBeGreaterThan(0);
      expect(proved(trials, bodies)).toEqual([]);
      expect(proved(await trialsWith(withSharedRoles), spread(bodies, bodiesTried))).not.toEqual([]);
    });

    it('lists without readings hide that another list is meant', async () => {
      const trials = await right();
      const isOther = (body: string | undefined, other: string) =>
        body?.replace(/\s+/g, ' ') !== other.replace(/\s+/g, ' ');
      const bodies = otherLists(trials).filter(({ name, body }) => isOther(trials.bodies.get(name), body));
      expect(bodies.length).toBeGreaterThan(0);
      expect(proved(trials, bodies)).toEqual([]);
      expect(proved(await trialsWith(withoutReadings), bodies)).not.toEqual([]);
    });

    it('a subclass without the identity of its superclass is told from a plain resource', async () => {
      const bodies = withoutSuperclass(await right());
      expect(bodies.length).toBeGreaterThan(0);
      expect(proved(await right(), bodies)).toEqual([]);
    });
  },
);
