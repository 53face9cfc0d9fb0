import { openDatabase, parseTarget, type ServerTarget } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { textOf } from '@dms/sql';
import { provisionedMssql } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  type ComparedSet,
  planUpgrade,
  preparationScripts,
  prepareUpgrade,
  type UpgradePlan,
} from '../../src/index.ts';
import { operationText } from '../../src/ops/shown-operation.ts';
import { type Compiled, compiled } from '../bench.ts';
import { schools } from '../schools.ts';

/* The move of a SQL Server database between shapes (design 22 §7). */

const { documents } = schools();
const hashed = compiled(documents, 'mssql', 'v2');
const natural = compiled(documents, 'mssql', 'v2-natural');
const directions = [
  ['there', hashed, natural],
  ['back', natural, hashed],
] as const;

const other = 'Turkish_100_CS_AS';
const inOther = (set: Compiled) => ({ ...set, catalog: { ...set.catalog, collation: other } });

it.each(directions)('the script %s is refused in a database with another collation', (_, before, after) => {
  const refusal = (wanted: string) => `
ELSE IF CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation')) <> N'${wanted}'
BEGIN
    DECLARE @refused nvarchar(500) = N'UPGRADE_WRONG_DATABASE: the upgrade was planned for a database with the collation ${wanted}. Name the collation of the database with --collation or with "collation" in dms.json, and plan again; it is ' + CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation'));
`;
  expect(planUpgrade(before, after).script).toContain(refusal('SQL_Latin1_General_CP1_CI_AS'));
  expect(planUpgrade(inOther(before), after).script).toContain(refusal(other));
});

describe.each(directions)('a move %s in a database with another collation', (way, before, after) => {
  const usual = planUpgrade(before, after);
  const plan = planUpgrade(inOther(before), after);
  const ofRooms = ({ statements }: UpgradePlan) =>
    statements
      .flatMap(({ ops }) => ops)
      .filter((op) => op.op !== 'checkRows' && /Room/.test(operationText(op)))
      .map(operationText);

  it('drops what stands on the columns, changes them, and makes it again', () => {
    const known = new Set(ofRooms(usual));
    expect(ofRooms(plan).filter((text) => !known.has(text))).toEqual([
      'dropForeignKey core.Section.FK_Section_Room_RefKey',
      'dropConstraint core.Room.UX_Room_NK',
      'dropConstraint core.Room.UX_Room_RefKey',
      'dropConstraint core.Section.CK_Section_Room_AllNone',
      'dropIndex core.Section.IX_Section_Room_RoomCode_Room_SchoolId_Room_DocumentId',
      'changeCollation core.Room.RoomCode',
      'changeCollation core.Section.Room_RoomCode',
      'changeCollation tracked_changes_core.Room.OldRoomCode',
      'changeCollation tracked_changes_core.Room.NewRoomCode',
      'addUnique core.Room.UX_Room_NK',
      'addUnique core.Room.UX_Room_RefKey',
      'addCheck core.Section.CK_Section_Room_AllNone',
      'addForeignKey core.Section.FK_Section_Room_RefKey (→ core.Room)',
      'createIndex core.Section.IX_Section_Room_RoomCode_Room_SchoolId_Room_DocumentId',
    ]);
  });

  it('writes the collation of keys, or none for that of the database', () => {
    const collation = way === 'there' ? ' COLLATE SQL_Latin1_General_CP1_CI_AS' : '';
    const statement = plan.statements.find(({ ops }) =>
      ops.some((op) => operationText(op).includes('Section.Room_RoomCode')),
    );
    expect(statement && textOf(statement.sql)).toBe(
      `ALTER TABLE [core].[Section] ALTER COLUMN [Room_RoomCode] nvarchar(20)${collation} NULL;`,
    );
  });

  it('asks first whether rows are equal, and have their targets, by the later collation', () => {
    const collation = way === 'there' ? 'SQL_Latin1_General_CP1_CI_AS' : 'DATABASE_DEFAULT';
    const asked = plan.checks.filter(({ item }) => plan.items[item]?.change === 'collation changed');
    expect(asked.map(({ item }) => plan.items[item]?.path.join('.'))).toEqual([
      'core.Booking.FK_Booking_Section_RefKey',
      'core.Booking.UX_Booking_NK',
      'core.Room.UX_Room_NK',
      'core.Section.FK_Section_Room_RefKey',
      'core.Section.UX_Section_NK',
      'extra.Volunteer.UX_Volunteer_NK',
    ]);
    for (const { sql } of asked) expect(textOf(sql)).toContain(`Code] COLLATE ${collation}`);
    expect(usual.items.map(({ change }) => change)).not.toContain('collation changed');
  });

  it('locks the tables, builds their indexes under the lock, and prepares no more', () => {
    const effects = plan.statements
      .filter(({ ops }) => ops.some(({ op }) => op === 'changeCollation'))
      .flatMap((statement) => statement.effects);
    expect(effects.map(({ lock, work }) => [lock, work])).toEqual(effects.map(() => ['Sch-M', 'rewrite']));
    const prepared = ({ statements }: UpgradePlan) =>
      statements.flatMap(({ preparation, ops }) => (preparation === undefined ? [] : ops.map(operationText)));
    expect(prepared(plan)).toEqual(prepared(usual));
    expect(plan.hash).not.toBe(usual.hash);
  });
});

it('is refused by a server whose database has another collation than the plan', async () => {
  const database = (collation: string) =>
    provisionedMssql({
      info: hashed.model.effectiveSchema,
      script: hashed.script,
      catalog: { ...hashed.catalog, collation },
    });
  const refusal = async (collation: string, before: ComparedSet) => {
    const { target } = parseTarget('mssql://sa@h/d', 'mssql');
    const recorded = database(collation);
    const connection = await openDatabase(target as ServerTarget, { load: recorded.load });
    const error: unknown = await prepareUpgrade(connection, before, natural, { dryRun: true }).catch((each) => each);
    return error instanceof DmsError ? error.diagnostics : [];
  };
  expect(await refusal(other, hashed)).toMatchObject([
    { code: 'UPGRADE_WRONG_DATABASE', details: { collation: other, wanted: 'SQL_Latin1_General_CP1_CI_AS' } },
  ]);
  expect(await refusal('SQL_Latin1_General_CP1_CI_AS', inOther(hashed))).toMatchObject([
    { code: 'UPGRADE_WRONG_DATABASE', details: { wanted: other } },
  ]);
  expect(await refusal(other, inOther(hashed))).toEqual([]);
});

it.each([
  ['there', hashed, natural, ' v2-natural'],
  ['back', natural, hashed, ''],
])(
  'the script that prepares a move %s records the generation that the hash does not show',
  (_, before, after, generation) => {
    const later = `N'${after.info.effectiveSchemaHash}${generation}'`;
    const script = preparationScripts(planUpgrade(before, after))?.prepare ?? '';
    expect(script).toContain(`[Later] <> ${later}`);
    expect(script.match(/\(@step, 0, N'[^']+'/g)).toEqual(
      script.match(/INSERT INTO \[dms_upgrade\]/g)?.map(() => `(@step, 0, ${later}`),
    );
  },
);
