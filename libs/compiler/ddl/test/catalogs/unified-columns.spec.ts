import { dialects } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { emitDocuments } from '../emitted.ts';

/* The texts of unified columns in both dialects, on the worked examples of design 04 §12 and §15. */

const { date, descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

const whole = (properties: build.JsonRecord) => object(properties, Object.keys(properties));
const equal = (sourceJsonPath: string, targetJsonPath: string) => ({ sourceJsonPath, targetJsonPath });

const schoolReference = reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);
const school = resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: whole({ schoolId: integer() }),
});
const room = resource('Room', {
  identityJsonPaths: ['$.roomCode', '$.schoolReference.schoolId'],
  documentPathsMapping: { School: schoolReference },
  jsonSchemaForInsert: whole({ roomCode: string(20), schoolReference: whole({ schoolId: integer() }) }),
});
const booking = resource('Booking', {
  identityJsonPaths: [
    '$.bookingDate',
    '$.roomReference.roomCode',
    '$.roomReference.schoolId',
    '$.schoolReference.schoolId',
  ],
  documentPathsMapping: {
    Room: reference('Ed-Fi:Room', [
      ['$.roomCode', '$.roomReference.roomCode'],
      ['$.schoolReference.schoolId', '$.roomReference.schoolId'],
    ]),
    School: schoolReference,
  },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.roomReference.schoolId')],
  jsonSchemaForInsert: whole({
    bookingDate: date(),
    roomReference: whole({ roomCode: string(20), schoolId: integer() }),
    schoolReference: whole({ schoolId: integer() }),
  }),
});
const menu = resource('Menu', {
  identityJsonPaths: ['$.secondLanguageDescriptor'],
  documentPathsMapping: {
    First: descriptorPath('Ed-Fi:LanguageDescriptor', '$.firstLanguageDescriptor'),
    Second: descriptorPath('Ed-Fi:LanguageDescriptor', '$.secondLanguageDescriptor'),
  },
  equalityConstraints: [equal('$.firstLanguageDescriptor', '$.secondLanguageDescriptor')],
  jsonSchemaForInsert: object({ firstLanguageDescriptor: uri(), secondLanguageDescriptor: uri() }, [
    'secondLanguageDescriptor',
  ]),
});
const year = (name: string, id: string) =>
  resource(name, {
    allowIdentityUpdates: true,
    identityJsonPaths: [`$.${id}`, '$.schoolYear'],
    jsonSchemaForInsert: whole({ [id]: integer(), schoolYear: integer() }),
  });
const yearReference = (name: string, id: string): build.JsonRecord => ({
  ...reference(`Ed-Fi:${name}`, [
    [`$.${id}`, `$.${name.toLowerCase()}Reference.${id}`],
    ['$.schoolYear', `$.${name.toLowerCase()}Reference.schoolYear`],
  ]),
  isPartOfIdentity: true,
});
const registration = resource('Registration', {
  identityJsonPaths: [
    '$.sectionReference.sectionId',
    '$.sectionReference.schoolYear',
    '$.periodReference.periodId',
    '$.periodReference.schoolYear',
  ],
  documentPathsMapping: { Section: yearReference('Section', 'sectionId'), Period: yearReference('Period', 'periodId') },
  equalityConstraints: [equal('$.sectionReference.schoolYear', '$.periodReference.schoolYear')],
  jsonSchemaForInsert: whole({
    sectionReference: whole({ sectionId: integer(), schoolYear: integer() }),
    periodReference: whole({ periodId: integer(), schoolYear: integer() }),
  }),
});
const ledger = resource('Ledger', {
  identityJsonPaths: ['$.ledgerId'],
  equalityConstraints: [equal('$.fiscalYear', '$.localFiscalYear')],
  jsonSchemaForInsert: object({ ledgerId: integer(), fiscalYear: integer(), localFiscalYear: integer() }, ['ledgerId']),
});

const set = emitDocuments(
  project('Ed-Fi', [
    descriptor('LanguageDescriptor'),
    school,
    room,
    booking,
    menu,
    year('Section', 'sectionId'),
    year('Period', 'periodId'),
    registration,
    ledger,
  ]),
);

/** The lines between the parentheses of a `CREATE TABLE`, trimmed, without their commas. */
function tableLines(dialect: 'pgsql' | 'mssql', name: string): string[] {
  const { script } = set.in(dialect);
  const head =
    dialect === 'pgsql' ? `CREATE TABLE IF NOT EXISTS "edfi"."${name}"\n` : `CREATE TABLE [edfi].[${name}]\n`;
  const start = script.indexOf(head);
  if (start < 0) throw new Error(`no table ${name}`);
  return script
    .slice(start + head.length, script.indexOf('\n);', start))
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => line !== '(');
}

const columnLines = (dialect: 'pgsql' | 'mssql', name: string) =>
  tableLines(dialect, name).filter((line) => !line.startsWith('CONSTRAINT'));

