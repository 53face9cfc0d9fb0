import type { Catalog } from '@dms/catalog';
import { splitBatches, UnreadableScript } from '@dms/sql';
import { unlikeComparisons } from '../compared-rows.ts';
import type { Finding } from '../finding.ts';
import { textForm } from '../text-form.ts';
import { batchLaw, closedPairs, sizes, variables } from './batch-checks.ts';
import { frame } from './frame-checks.ts';
import { guards } from './guard-checks.ts';
import { cascades, keySizes, keyTargets } from './key-checks.ts';
import { batchLimits } from './limit-checks.ts';
import { moduleColumns } from './module-columns.ts';
import { existing, uniqueNames } from './object-checks.ts';
import type { Check } from './script-check.ts';
import { statedDifferences } from './stated-catalog.ts';
import { forbiddenStatements, triggerBodies } from './statement-checks.ts';
import { characters, quotedNames } from './text-checks.ts';
import { readScript, type Script } from './tsql-script.ts';
import { forcedSeekCheck, workSets } from './work-set-checks.ts';

/*
 * The static checks of design 09 §7.4 for SQL Server scripts, and a few more that text allows: S1 to S14, S16, S18 and
 * the named checks.
 */

const unlikeRows: Check = ({ modules }) =>
  modules.flatMap(({ kind, name, body }) =>
    kind === 'TRIGGER'
      ? unlikeComparisons(body, ['i', 'd']).map((line) => `line ${line}: ${name} compares unlike columns`)
      : [],
  );

const checks: Readonly<Record<string, Check>> = {
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
  S16: unlikeRows,
  S18: batchLimits,
  names: quotedNames,
  columns: moduleColumns,
  guards,
  frame,
  seeks: forcedSeekCheck,
  sets: workSets,
};

/** Everything that is wrong with a script that could be read, as far as its text shows. */
export function tsqlFindings(script: Script): Finding[] {
  return Object.entries(checks).flatMap(([id, check]) => check(script).map((text) => ({ id, text })));
}

/** S5: the script states the desired catalog. */
function otherThanDesired(script: Script, desired: Catalog): Finding[] {
  return statedDifferences(script, desired).map(({ change, object, path, field }) => {
    const member = field === undefined ? '' : `: ${field}`;
    return { id: 'S5', text: `${object} ${path.join('.')} is ${change} in the script${member}` };
  });
}

/**
 * The same for any text, which must also state the desired catalog; if the text does not have the forms that the
 * renderer writes, what does not fit comes first.
 */
export function mssqlFindings(text: string, desired: Catalog): Finding[] {
  try {
    const script = readScript(text);
    return [...tsqlFindings(script), ...otherThanDesired(script, desired)];
  } catch (error) {
    if (!(error instanceof UnreadableScript)) throw error;
    const batches = splitBatches(text);
    const script: Script = {
      text,
      batches,
      schemas: [],
      sequences: new Map(),
      tables: new Map(),
      tableTypes: [],
      modules: [],
    };
    const readable: Readonly<Record<string, Check>> = { S2: closedPairs, S4: forbiddenStatements, S14: characters };
    const others = Object.entries(readable).flatMap(([id, check]) =>
      check(script).map((finding) => ({ id, text: finding })),
    );
    return [{ id: 'S2', text: error.message }, ...others];
  }
}
