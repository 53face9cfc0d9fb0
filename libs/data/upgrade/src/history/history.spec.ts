import { catalogText, diffCatalogs } from '@dms/catalog';
import { type Connection, introspect, run } from '@dms/databases';
import { givenScript, joined, trusted } from '@dms/sql';
import { type MainGeneration, mainGenerations } from '@dms/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Compiled, emptied } from '../../test/bench.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { sessionForAll } from '../../test/sessions.ts';
import { applyUpgrade, upgradeStatus } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import {
  entryPattern,
  historyHeader,
  historyPattern,
  keptEntries,
  parseHistory,
  projectsText,
} from './history-text.ts';
import { historyDialects } from './recorded-statements.ts';

/* The record that a database keeps of its upgrades (design 12 §7.1). */

const table = 'dms."EffectiveSchema"';
const hashOf = (digit: string) => digit.repeat(64);
const appliedAt = '2026-01-02T03:04:05Z';

function setsOf(version: MainGeneration): { readonly before: Compiled; readonly after: Compiled } {
  const [before, after] = schoolPair(withMotto, { version });
  return { before, after };
}

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const commentOf = async () =>
  (await connection.query<{ text: string | null }>(trusted(`SELECT obj_description('${table}'::regclass) AS text`)))[0]
    ?.text;
const comment = (text: string) => connection.execute(givenScript(`COMMENT ON TABLE ${table} IS $$${text}$$`));

async function provisioned({ script }: Compiled): Promise<void> {
  await emptied(connection);
  await connection.execute(givenScript(script));
  await connection.execute(givenScript(`UPDATE ${table} SET "AppliedAt" = '${appliedAt}'`));
}

/** The first generation has only one maker, so the query for the maker does not look for it. */
const makers = { v1: 'unknown', v2: 'dms-ddl' } as const;

describe.each(mainGenerations)('a database of %s', (version) => {
  const { before, after } = setsOf(version);
  const earlier = before.info.effectiveSchemaHash;
  const later = after.info.effectiveSchemaHash;
  const { hash } = planUpgrade(before, after);

  beforeEach(() => provisioned(before));

  it('that was only provisioned shows which set it has, and since when', async () => {
    expect(await upgradeStatus(connection)).toEqual({
      set: {
        effectiveSchemaHash: earlier,
        projects: ['Core 1.0.0', 'Extra 1.0.0'],
        shape: expect.objectContaining({ name: version }),
      },
      maker: makers[version],
      since: appliedAt,
      plan: null,
      history: [],
      diagnostics: [],
    });
  });

  it('that was upgraded shows by which plan, and how it began', async () => {
    const { diagnostics } = await applyUpgrade(connection, before, after);
    expect(diagnostics).toEqual([]);
    const { since, history, ...status } = await upgradeStatus(connection);
    expect(status).toEqual({
      set: {
        effectiveSchemaHash: later,
        projects: ['Core 1.0.0', 'Extra 1.0.0'],
        shape: expect.objectContaining({ name: version }),
      },
      maker: makers[version],
      plan: hash,
      diagnostics: [],
    });
    expect(history).toEqual([
      {
        kind: 'upgraded',
        invalid: '',
        time: since,
        from: earlier,
        to: later,
        plan: hash,
        verdict: 'free',
        projects: 'Core 1.0.0, Extra 1.0.0',
      },
      { kind: 'began', time: appliedAt, to: earlier, projects: 'Core 1.0.0, Extra 1.0.0' },
    ]);
    expect(Date.now() - Date.parse(since ?? '')).toBeLessThan(600_000);
  });

  it('gets its history in the transaction of the upgrade, so a dry run leaves none', async () => {
    expect(await applyUpgrade(connection, before, after, { dryRun: true })).toMatchObject({
      outcome: 'dryRun',
      diagnostics: [],
    });
    expect(await commentOf()).toBeNull();
  });

  it('keeps its catalog when it gets a history', async () => {
    await applyUpgrade(connection, before, after);
    expect(await commentOf()).toContain(historyHeader);
    const { catalog } = await introspect(connection);
    expect(diffCatalogs(after.catalog, catalog).differences.filter(({ object }) => object !== 'columnOrder')).toEqual(
      [],
    );
    await connection.execute(givenScript(`COMMENT ON TABLE ${table} IS NULL`));
    expect(catalogText((await introspect(connection)).catalog)).toBe(catalogText(catalog));
  });

  it('keeps its history when its script runs again', async () => {
    await applyUpgrade(connection, before, after);
    const then = await commentOf();
    await connection.execute(givenScript(after.script));
    expect(await commentOf()).toBe(then);
  });

  it('records an upgrade and the upgrade back', async () => {
    await applyUpgrade(connection, before, after);
    await applyUpgrade(connection, after, before, { allowLoss: ['core.School.Motto'] });
    const { history, plan } = await upgradeStatus(connection);
    expect(history.map(({ kind, to }) => [kind, to])).toEqual([
      ['upgraded', earlier],
      ['upgraded', later],
      ['began', earlier],
    ]);
    expect(plan).toBe(planUpgrade(after, before, { allowLoss: ['core.School.Motto'] }).hash);
  });
});

