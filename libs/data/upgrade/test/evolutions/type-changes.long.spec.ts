import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { build, errorOf } from '@dms/testing';
import { indentedText, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import type { UpgradeItem } from '../../src/plan/upgrade-plan.ts';
import { type Compiled, compiled, readAll } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { schools } from '../schools.ts';
import { sessionForAll } from '../sessions.ts';
import { filled } from '../upgraded.ts';

const { boolean, date, dateTime, integer, number, object, string } = build;

/** A set with values whose types change later; one of them is required. */
function set(types: Readonly<Record<'count' | 'price' | 'flag' | 'day' | 'text', build.JsonRecord>>): Compiled {
  const edited = schools();
  edited.add(
    build.resource('Kit', {
      identityJsonPaths: ['$.kitId'],
      decimalPropertyValidationInfos: [{ path: '$.price', totalDigits: 9, decimalPlaces: 2 }],
      jsonSchemaForInsert: object({ kitId: integer(), ...types }, ['kitId', 'count']),
    }),
  );
  return compiled(edited.documents);
}

const earlierTypes = { count: integer(), price: number(), flag: boolean(), day: date(), text: string(20) };
const before = set(earlierTypes);
const texts = { count: string(20), price: string(20), flag: string(20), day: dateTime(), text: string(20) };

const kits = [
  { kitId: 1, count: 0, price: 30, flag: true, day: '2026-02-03', text: 'a' },
  { kitId: 2, count: -100, price: 0.5, flag: false },
  { kitId: 3, count: 2147483647, price: -1234567.89, text: 'b' },
];

const uuid = (kitId: number) => `00000000-0000-4000-8000-00000000000${kitId}`;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const fill = () =>
  filled(connection, before, {
    descriptors: [],
    documents: kits.map((kit) => {
      const document = toJsonValue(kit);
      if (!(document instanceof Map)) throw new Error('a kit is an object');
      return { resource: 'Core:Kit', uuid: uuid(kit.kitId), document };
    }),
  });

const brief = ({ class: itemClass, change, path, before: from, after: into }: UpgradeItem) =>
  [itemClass, change, ...path, from, into].join(' ');
const typeItems = (items: readonly UpgradeItem[]) =>
  items.filter(({ change }) => change.startsWith('type ')).map(brief);

/** The kits as documents of a set. */
async function readKits(after: Compiled): Promise<readonly unknown[]> {
  const documents = await readAll(connection, after);
  return kits.map(({ kitId }) => JSON.parse(indentedText(documents.get(uuid(kitId))?.document ?? new Map())));
}

describe('a value of another family of types', () => {
  it('is kept as a text where it was a date', async () => {
    const after = set({ ...earlierTypes, day: string(10) });
    await fill();
    // the script may run in a session with another form of dates
    await connection.execute(givenScript("SET DateStyle = 'German, DMY'"));
    const { plan } = await applyUpgrade(connection, before, after);
    await connection.execute(givenScript('RESET DateStyle'));
    expect(typeItems(plan.items)).toEqual(['rewritten type converted core.Kit Day date varchar(10)']);
    expect(await readKits(after)).toEqual(kits);
  });

  it('is kept where its text says the same: as documents wrote it', async () => {
    const after = set(texts);
    await fill();
    const { plan } = await applyUpgrade(connection, before, after);
    expect(typeItems(plan.items)).toEqual([
      'rewritten type converted core.Kit Count integer varchar(20)',
      'rewritten type converted core.Kit Day date timestamp with time zone',
      'rewritten type converted core.Kit Flag boolean varchar(20)',
      'rewritten type converted core.Kit Price numeric(9,2) varchar(20)',
    ]);
    expect(await readKits(after)).toEqual([
      { kitId: 1, count: '0', price: '30', flag: 'true', day: '2026-02-03T00:00:00Z', text: 'a' },
      { kitId: 2, count: '-100', price: '0.5', flag: 'false' },
      { kitId: 3, count: '2147483647', price: '-1234567.89', text: 'b' },
    ]);
    await expectCatalog(connection, after);
  });

  it('is looked at first where its text may be too long', async () => {
    const after = set({ ...texts, count: string(8), price: string(8) });
    await fill();
    const error = await errorOf(() => applyUpgrade(connection, before, after));
    expect(error.diagnostics.map(({ code, details }) => [code, details.documents])).toEqual([
      ['UPGRADE_ROWS_OBJECT', [uuid(3)]],
      ['UPGRADE_ROWS_OBJECT', [uuid(3)]],
    ]);
    await connection.execute(
      givenScript('UPDATE core."Kit" SET "Count" = 12345678, "Price" = 1234.5 WHERE "KitId" = 3'),
    );
    await applyUpgrade(connection, before, after);
    expect((await readKits(after))[2]).toEqual({ kitId: 3, count: '12345678', price: '1234.5', text: 'b' });
  });

  describe('that cannot be kept', () => {
    const after = set({ ...earlierTypes, text: integer() });

    it('must not be there, as the message says with the permission', async () => {
      expect(typeItems(planUpgrade(before, after).items)).toEqual([
        'checked type changed core.Kit Text varchar(20) integer',
      ]);
      await fill();
      const [problem] = (await errorOf(() => applyUpgrade(connection, before, after))).diagnostics;
      expect([problem.code, problem.details.count]).toEqual(['UPGRADE_ROWS_OBJECT', 2]);
      expect(problem.message).toContain('--allow-loss core.Kit.Text');
      await connection.execute(givenScript('UPDATE core."Kit" SET "Text" = NULL'));
      expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'upgraded', losses: [] });
    });

    it('is lost with permission, after it was counted', async () => {
      await fill();
      const { plan, losses } = await applyUpgrade(connection, before, after, { allowLoss: ['core.Kit.Text'] });
      expect(typeItems(plan.items)).toEqual(['loss type changed core.Kit Text varchar(20) integer']);
      expect(losses.map(({ count }) => count)).toEqual([2]);
      const { text: _, ...rest } = kits[0] ?? {};
      expect((await readKits(after))[0]).toEqual(rest);
    });

    it('is impossible where the later set requires it', () => {
      const required = set({ ...earlierTypes, count: date() });
      const found = planUpgrade(before, required).items.filter((item) => item.class === 'impossible');
      expect(found.map(({ path }) => path)).toEqual([['core.Kit', 'Count']]);
    });
  });
});
