import path from 'node:path';
import { readScript } from '@dms/script-checks';
import { closing, commaSeparated, type SqlToken } from '@dms/sql';
import { propertyRuns, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments } from '../emitted.ts';
import { evaluate, type TsqlValue } from '../mssql/tsql-evaluate.ts';
import { readScenarioFile } from '../scenarios.ts';
import { rolledBack } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';

/*
 * Invariant 10 of design 07 §14: the triggers hash the same name string that a client computes from the same values,
 * for all values and session settings. The reference below is written from the table of design 07 §9.2. PostgreSQL runs
 * the script; for SQL Server the expressions of the script are computed.
 */

const { inputs } = readScenarioFile(path.resolve(import.meta.dirname, '../../scenarios/identity-values.json'));
const parcels = emitDocuments(inputs.parcels ?? {});

interface Parcel {
  readonly trackingNumber: bigint;
  readonly isFragile: boolean;
  /** In units of 0.0001. */
  readonly weight: number;
  readonly boxes: number;
  readonly day: Date;
  /** Microseconds since midnight. */
  readonly readyAt: number;
  /** Microseconds since 1970, UTC. */
  readonly scannedAt: number;
  readonly label: string;
  readonly codeValue: string;
}

const pad = (value: number | bigint, digits: number) => String(value).padStart(digits, '0');

const dayText = (day: Date) =>
  `${pad(day.getUTCFullYear(), 4)}-${pad(day.getUTCMonth() + 1, 2)}-${pad(day.getUTCDate(), 2)}`;
const timeText = (seconds: number) =>
  `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
const microseconds = (value: number) => pad(value % 1_000_000, 6);

/** A stored decimal with all digits of its scale, as a database prints it. */
function decimalText(units: number, scale: number): string {
  const digits = pad(Math.abs(units), scale + 1);
  return `${units < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Fixed-point, no trailing fractional zeros, no trailing point, zero without sign. */
function trimmedDecimal(units: number, scale: number): string {
  if (units === 0) return '0';
  return decimalText(units, scale).replace(/0+$/, '').replace(/\.$/, '');
}

/** The stored values, as text that both engines read. */
function stored(parcel: Parcel) {
  const at = new Date(Math.floor(parcel.scannedAt / 1000));
  const seconds = Math.floor(parcel.scannedAt / 1_000_000);
  return {
    TrackingNumber: String(parcel.trackingNumber),
    IsFragile: String(parcel.isFragile),
    Weight: decimalText(parcel.weight, 4),
    Boxes: String(parcel.boxes),
    ReadyOn: dayText(parcel.day),
    ReadyAt: `${timeText(Math.floor(parcel.readyAt / 1_000_000))}.${microseconds(parcel.readyAt)}`,
    ScannedAt: `${dayText(at)}T${timeText(seconds % 86_400)}.${microseconds(parcel.scannedAt)}`,
    Label: parcel.label,
    Uri: `uri://ed-fi.org/KindDescriptor#${parcel.codeValue}`,
  };
}

function nameOf(parcel: Parcel): string {
  const values = stored(parcel);
  const texts: readonly (readonly [string, string])[] = [
    ['$.trackingNumber', values.TrackingNumber],
    ['$.isFragile', values.IsFragile],
    ['$.weight', trimmedDecimal(parcel.weight, 4)],
    ['$.boxes', values.Boxes],
    ['$.readyOn', values.ReadyOn],
    ['$.readyAt', values.ReadyAt.slice(0, 8)],
    ['$.scannedAt', `${values.ScannedAt.slice(0, 19)}Z`],
    ['$.label', parcel.label],
    // the values are restricted to the letters A to Z: others fold differently between engines
    ['$.kindDescriptor', values.Uri.toLowerCase()],
  ];
  return `O'Brien & Co. #1Parcel${texts.map(([element, text]) => `${element}=${text}`).join('#')}`;
}

const hostile = fc.constantFrom(
  "'",
  '"',
  '#',
  '=',
  '$.',
  '$$',
  '%',
  '\\',
  ' ',
  'é',
  'Å',
  '学',
  '\u{1F4E6}',
  '\u2028',
  ']',
  '--',
  '/*',
);

const parcel: fc.Arbitrary<Parcel> = fc.record({
  trackingNumber: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(0n, 2n ** 53n + 1n, -1n),
  ),
  isFragile: fc.boolean(),
  weight: fc.oneof(
    fc.integer({ min: -999_999_999, max: 999_999_999 }),
    fc.integer({ min: -99_999, max: 99_999 }).map((value) => value * 10_000),
    fc.constantFrom(0, 1, -500, 10_000),
  ),
  boxes: fc.integer({ min: -99_999, max: 99_999 }),
  day: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  readyAt: fc.oneof(fc.integer({ min: 0, max: 86_399_999_999 }), fc.constantFrom(0, 86_399_999_999)),
  scannedAt: fc.oneof(fc.integer({ min: 0, max: 4_102_444_799_999_999 }), fc.constantFrom(0, 1_900_000_000_999_999)),
  label: fc
    .array(fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 })
    .map((parts) => [...parts.join('').replaceAll('\0', '')].slice(0, 60).join(''))
    .filter((text) => text.isWellFormed()),
  codeValue: fc.stringMatching(/^[A-Za-z0-9 '#=%.-]{1,40}$/),
});

const numRuns = propertyRuns(40);

const sessions: readonly string[] = [
  "SET LOCAL TIME ZONE 'UTC'",
  "SET LOCAL TIME ZONE 'Asia/Kathmandu'; SET LOCAL DateStyle = 'SQL, DMY'",
  "SET LOCAL TIME ZONE 'America/St_Johns'; SET LOCAL DateStyle = 'German'; SET LOCAL IntervalStyle = 'iso_8601'",
  "SET LOCAL TIME ZONE '-11:30'; SET LOCAL DateStyle = 'Postgres, MDY'; SET LOCAL extra_float_digits = 0",
];

describe.each(usualDatabaseEngines())('identities of random rows on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned(parcels.pgsql.script);
  });

  afterAll(() => database.close());

  it('are hashed as the application hashes them, at insert and after a change of every value, in any session', async () => {
    await fc.assert(
      fc.asyncProperty(parcel, parcel, fc.constantFrom(...sessions), (first, second, session) =>
        rolledBack(database, async () => {
          const identity = async () =>
            database.queryRows(
              'SELECT "ReferentialId"::text, "ResourceKeyId" FROM dms."ReferentialIdentity" ORDER BY "ResourceKeyId"',
            );
          const document = `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
            VALUES ($1, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = $2))`;
          const descriptor = `INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
            VALUES ($1, 'n', $2, 's', $3, $4)`;
          const values = [stored(first), stored(second)] as const;
          for (const [index, { Uri }] of values.entries()) {
            await database.query(document, [10 + index, 'KindDescriptor']);
            await database.query(descriptor, [10 + index, String(index), `D${index}`, Uri]);
          }
          await database.query(document, [1, 'Parcel']);
          const columns = [
            'TrackingNumber',
            'IsFragile',
            'Weight',
            'Boxes',
            'ReadyOn',
            'ReadyAt',
            'ScannedAt',
            'Label',
          ] as const;
          const texts = ({ ScannedAt, ...rest }: (typeof values)[0]) =>
            columns.map((column) => (column === 'ScannedAt' ? `${ScannedAt}Z` : rest[column]));
          await database.exec(session);
          // dates as text: the order of day and month must not depend on the session here
          const types = ['bigint', 'boolean', 'numeric', 'numeric', 'date', 'time', 'timestamptz', 'text'];
          await database.query(
            `INSERT INTO depot."Parcel" ("DocumentId", "KindDescriptor_DescriptorId", ${columns.map((column) => `"${column}"`).join(', ')})
             VALUES (1, 10, ${types.map((type, index) => `$${index + 1}::text::${type}`).join(', ')})`,
            texts(values[0]),
          );
          expect(await identity()).toEqual([[uuidOf(referentialNamespace, nameOf(first)), 2]]);
          await database.query(
            `UPDATE depot."Parcel" SET "KindDescriptor_DescriptorId" = 11, ${columns.map((column, index) => `"${column}" = $${index + 1}::text::${types[index]}`).join(', ')}`,
            texts(values[1]),
          );
          expect(await identity()).toEqual([[uuidOf(referentialNamespace, nameOf(second)), 2]]);
        }),
      ),
      { numRuns },
    );
  });

  it('the example of the chapter with a letter outside ASCII', async () => {
    expect(
      await database.queryRows(`SELECT dms.uuidv5('${referentialNamespace}', 'Ed-FiWidget$.name=Ångström 10')::text`),
    ).toEqual([['b732c9d4-0e00-5e35-ad57-2b50fb39da89']]);
  });
});

