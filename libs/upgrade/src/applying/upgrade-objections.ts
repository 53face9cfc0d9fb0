import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import { mustExist } from '@dms/model';
import type { ObjectionCount } from '../plan/reported-plan.ts';
import { stepFacts, type UpgradeCheck, type UpgradePlan } from '../plan/upgrade-plan.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';
import { itemText } from '../script/upgrade-statements.ts';
import { type ObjectingDocument, objectingDocuments, pathsOfCheck } from './check-places.ts';
import { allInvalidDocuments, type InvalidDocuments } from './document-checks.ts';
import type { AskedDocuments } from './later-documents.ts';
import { type BoundedRun, type CountedLoss, impossibleItems } from './upgrade-run.ts';

/* What rows and documents of a database object to in a plan (design 12 §3). */

/** `UPGRADE_LOSS` for every loss that is not permitted, with counts where they are known. */
export function unpermittedLosses(
  { unpermitted }: UpgradePlan,
  counted: readonly CountedLoss[] = [],
): readonly Diagnostic[] {
  return unpermitted.map((item) => {
    const count = counted.find((loss) => loss.item === item)?.count;
    const lost = count === undefined ? '' : ` (${count} in this database)`;
    const name = item.path[0]?.includes(':') ? item.owner.replace(':', '.') : item.path.join('.');
    const text = `${item.owner}: ${itemText(item)} would be lost${lost}. Permit it with --allow-loss ${name}.`;
    const details = { change: item.change, path: [...item.path], ...(count === undefined ? {} : { count }) };
    return diagnostic('UPGRADE_LOSS', text, { resource: item.owner }, details);
  });
}

/** Why a plan may not be carried out in any database: `UPGRADE_IMPOSSIBLE`, `UPGRADE_LOSS`. */
export const refusals = (plan: UpgradePlan): readonly Diagnostic[] => [
  ...impossibleItems(plan),
  ...unpermittedLosses(plan),
];

/** Why documents that break a rule of the later set prevent the upgrade. */
function documentObjection({ check, item, count, examples, said }: InvalidDocuments): Diagnostic {
  const resource = check.resource.after;
  const named = examples.map(({ uuid, path }) => `${uuid} ${path}`).join(', ');
  const text = `${item.owner}: ${itemText(item)}: ${counted(count, 'document does', 'documents do')} not allow it (${named}${count > examples.length ? ', …' : ''}). Of the first, load would say: ${said} Change them and run it again, or let them stay with --allow-invalid ${resource}.`;
  const details = {
    check: check.id,
    count,
    documents: examples.map(({ uuid }) => uuid),
    paths: examples.map(({ path }) => path),
  };
  return diagnostic('UPGRADE_ROWS_OBJECT', text, { resource }, details);
}

/** What rows and documents of a database say to a plan. */
export interface UpgradeFindings {
  readonly losses: readonly CountedLoss[];
  /** The documents that the later set newly refuses, those that may stay too. */
  readonly invalid: readonly InvalidDocuments[];
  /** Why the upgrade would refuse the database: `UPGRADE_LOSS`, `UPGRADE_ROWS_OBJECT`. */
  readonly objections: readonly Diagnostic[];
  /** How many rows and documents object to which items. */
  readonly counts: readonly ObjectionCount[];
}

/** The documents of an objection, by resource: `documents of Uni:Tag: 2d7b… $.code, …`. */
function namedDocuments(documents: readonly ObjectingDocument[], isMore: boolean): string {
  const groups = [...groupBy(documents, ({ resource }) => resource)].map(([resource, own]) => {
    const named = own.map(({ uuid, path }) => (path === null ? uuid : `${uuid} ${path}`)).join(', ');
    const what = own.length === 1 && !isMore ? 'document' : 'documents';
    return resource === null ? `deleted ${what} ${named}` : `${what} of ${resource}: ${named}`;
  });
  return groups.length === 0 ? '' : ` (${groups.join('; ')}${isMore ? ', …' : ''})`;
}

/** An objection of rows, and the paths whose values it names. */
interface RowsObjection extends ObjectionCount {
  readonly diagnostic: Diagnostic;
  /** `Project:Resource` in the later set. */
  readonly resource: string;
  readonly paths: readonly string[];
}

