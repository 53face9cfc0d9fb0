import { dialectRules, qualifiedName } from '@dms/sql';
import { type PreparedObject, preparedSchema, preparedTable } from './prepared-objects.ts';

const rules = dialectRules.pgsql;
const q = (name: string) => rules.quote(name);
const literal = (text: string) => rules.stringLiteral(text);

/** Where a database records what was prepared in it (design 12 §14.2); the upgrade removes it. */
export const recordTable = { schema: 'dms_upgrade', name: 'Preparation' } as const;

const table = qualifiedName(rules, recordTable);

/** The record itself, which no schema set has. */
export const recordObjects: readonly PreparedObject[] = [preparedSchema(recordTable.schema), preparedTable(recordTable)];

/** Creates the record, if the database has none. */
export const createRecord = [
  `CREATE SCHEMA IF NOT EXISTS ${q(recordTable.schema)};`,
  `CREATE TABLE IF NOT EXISTS ${table} (`,
  `    ${q('Step')} integer NOT NULL,`,
  `    ${q('Position')} integer NOT NULL,`,
  `    ${q('Later')} text NOT NULL,`,
  `    ${q('Kind')} text NOT NULL,`,
  `    ${q('Schema')} text NOT NULL,`,
  `    ${q('Table')} text,`,
  `    ${q('Name')} text,`,
  `    ${q('Statement')} text NOT NULL,`,
  `    ${q('IsDone')} boolean NOT NULL,`,
  `    PRIMARY KEY (${q('Step')}, ${q('Position')})`,
  ');',
  `COMMENT ON TABLE ${table} IS 'What dms-ddl upgrade prepare has made for an upgrade; the upgrade removes it.';`,
].join('\n');

/** Removes the record. It must be empty of objects that still exist. */
export const dropRecord = `DROP TABLE ${table};\nDROP SCHEMA ${q(recordTable.schema)};`;

/** Reads the record, in the order of the steps. */
export const readRecord = `SELECT ${q('Step')} AS step, ${q('Later')} AS later, ${q('Kind')} AS kind, ${q('Schema')} AS schema, ${q('Table')} AS "table", ${q('Name')} AS name, ${q('Statement')} AS statement, ${q('IsDone')} AS done FROM ${table} ORDER BY ${q('Step')}, ${q('Position')}`;

/** A step that a record has, or will have. */
export interface RecordedStep {
  /** Its number in the record, from 1, in the order in which the steps were made. */
  readonly number: number;
  /** The hash of the schema set that is prepared. */
  readonly later: string;
  readonly statement: string;
  readonly objects: readonly PreparedObject[];
  /** Whether its statement ended. */
  readonly isDone: boolean;
}

/** Adds a step to the record. */
export function addToRecord({ number, later, statement, objects, isDone }: RecordedStep): string {
  const orNull = (name: string | null) => (name === null ? 'NULL' : literal(name));
  const rows = objects.map(
    ({ kind, schema, table: ofTable, name }, position) =>
      `(${number}, ${position}, ${literal(later)}, ${literal(kind)}, ${literal(schema)}, ${orNull(ofTable)}, ${orNull(name)}, ${literal(statement)}, ${isDone})`,
  );
  return `INSERT INTO ${table} VALUES ${rows.join(', ')};`;
}

export const markDone = (step: number): string => `UPDATE ${table} SET ${q('IsDone')} = true WHERE ${q('Step')} = ${step};`;

export const removeFromRecord = (step: number): string => `DELETE FROM ${table} WHERE ${q('Step')} = ${step};`;