describe('name strings of the SQL Server script, computed from its text', () => {
  const { body } = readScript(parcels.mssql.script).modules.find(
    ({ name }) => name === 'depot.TR_Parcel_ReferentialIdentity',
  )!;
  const call = body.findIndex((token, index) => token.value === 'uuidv5' && body[index + 1]?.text === '(') + 1;
  const [namespace = [], name = []] = commaSeparated(body.slice(call + 1, closing(body, call))) as [
    SqlToken[],
    SqlToken[],
  ];

  const lookup = (parcelRow: Parcel) => {
    const values = stored(parcelRow);
    const row: Readonly<Record<string, TsqlValue>> = {
      't.TrackingNumber': { kind: 'typed', type: 'bigint', value: values.TrackingNumber },
      't.IsFragile': { kind: 'typed', type: 'bit', value: parcelRow.isFragile ? '1' : '0' },
      't.Weight': { kind: 'typed', type: 'decimal', value: values.Weight },
      't.Boxes': { kind: 'typed', type: 'decimal', value: values.Boxes },
      't.ReadyOn': { kind: 'typed', type: 'date', value: values.ReadyOn },
      't.ReadyAt': { kind: 'typed', type: 'time', value: `${values.ReadyAt}0` },
      't.ScannedAt': { kind: 'typed', type: 'datetime2', value: `${values.ScannedAt}0` },
      't.Label': { kind: 'text', value: values.Label },
      'd.Uri': { kind: 'text', value: values.Uri },
    };
    return (column: string): TsqlValue => {
      const value = row[column];
      if (value === undefined) throw new Error(`no value ${column}`);
      return value;
    };
  };

  it('use the namespace of all referential ids', () => {
    expect(evaluate(namespace, () => null)).toEqual({ kind: 'guid', value: referentialNamespace });
  });

  it('are those of the application for random rows', () => {
    fc.assert(
      fc.property(parcel, (row) => {
        expect(evaluate(name, lookup(row))).toEqual({ kind: 'text', value: nameOf(row) });
      }),
      { numRuns: numRuns * 5 },
    );
  });

  it('begin with a literal of unlimited length, so that nothing is cut at 4000 characters', () => {
    expect(name.slice(0, 7).map(({ text }) => text)).toEqual([
      'CAST',
      '(',
      "N'O''Brien & Co. #1Parcel$.trackingNumber='",
      'AS',
      'nvarchar',
      '(',
      'max',
    ]);
  });
});
