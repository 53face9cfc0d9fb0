import { splitBatches } from '@dms/sql';
import { readScript, type Script, type ScriptCheck } from '../src/mssql/tsql-script.ts';

/** The findings of a check in the text of a script. */
export const findings = (check: ScriptCheck, text: string): string[] => check(readScript(text));

/** The findings of a check in a text that is only split into tokens, without reading objects from it. */
export function findingsOfTokens(check: ScriptCheck, text: string): string[] {
  const script: Script = {
    text,
    batches: splitBatches(text),
    schemas: [],
    sequences: new Map(),
    tables: new Map(),
    tableTypes: [],
    modules: [],
  };
  return check(script);
}

/** Joins batches to a script. */
export const batches = (...texts: readonly string[]) => texts.join('\nGO\n');

/** `CREATE TABLE [s].[T] (…);` with the given columns and constraints. */
export const table = (name: string, ...definitions: readonly string[]) =>
  `CREATE TABLE [s].[${name}]\n(\n    ${definitions.join(',\n    ')}\n);`;

/** A trigger on `[s].[T]`, with the given statements after `SET NOCOUNT ON;`. */
export const trigger = (...statements: readonly string[]) =>
  `CREATE OR ALTER TRIGGER [s].[TR] ON [s].[T] AFTER INSERT AS\nBEGIN\n    SET NOCOUNT ON;\n    ${statements.join('\n    ')}\nEND;`;

/** One text for each number from 1 to `count`. */
export const numbered = (count: number, text: (number: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index + 1));
