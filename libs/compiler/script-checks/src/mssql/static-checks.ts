import type { Catalog } from '@dms/catalog';
import { type Batch, splitBatches, UnreadableScript } from '@dms/sql';
import { unlikeComparisons } from '../compared-rows.ts';
import { batchLimits } from '../limit-checks.ts';
import { type ScriptFinding, textForm } from '../text-form.ts';
import { batchLaw, characters, closedPairs, quotedNames, sizes, variables } from './batch-checks.ts';
import { hierarchyLocks, orderedLocks } from './lock-checks.ts';
import { forcedSeekCheck, moduleColumns, workSets } from './module-checks.ts';
import { cascades, existing, keySizes, keyTargets, uniqueNames } from './object-checks.ts';
import { statedDifferences } from './stated-catalog.ts';
import { forbiddenStatements, frame, guards, triggerBodies } from './statement-checks.ts';
import { readModule, readScript, type Script, type ScriptCheck, type ScriptModule } from './tsql-script.ts';

/*
 * The static checks of design 09b §2.4 for SQL Server scripts, and a few more that need only the text: S1 to S16, S18,
 * S19 and the named checks.
 */

const unlikeRows: ScriptCheck = ({ modules }) =>
  modules.flatMap(({ kind, name, body }) =>
    kind === 'TRIGGER'
      ? unlikeComparisons(body, ['i', 'd']).map((line) => `line ${line}: ${name} compares unlike columns`)
      : [],
  );

const checks: Readonly<Record<string, ScriptCheck>> = {
  S1: batchLaw,
  S2: closedPairs,
  S3: variables,
  S4: forbiddenStatements,
  S6: existing,
  S7: keyTargets,
  S8: uniqueNames,
  S9: keySizes,
  S10: cascades,
  S11: sizes,
  S12: triggerBodies,
  S13: ({ text }) => textForm(text),
  S14: characters,
  S15: hierarchyLocks,
  S16: unlikeRows,
  S18: batchLimits,
  S19: orderedLocks,
  names: quotedNames,
  columns: moduleColumns,
  guards,
  frame,
  seeks: forcedSeekCheck,
  sets: workSets,
};

const findingsOf = (some: Readonly<Record<string, ScriptCheck>>, script: Script): ScriptFinding[] =>
  Object.entries(some).flatMap(([id, check]) => check(script).map((text) => ({ id, text })));

/** All findings in the text of a readable script. */
export const tsqlFindings = (script: Script): ScriptFinding[] => findingsOf(checks, script);

/** A script with its batches and modules, without other objects; `modulesIn` reads the module of a batch. */
function textAlone(text: string, modulesIn: (batch: Batch) => ScriptModule | null): Script {
  const batches = splitBatches(text);
  const nothing = { schemas: [], sequences: new Map(), tables: new Map(), tableTypes: [] };
  return { text, batches, ...nothing, modules: batches.flatMap((batch) => modulesIn(batch) ?? []) };
}

/** S5: the script must state the desired catalog. */
function otherThanDesired(script: Script, desired: Catalog): ScriptFinding[] {
  return statedDifferences(script, desired).map(({ change, object, path, field }) => {
    const member = field === undefined ? '' : `: ${field}`;
    return { id: 'S5', text: `${object} ${path.join('.')} is ${change} in the script${member}` };
  });
}

/**
 * All findings in any text, which must also state the desired catalog. If the text does not have the forms that the
 * renderer writes, the first finding is the statement that cannot be read.
 */
export function mssqlFindings(text: string, desired: Catalog): ScriptFinding[] {
  try {
    const script = readScript(text);
    return [...tsqlFindings(script), ...otherThanDesired(script, desired)];
  } catch (error) {
    if (!(error instanceof UnreadableScript)) throw error;
    const readable = { S2: closedPairs, S4: forbiddenStatements, S14: characters };
    const others = findingsOf(
      readable,
      textAlone(text, () => null),
    );
    return [{ id: 'S2', text: error.message }, ...others];
  }
}

/** The checks that apply to any script, not only to one that creates a database from nothing. */
const upgradeChecks: Readonly<Record<string, ScriptCheck>> = {
  S1: batchLaw,
  S2: closedPairs,
  S3: variables,
  S11: sizes,
  S14: characters,
};

const late = /^EXEC \((N'[^']*(?:''[^']*)*'(?: \+ N'[^']*(?:''[^']*)*')*)\);$/gm;

/** Such a statement in a variable, which holds the text because the script also records it. */
const inVariable =
  /^DECLARE @statement nvarchar\(max\) = (?:CAST\(N'' AS nvarchar\(max\)\) \+ )?(N'[^']*(?:''[^']*)*'(?: \+ N'[^']*(?:''[^']*)*')*);$/gm;

const textOf = (literals: string) => literals.slice(2, -1).replaceAll("' + N'", '').replaceAll("''", "'");

/** The script with the late-compiled statements as part of its batches; lines keep their numbers. */
const compiledAtOnce = (text: string) =>
  text
    .replace(late, (_, literals: string) => textOf(literals))
    .replace(inVariable, (_, literals: string) => `DECLARE @statement nvarchar(max); ${textOf(literals)}`);

/** The findings in the text of an upgrade script for SQL Server (design 09b §2.4). */
export function upgradeScriptFindings(written: string): ScriptFinding[] {
  // the parameters of a function are declared in its header
  return findingsOf(upgradeChecks, textAlone(compiledAtOnce(written), readModule));
}
