import { splitBatches } from '@dms/sql';
import type { Finding } from '../finding.ts';
import { batchLaw, closedPairs, sizes, variables } from './batch-checks.ts';
import type { Check } from './script-check.ts';
import { characters } from './text-checks.ts';
import { readModule, type Script } from './tsql-script.ts';

/** The checks that apply to any script, not only to one that creates a database from nothing. */
const checks: Readonly<Record<string, Check>> = {
  S1: batchLaw,
  S2: closedPairs,
  S3: variables,
  S11: sizes,
  S14: characters,
};

const late = /^EXEC \((N'[^']*(?:''[^']*)*'(?: \+ N'[^']*(?:''[^']*)*')*)\);$/gm;

/** The same where a variable has the text, because it is recorded as well. */
const inVariable =
  /^DECLARE @statement nvarchar\(max\) = (?:CAST\(N'' AS nvarchar\(max\)\) \+ )?(N'[^']*(?:''[^']*)*'(?: \+ N'[^']*(?:''[^']*)*')*);$/gm;

const textOf = (literals: string) => literals.slice(2, -1).replaceAll("' + N'", '').replaceAll("''", "'");

/** The script with the statements that are compiled late as batches like the others; lines keep their numbers. */
const compiledAtOnce = (text: string) =>
  text
    .replace(late, (_, literals: string) => textOf(literals))
    .replace(inVariable, (_, literals: string) => `DECLARE @statement nvarchar(max); ${textOf(literals)}`);

/** The findings in the text of an upgrade script for SQL Server (design 09 §7.4). */
export function upgradeScriptFindings(written: string): Finding[] {
  const text = compiledAtOnce(written);
  const batches = splitBatches(text);
  const script: Script = {
    text,
    batches,
    schemas: [],
    sequences: new Map(),
    tables: new Map(),
    tableTypes: [],
    // the parameters of a function are declared in its header
    modules: batches.flatMap((batch) => readModule(batch) ?? []),
  };
  return Object.entries(checks).flatMap(([id, check]) => check(script).map((finding) => ({ id, text: finding })));
}