/** What the rows of a check object to; null if there are none. */
async function rowsObjection(run: BoundedRun, check: UpgradeCheck): Promise<RowsObjection | null> {
  const { connection, plan, statements } = run;
  const { id, item, sql, complaint } = check;
  const { count, first } = upgradeDialects[plan.dialect].found(sql);
  const asked = <Result>(query: string) =>
    statements.run(`check ${id}`, (limits) => connection.query<Result>(query, [], limits));
  const [row] = await asked<{ n: unknown; documents: unknown }>(count);
  const counts = mustExist(row, `the count of check ${id}`);
  const rows = Number(counts.n);
  if (rows === 0) return null;
  const entry = mustExist(plan.items[item], `the item of check ${id}`);
  const uuids = (await asked<{ uuid: string | null }>(first)).flatMap(({ uuid }) => uuid ?? []);
  const paths = pathsOfCheck(run, check, entry);
  const documents = await statements.run(`check ${id}`, (limits) =>
    objectingDocuments(connection, run, { uuids, paths }, limits),
  );
  const [worst] = complaint.extreme === undefined ? [] : await asked<{ extreme: unknown }>(complaint.extreme.sql);
  const extreme = worst === undefined ? '' : `, ${complaint.extreme?.words} ${worst.extreme}`;
  const remedy = entry.fixedRows
    ? `They are ${entry.fixedRows}: ${entry.reason ?? ''}`
    : entry.reason
      ? `Change them, or: ${entry.reason}`
      : 'Change them, and run it again';
  const named = namedDocuments(documents, Number(counts.documents) > uuids.length);
  const text = `${entry.owner}: ${itemText(entry)}: ${counted(rows, complaint.one, complaint.many)}${extreme}${named}. ${remedy}. The query ${id}: ${sql}`;
  const details = {
    check: id,
    count: rows,
    documents: documents.map(({ uuid }) => uuid),
    paths: documents.flatMap(({ path }) => path ?? []),
    query: sql,
  };
  const found = diagnostic('UPGRADE_ROWS_OBJECT', text, { resource: entry.owner }, details);
  return { diagnostic: found, resource: entry.resource, paths, item: entry, count: rows, of: 'row' };
}

/**
 * Asks the session's database everything that an upgrade asks before its first change: what would be lost, which rows
 * and which documents object (design 12 §3). `upgrade plan`, `prepare` and `apply` give the same findings, because all
 * of them ask here. With `documentIds`, only these documents are read.
 */
export async function upgradeFindings(
  run: BoundedRun,
  { documentIds }: Pick<AskedDocuments, 'documentIds'> = {},
): Promise<UpgradeFindings> {
  const { connection, plan, options } = run;
  const losses = await countLosses(run);
  const rows: RowsObjection[] = [];
  for (const check of plan.checks) {
    const objection = await rowsObjection(run, check);
    if (objection !== null) rows.push(objection);
  }
  const all = await allInvalidDocuments(connection, run, {
    signal: options.signal,
    documentIds,
    onCheck: ({ resource }, index) => {
      const { number: step, title } = stepFacts('checks');
      const progress = { statement: index + 1, statements: plan.documentChecks.length };
      options.onProgress?.({ step, title, subject: `documents of ${resource.after}`, ...progress });
    },
  });
  // a value that a column refuses is named once
  const isNamed = ({ item: { path }, check }: InvalidDocuments) =>
    rows.some(({ resource, paths }) => resource === check.resource.after && paths.includes(path[1] ?? ''));
  const invalid = all.filter((each) => plan.items.includes(each.item) || !isNamed(each));
  const refused = invalid.filter(({ check }) => !check.isAllowed);
  const ofRows = rows.map((each) => each.diagnostic);
  return {
    losses,
    invalid,
    objections: [...unpermittedLosses(plan, losses), ...ofRows, ...refused.map(documentObjection)],
    counts: [
      ...rows.map(({ item, count, of }) => ({ item, count, of })),
      ...refused.map(({ item, count }) => ({ item, count, of: 'document' as const })),
    ],
  };
}

/** Counts what the plan loses in this database. */
async function countLosses({ connection, plan, statements }: BoundedRun): Promise<CountedLoss[]> {
  const losses: CountedLoss[] = [];
  for (const { id, item, sql, documents } of plan.losses) {
    const counted = async (query: string) => {
      const [row] = await statements.run(`count ${id}`, (limits) =>
        connection.query<{ n: unknown }>(query, [], limits),
      );
      return Number(mustExist(row, `the count of loss ${id}`).n);
    };
    const count = await counted(sql);
    losses.push({
      item: mustExist(plan.items[item], `the item of loss ${id}`),
      count,
      documents: documents === null ? null : count === 0 ? 0 : await counted(documents),
    });
  }
  return losses;
}
