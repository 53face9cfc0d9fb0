import type { Catalog } from '@dms/catalog';
import { openDatabase, parseTarget, preparedText, type RecordedStep, recordTable } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { textOf } from '@dms/sql';
import { type Answer, handMadeCatalogs, provisionedMssql, type RecordedMssql } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { applyUpgrade, prepareUpgrade, undoPreparation } from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparationSteps } from '../plan/upgrade-plan.ts';

/*
 * The statements that a preparation sends to a SQL Server (design 12a §5.5). The server is recorded: it keeps the
 * earlier set, and nothing changes it.
 */

const pairOf = (name: string) => {
  const evolution = evolutions[name];
  if (evolution === undefined) throw new Error(`there is no evolution ${name}`);
  return evolutionPair(evolution, 'v1', 'mssql');
};

const [before, after] = pairOf('an optional reference');
const plan = planUpgrade(before, after);
const steps = preparationSteps(plan);
const [columns, index] = steps.map(({ sql }) => textOf(sql));

interface Prepared {
  /** `EngineEdition`: 3 is Enterprise, 2 is Standard. */
  readonly edition?: number;
  /** The recorded steps; the database still has their objects. */
  readonly record?: readonly RecordedStep[];
  readonly own?: Answer;
}

/** The catalog with the record itself. */
const recordedCatalog: Catalog = {
  ...before.catalog,
  schemas: [...before.catalog.schemas, recordTable.schema],
  tables: [...before.catalog.tables, handMadeCatalogs.table(recordTable.schema, recordTable.name)],
};

function serverWith({ edition = 3, record = [], own = () => undefined }: Prepared = {}): RecordedMssql {
  const rows = record.flatMap(({ number: step, later, statement, objects, isDone: done }) =>
    objects.map((object) => ({ step, later, ...object, statement, done })),
  );
  const hasRecord = record.length > 0;
  const set = {
    info: before.model.effectiveSchema,
    script: before.script,
    catalog: hasRecord ? recordedCatalog : before.catalog,
  };
  return provisionedMssql(set, (text, parameters) => {
    const answer = own(text, parameters);
    if (answer) return answer;
    if (text.includes("N'EngineEdition') AS int")) return [[{ edition }]];
    if (text.includes('THEN 0 ELSE 1 END AS found')) return [[{ found: hasRecord ? 1 : 0 }]];
    if (text.startsWith('SELECT [Step] AS step')) return [rows];
    if (text.includes('THEN 1 ELSE 0 END AS used')) return [[{ used: 0 }]];
    // the objects of the question, in its order
    if (text.includes('AS o ([number], [kind]')) {
      const known = rows.map(({ table, name }) => `${table}.${name}`);
      const asked = [...text.matchAll(/\((\d+), N'\w+', N'\w+', N'(\w+)', N'(\w+)'\)/g)];
      return [
        asked.map(([, number, table, name]) => ({
          number: Number(number),
          state: known.includes(`${table}.${name}`) ? 'present' : 'missing',
        })),
      ];
    }
    return undefined;
  });
}

const { target } = parseTarget('mssql://sa@h/d', 'mssql');

async function opened(recorded: RecordedMssql) {
  if (target.kind !== 'server') throw new Error('a server was named');
  return openDatabase(target, { load: recorded.load });
}

/** The statements that were sent between the lock of the preparation and its end. */
const sentAlone = ({ sent }: RecordedMssql) => {
  const lines = sent.map((line) => line.replace(/^(?:batch|query) /, ''));
  const isLock = (line: string) => line.includes('sp_getapplock') && line.includes('dms:prepare');
  const from = lines.findIndex(isLock);
  const to = lines.findIndex((line) => line.includes('sp_releaseapplock'));
  return from < 0 || to < 0 ? [] : lines.slice(from + 1, to);
};

const recordOf = (count = steps.length): readonly RecordedStep[] =>
  steps.slice(0, count).map(({ sql: statement, objects }, at) => ({
    number: at + 1,
    later: plan.after.effectiveSchemaHash,
    statement: textOf(statement),
    objects,
    isDone: true,
  }));

const isAbout = (line: string) => /\b(?:ALTER|CREATE|DROP|INSERT|DELETE)\b|^begin$|^commit$|^rollback$/.test(line);

