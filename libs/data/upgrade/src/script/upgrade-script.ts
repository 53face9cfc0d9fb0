import { changeClasses } from '@dms/catalog';
import { core, qualified } from '@dms/model';
import { dialectRules, type PlainLines, type PlainSql, SqlWriter } from '@dms/sql';
import { stepFacts, type UpgradeStep } from '../ops/order.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import type { UpgradeSide } from '../plan/upgrade-side.ts';
import { renameText } from '../renaming/renaming.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

type Block = PlainSql | PlainLines;

/** The additions to the script of an upgrade after a preparation (design 12a §5.5). */
interface PreparedScriptParts {
  readonly hint: string;
  /** Batches between the preflight and the first statement. */
  readonly first: readonly Block[];
  /** The batch of a statement. */
  readonly batch: (statement: UpgradeStatement) => PlainSql;
  /** Batches before the fingerprint changes. */
  readonly last: readonly Block[];
}

/** A script, with the line on which each statement of its plan begins, from 1. */
export interface WrittenScript {
  readonly text: string;
  readonly lines: ReadonlyMap<UpgradeStatement, number>;
}

/** `upgrade.<dialect>.sql` (design 12 §6), or the script that follows a preparation. */
export function upgradeScript(
  plan: Omit<UpgradePlan, 'script' | 'scriptLines'>,
  dialect: UpgradeDialect,
  { hint, first, batch: batchOf, last: closing }: PreparedScriptParts = {
    hint: dialect.scriptHint,
    first: [],
    batch: (statement) => dialect.batch(statement),
    last: [],
  },
): WrittenScript {
  const { before, after, items, allowedLosses, renaming, statements } = plan;
  const counts = changeClasses.map((name) => `${items.filter((item) => item.class === name).length} ${name}`);
  const writer = new SqlWriter();
  writer
    .linesOf([
      ...scriptHeading(plan),
      `-- Changes: ${counts.join(', ')}`,
      `-- Permitted losses: ${allowedLosses.length === 0 ? 'none' : allowedLosses.map(oneLine).join(', ')}`,
      ...renaming.renames.map((rename) => `-- Renamed: ${oneLine(renameText(rename))}`),
      ...plan.documentChecks.map(
        ({ resource }) =>
          `-- Not checked here: documents of ${oneLine(resource.after)}. dms-ddl upgrade apply checks them.`,
      ),
      `-- ${hint}`,
    ])
    .blank();
  const lines = new Map<UpgradeStatement, number>();
  /** Writes a batch; a text may be of a statement. */
  const batch = (...blocks: readonly (string | Block | readonly [text: PlainSql, of: UpgradeStatement])[]) => {
    for (const block of blocks)
      if (typeof block === 'string') writer.linesOf(block.split('\n'));
      else if ('pieces' in block || 'lines' in block) writer.write(block);
      else {
        const [text, of] = block;
        lines.set(of, writer.nextLine);
        writer.write(text);
      }
    writer.linesOf(dialect.batchEnd).blank();
  };
  if (dialect.opening.length > 0) batch(dialect.opening.join('\n'));
  const guarded: typeof batch = (...texts) => {
    if (dialect.guard !== null) batch(dialect.guard);
    batch(...texts);
  };
  heading(writer, 'preflight');
  guarded(dialect.preflight(before, after, plan.collation));
  if (dialect.refuseLoss !== null && plan.dropped.length > 0) guarded(dialect.refuseLoss(plan));
  for (const sql of first) guarded(sql);
  const isFingerprint = ({ step, subject }: UpgradeStatement) =>
    step === 'fingerprint' && subject === qualified(core.effectiveSchema);
  let last: UpgradeStep = 'preflight';
  for (const statement of statements) {
    const { step } = statement;
    if (step !== last) heading(writer, step);
    last = step;
    if (!isFingerprint(statement)) guarded([batchOf(statement), statement]);
  }
  for (const sql of closing) guarded(sql);
  // the fingerprint changes last, in the batch that commits
  const fingerprint = statements.filter(isFingerprint).map((each) => [each.sql, each] as const);
  dialect.end(fingerprint).forEach((texts, index) => {
    if (index === 0) guarded(...texts);
    else batch(...texts);
  });
  const text = writer.text();
  const script = dialectRules[plan.dialect].scriptText(text);
  // a line about the encoding may come before the first
  const shift = script.slice(0, script.length - text.length).split('\n').length - 1;
  return { text: script, lines: new Map([...lines].map(([statement, line]) => [statement, line + shift])) };
}

/** Writes a name or a permission into a one-line comment; it may contain any characters. */
const oneLine = (text: string) => JSON.stringify(text).slice(1, -1);

const ruleLine = `-- ${'='.repeat(58)}`;

function heading(writer: SqlWriter, step: UpgradeStep): void {
  const { number, title } = stepFacts(step);
  writer.linesOf([ruleLine, `-- Step ${number}: ${title}`, ruleLine]).blank();
}

/** The lines that say which upgrade a script is of. */
export function scriptHeading(
  { purpose, before, after, hash }: Pick<UpgradePlan, 'purpose' | 'before' | 'after' | 'hash'>,
  title = 'Upgrade',
): readonly string[] {
  const from = `-- ${title} from `;
  const of = (side: UpgradeSide) => named(side, purpose === 'move' ? `, ${side.mappingVersion}` : '');
  return [
    ...(purpose === 'adoption'
      ? [`-- Adoption of a database of ${named(after)}, whose triggers and functions the service's own tool made`]
      : [`${from}${of(before)}`, `--${'to '.padStart(from.length - 2)}${of(after)}`]),
    `-- Plan: ${hash ?? 'none'}`,
  ];
}

const named = ({ effectiveSchemaHash, projects }: UpgradeSide, shape = '') =>
  `${effectiveSchemaHash} (${projects.map(oneLine).join(', ')})${shape}`;