describe('a history', () => {
  const { before, after } = setsOf('v1');
  beforeEach(() => provisioned(before));

  const record = (digit: string, projects: readonly string[] = ['Core 1.0.0'], invalid: readonly string[] = []) =>
    joined(
      historyDialects.pgsql.record({
        purpose: 'upgrade',
        before: { mappingVersion: 'v1', effectiveSchemaHash: hashOf('0'), projects },
        after: { mappingVersion: 'v1', effectiveSchemaHash: hashOf(digit), projects },
        plan: hashOf('f'),
        verdict: 'checked',
        invalid,
      }),
    );
  const historyNow = async () => (await upgradeStatus(connection)).history;

  it('keeps the last ten entries', async () => {
    for (const digit of 'abcdefabcdef') await run(connection, record(digit));
    expect((await historyNow()).map(({ to }) => to[0]).join('')).toBe('fedcbafedc');
  });

  it('survives project names that are long or contain quotes, line breaks and other scripts', async () => {
    const names = [`It's "50 %" $$ {1}\nupgraded\t`, `${'x'.repeat(70)}🏫🏫🏫🏫🏫🏫`];
    await run(connection, record('a', names));
    await run(connection, record('b', names));
    const [newest, ...others] = await historyNow();
    expect(newest?.projects).toBe(projectsText(names));
    expect(newest?.projects.length).toBeLessThanOrEqual(100);
    expect(newest?.projects).toMatch(/^It's \\"50 %\\" \$\$ \{1\}\\nupgraded\\t, x+/);
    expect(others.map(({ kind, projects }) => [kind, projects])).toEqual([
      ['upgraded', newest?.projects],
      ['began', newest?.projects],
    ]);
  });

  it('names the resources whose documents were allowed to break rules', async () => {
    await run(connection, record('a', ['Core 1.0.0'], ['Core:School', 'Core:Room']));
    await run(connection, record('b', ['x'.repeat(200)], [`Core:${'y'.repeat(200)}`, ') (']));
    const [newest, older] = await historyNow();
    expect(older).toMatchObject({ verdict: 'checked', invalid: 'Core:School, Core:Room', projects: 'Core 1.0.0' });
    expect(newest).toMatchObject({ verdict: 'checked', invalid: `Core:${'y'.repeat(34)}…` });
    // the resources and the projects share the length of one part
    expect(newest?.projects).toBe(`${'x'.repeat(31)}…`);
  });

  const line = `2026-01-02T03:04:05Z began with ${hashOf('a')}: Core 1.0.0`;

  it.each([
    ["that is somebody else's", 'The fingerprint. Ask Anna before you change it.'],
    ['that looks like one', `${historyHeader} and more`],
    ['of a later format', historyHeader.replace('1', '2')],
    ["with somebody else's line", `${historyHeader}\n${line}\nAsk Anna before you change it.`],
    ['with an empty line', `${historyHeader}\n${line}\n`],
    ['with text before it', `x\n${historyHeader}\n${line}`],
  ])('leaves a text %s unchanged, and says so', async (_, text) => {
    await comment(text);
    expect(await upgradeStatus(connection)).toMatchObject({
      history: [],
      diagnostics: [{ code: 'UPGRADE_HISTORY_UNREADABLE' }],
    });
    const { outcome, diagnostics } = await applyUpgrade(connection, before, after);
    expect([outcome, diagnostics.map(({ code, details }) => [code, details.reason])]).toEqual([
      'upgraded',
      [['UPGRADE_NOT_RECORDED', 'foreignText']],
    ]);
    expect(await commentOf()).toBe(text);
    expect(await upgradeStatus(connection)).toMatchObject({
      plan: null,
      set: { effectiveSchemaHash: after.info.effectiveSchemaHash },
    });
  });

  it('names no plan for a set that it does not know', async () => {
    await comment(`${historyHeader}\n${line}`);
    expect(await upgradeStatus(connection)).toMatchObject({
      plan: null,
      history: [{ to: hashOf('a') }],
      diagnostics: [],
    });
  });

  it('names no plan that leads to another shape with the same hash', async () => {
    const { effectiveSchemaHash: own } = before.info;
    const moved = (shape: string) =>
      `2026-01-02T03:04:05Z reshaped to ${shape} from v2 with ${own} by plan ${hashOf('f')}: Core 1.0.0`;
    const planOf = async (...lines: readonly string[]) => {
      await comment([historyHeader, ...lines].join('\n'));
      return (await upgradeStatus(connection)).plan;
    };
    const adopted = `2026-01-02T03:04:05Z adopted ${own} by plan ${hashOf('e')}: Core 1.0.0`;
    expect(await planOf(moved('v2-natural'))).toBeNull();
    expect(await planOf(adopted, moved('v2-natural'))).toBeNull();
    expect(await planOf(moved('v1'))).toBe(hashOf('f'));
    expect(await planOf(adopted, moved('v1'), moved('v2-natural'))).toBe(hashOf('e'));
  });

  it('leaves out a beginning whose time no entry can hold', async () => {
    await connection.execute(givenScript(`UPDATE ${table} SET "AppliedAt" = 'infinity'`));
    await run(connection, record('a'));
    expect((await historyNow()).map(({ kind }) => kind)).toEqual(['upgraded']);
  });

  it('is not written by a login that does not own the table', async () => {
    await connection.begin();
    await connection.execute(
      givenScript(
        `CREATE ROLE visitor; GRANT USAGE ON SCHEMA dms TO visitor; GRANT ALL ON ${table} TO visitor; SET ROLE visitor`,
      ),
    );
    await run(connection, record('a'));
    await connection.execute(givenScript('RESET ROLE'));
    expect(await commentOf()).toBeNull();
    await connection.rollback();
  });
});

it('a database without a schema set is reported as such', async () => {
  await emptied(connection);
  expect(await upgradeStatus(connection)).toEqual({
    set: null,
    maker: 'unknown',
    since: null,
    plan: null,
    history: [],
    diagnostics: [],
  });
});

it('a database whose fingerprint is broken is refused', async () => {
  await provisioned(setsOf('v1').before);
  await connection.execute(givenScript(`DELETE FROM ${table}`));
  await expect(upgradeStatus(connection)).rejects.toMatchObject({ code: 'PROVISION_PARTIAL_STATE' });
  await connection.execute(givenScript(`ALTER TABLE ${table} DROP COLUMN "EffectiveSchemaHash" CASCADE`));
  await expect(upgradeStatus(connection)).rejects.toMatchObject({ code: 'PROVISION_PARTIAL_STATE' });
});

describe('PostgreSQL and this tool read a history alike', () => {
  const time = '2026-01-02T03:04:05Z';
  const upgraded = `${time} upgraded to ${hashOf('a')} from ${hashOf('b')} by plan ${hashOf('c')} (loss): Core 1.0.0`;
  it.each([
    [historyHeader, true],
    [`${historyHeader}\n${upgraded}`, true],
    [`${historyHeader}\n${upgraded}\n${time} began with ${hashOf('d')}: ${'🏫'.repeat(100)}`, true],
    [`${historyHeader}\n${upgraded}\n`, false],
    [`${historyHeader}\n${upgraded.replace('loss', 'lost')}`, false],
    [`${historyHeader}\n${upgraded.replace('a', 'A')}`, false],
    [`${historyHeader}\n${upgraded.replace(': Core 1.0.0', ': ')}`, false],
    [`${historyHeader}\n${time} began with ${hashOf('d')}: ${'x'.repeat(101)}`, false],
    [`${historyHeader}\r\n${upgraded}`, false],
    ['', false],
  ])('%#', async (text, isHistory) => {
    expect(parseHistory(text) !== null).toBe(isHistory);
    const [row] = await connection.query<{ matches: boolean }>(trusted('SELECT $1::text ~ $2::text AS matches'), [
      text,
      historyPattern,
    ]);
    expect(row?.matches).toBe(isHistory);
    const lines = text.split('\n').slice(1);
    const [each] = await connection.query<{ matches: boolean }>(
      trusted('SELECT coalesce(bool_and(line ~ $2::text), true) AS matches FROM unnest($1::text[]) AS line'),
      [lines, `^${entryPattern}$`],
    );
    if (isHistory) expect(each?.matches).toBe(true);
  });
});

it('the longest history fits into an extended property of SQL Server', () => {
  const time = '2026-01-02T03:04:05Z';
  const longest = `${time} upgraded to ${hashOf('a')} from ${hashOf('b')} by plan ${hashOf('c')} (rewritten): ${'x'.repeat(100)}`;
  const text = [historyHeader, ...Array.from({ length: keptEntries }, () => longest)].join('\n');
  expect(parseHistory(text)).toHaveLength(10);
  // documentation, "sp_addextendedproperty": @value can not be longer than 7,500 bytes
  expect(text.length * 2).toBeLessThanOrEqual(7500);
});