describe('a preparation of a SQL Server database', () => {
  it('makes each step in one transaction with its record, and waits a moment for a lock', async () => {
    const recorded = serverWith();
    const { made, diagnostics } = await prepareUpgrade(await opened(recorded), before, after);
    expect([made, diagnostics]).toEqual([steps, []]);
    const lines = sentAlone(recorded);
    for (const sql of [columns, index]) {
      const at = lines.indexOf(sql ?? '');
      expect(lines.slice(at - 2, at)).toEqual([expect.stringMatching(/^begin/), 'SET LOCK_TIMEOUT 1000;']);
      expect(lines[at + 1]).toMatch(/^INSERT INTO \[dms_upgrade\]\.\[Preparation\] VALUES \(\d, 0, N'/);
      expect(lines[at + 2]).toBe('commit');
    }
    expect(index).toMatch(/^CREATE INDEX .+ WITH \(ONLINE = ON\);$/s);
    expect(recorded.sent.filter((line) => line.includes('dms:prepare'))).toHaveLength(2);
  });

  it('leaves indexes to the upgrade where the edition builds them under a lock', async () => {
    const recorded = serverWith({ edition: 2 });
    const { made, diagnostics } = await prepareUpgrade(await opened(recorded), before, after);
    expect(made.map(({ kind }) => kind)).toEqual(['add columns']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['UPGRADE_PREPARE_OFFLINE']);
    expect(recorded.sent.some((line) => line.includes('ONLINE'))).toBe(false);
  });

  it('goes on where a run ended', async () => {
    const recorded = serverWith({ record: recordOf(1) });
    const { made, found } = await prepareUpgrade(await opened(recorded), before, after);
    expect([made.map(({ sql }) => textOf(sql)), found]).toEqual([[index], 1]);
  });

  it('is found by an upgrade, which makes what is left and removes the record', async () => {
    const recorded = serverWith({ record: recordOf() });
    const error = await applyUpgrade(await opened(recorded), before, after).catch((thrown: unknown) => thrown);
    // the recorded server keeps the earlier catalog
    expect(error instanceof DmsError && error.code).toBe('VERIFY_CATALOG_DIFFERS');
    const isLeft = (text: string) => /^(?!SELECT).*\[dms_upgrade\]/.test(text) || [columns, index].includes(text);
    const left = recorded.batches.filter(isLeft);
    expect(left).toEqual(['DROP TABLE [dms_upgrade].[Preparation];\nDROP SCHEMA [dms_upgrade];']);
    expect(recorded.batches.some((text) => text.includes('FOREIGN KEY') && text.includes('Owner'))).toBe(true);
  });

  it('is undone, the last step first', async () => {
    const recorded = serverWith({ record: recordOf() });
    const { removed } = await undoPreparation(await opened(recorded));
    const objects = steps.flatMap((step) => step.objects.map(preparedText));
    expect(removed.map(preparedText)).toEqual([objects.at(-1), ...objects.slice(0, -1)]);
    const lines = sentAlone(recorded).filter(isAbout);
    expect(lines.filter((line) => line.startsWith('DROP INDEX'))).toEqual([
      expect.stringMatching(/^DROP INDEX \[\w+\] ON \[core\]\.\[Room\]$/),
    ]);
    expect(lines.at(-2)).toBe('DROP TABLE [dms_upgrade].[Preparation];\nDROP SCHEMA [dms_upgrade];');
  });

  it('waits for another session that prepares, and an upgrade does not', async () => {
    let refusals = 2;
    const own: Answer = (text) => (text.includes('dms:prepare') && refusals-- > 0 ? [[{ r: -1 }]] : undefined);
    const waiting: string[] = [];
    const recorded = serverWith({ own });
    await prepareUpgrade(await opened(recorded), before, after, { onWaiting: (holder) => waiting.push(holder) });
    expect(waiting).toEqual(['another session']);
    const held = serverWith({ own: (text) => (text.includes('dms:prepare') ? [[{ r: -1 }]] : undefined) });
    const error = await applyUpgrade(await opened(held), before, after).catch((thrown: unknown) => thrown);
    expect(error instanceof DmsError && error.code).toBe('UPGRADE_PREPARE_RUNNING');
  });
});