describe('columns', () => {
  it('15.1: a canonical column and two gated aliases in pgsql', () => {
    expect(columnLines('pgsql', 'Booking')).toEqual([
      '"DocumentId" bigint NOT NULL',
      '"SchoolId_Unified" integer NOT NULL',
      '"Room_DocumentId" bigint NOT NULL',
      '"Room_RoomCode" varchar(20) NOT NULL',
      '"Room_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Room_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED',
      '"School_DocumentId" bigint NOT NULL',
      '"School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED',
      '"BookingDate" date NOT NULL',
    ]);
  });

  it('15.1: the same in mssql, where an alias has no type', () => {
    expect(columnLines('mssql', 'Booking')).toEqual([
      '[DocumentId] bigint NOT NULL',
      '[SchoolId_Unified] int NOT NULL',
      '[Room_DocumentId] bigint NOT NULL',
      '[Room_RoomCode] nvarchar(20) NOT NULL',
      '[Room_SchoolId] AS (CASE WHEN [Room_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED',
      '[School_DocumentId] bigint NOT NULL',
      '[School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED',
      '[BookingDate] date NOT NULL',
    ]);
  });

  it('15.4: a flag, a descriptor class, an alias with and one without gate in pgsql', () => {
    const flag = 'FirstLanguageDescriptor_DescriptorId_Present';
    const unified = 'FirstLanguageDescriptor_Unified_DescriptorId';
    expect(columnLines('pgsql', 'Menu')).toEqual([
      '"DocumentId" bigint NOT NULL',
      `"${flag}" boolean NULL`,
      `"${unified}" bigint NOT NULL`,
      `"FirstLanguageDescriptor_DescriptorId" bigint GENERATED ALWAYS AS (CASE WHEN "${flag}" IS NULL THEN NULL ELSE "${unified}" END) STORED`,
      `"SecondLanguageDescriptor_DescriptorId" bigint GENERATED ALWAYS AS ("${unified}") STORED`,
    ]);
    expect(tableLines('pgsql', 'Menu')).toContain(
      `CONSTRAINT "CK_Menu_FirstLanguageDescriptor_DescriptorId_Present_NullOrTrue" CHECK ("${flag}" IS NULL OR "${flag}" = true)`,
    );
    expect(columnLines('mssql', 'Menu').at(-1)).toBe(
      `[SecondLanguageDescriptor_DescriptorId] AS ([${unified}]) PERSISTED`,
    );
  });

  it('flags are bits in mssql, and their check compares with 1', () => {
    const lines = tableLines('mssql', 'Ledger');
    for (const name of ['FiscalYear_Present', 'LocalFiscalYear_Present']) {
      expect(lines).toContain(`[${name}] bit NULL`);
      expect(lines).toContain(`CONSTRAINT [CK_Ledger_${name}_NullOrTrue] CHECK ([${name}] IS NULL OR [${name}] = 1)`);
    }
    expect(lines).toContain('[FiscalYear_Unified] int NULL');
  });
});

describe.each(dialects)('consumers of unified columns in %s', (dialect) => {
  const quote = (name: string) => (dialect === 'pgsql' ? `"${name}"` : `[${name}]`);

  it('all-or-none checks are over aliases (design 04 §11.5)', () => {
    const check = tableLines(dialect, 'Booking').find((line) => line.includes('CK_Booking_Room_AllNone'));
    expect(check).toContain(quote('Room_SchoolId'));
    expect(check).not.toContain('SchoolId_Unified');
  });

  it('15.6: triggers compare the stored column and never say that an alias was updated (design 04 §11.7)', () => {
    const { script } = set.in(dialect);
    const parts = script.split(dialect === 'pgsql' ? /(?=CREATE OR REPLACE FUNCTION)/ : /(?=CREATE OR ALTER TRIGGER)/);
    const of = (name: string) => parts.filter((part) => part.slice(0, 200).includes(name)).join('\n');
    const stamp = of('TR_Registration_Stamp');
    const compared =
      dialect === 'pgsql'
        ? [...stamp.matchAll(/\b[no]\."(?!DocumentId")(\w+)",?\n/g)]
        : [...stamp.matchAll(/^ +[id]\.\[(\w+)\](?: COLLATE \w+)?,?$/gm)];
    expect(new Set(compared.map(([, name]) => name))).toEqual(
      new Set(['Section_SectionId', 'SchoolYear_Unified', 'Period_PeriodId']),
    );
    // the hash reads each path from its own column, which is an alias here
    const identity = of('TR_Registration_ReferentialIdentity');
    for (const name of ['Section_SchoolYear', 'Period_SchoolYear']) expect(identity).toContain(quote(name));
    const aliases = ['Section_SchoolYear', 'Period_SchoolYear'].map(quote);
    for (const name of aliases) {
      expect(script).not.toContain(`UPDATE(${name})`);
      expect(script).not.toContain(`UPDATE OF ${name}`);
    }
  });
});
