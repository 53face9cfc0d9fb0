import { isWithin, resourceLabel } from '@dms/api-schema';
import { type Connection, type Limits, rowsOf, sequenceErrors, sequencesBehind, sequenceText } from '@dms/databases';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { core, modelIndex, mustExist, type RelationalModelSet, type TableNameKey } from '@dms/model';
import { dialectOf, empty, type PlainSql, type Sql, textOf } from '@dms/sql';
import { groupBy } from '@dms/values';
import { stepFacts } from '../ops/order.ts';
import type { CheckFinding } from '../plan/reported-plan.ts';
import type { UpgradeCheck, UpgradeItem, UpgradePlan } from '../plan/upgrade-plan.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';
import { itemText } from '../script/upgrade-operations.ts';
import {
  type AskedDocuments,
  allInvalidDocuments,
  type CheckedUpgrade,
  type InvalidDocuments,
  pathOf,
  type RejectedDocument,
  rejectedDocuments,
} from './document-checks.ts';
import { type BoundedRun, type CountedLoss, impossibleItems } from './upgrade-run.ts';

/* The findings of the checks of a plan in the rows and documents of a database (design 12 §3). */

/**
 * Runs all checks that an upgrade makes before its first change in the session's database: the losses, and the rows and
 * documents that do not allow it (design 12 §3). `upgrade plan`, `prepare` and `apply` give the same findings, because
 * all of them call this function. With `documentIds`, only these documents are read; the documents in `leaving` get no
 * findings.
 */
export async function upgradeFindings(
  run: BoundedRun,
  {
    documentIds,
    leaving = new Set(),
    isTranslated,
  }: Pick<AskedDocuments, 'documentIds' | 'leaving' | 'isTranslated'> = {},
): Promise<UpgradeFindings> {
  const { connection, plan, options } = run;
  const losses = await countLosses(run);
  const rows: RowsFinding[] = [];
  for (const check of plan.checks) {
    const finding = await rowsFinding(run, check, leaving);
    if (finding !== null) rows.push(finding);
  }
  const warnings: Diagnostic[] = [];
  const all = await allInvalidDocuments(connection, run, {
    signal: options.signal,
    onUnchecked: (warning) => void warnings.push(warning),
    documentIds,
    leaving,
    isTranslated,
    onCheck: ({ resource }, index) => {
      const { number: step, title } = stepFacts('checks');
      const progress = { statement: index + 1, statements: plan.documentChecks.length };
      options.onProgress?.({ step, title, subject: `documents of ${resource.after}`, ...progress });
    },
  });
  // a value that a column refuses is reported once
  const isNamed = ({ item: { path }, check }: InvalidDocuments) =>
    rows.some(({ resource, paths }) => resource === check.resource.after && paths.includes(path[1] ?? ''));
  const invalid = all.filter((each) => plan.items.includes(each.item) || !isNamed(each));
  const rejected = invalid.filter(({ check }) => !check.isAllowed);
  const ofRows = rows.map((each) => each.diagnostic);
  return {
    losses,
    invalid,
    warnings,
    errors: [...unpermittedLosses(plan, losses), ...ofRows, ...rejected.map(documentError)],
    counts: [
      ...rows.map(({ item, count, of }) => ({ item, count, of })),
      ...rejected.map(({ item, count }) => ({ item, count, of: 'document' as const })),
    ],
  };
}

/** Counts the losses of the plan in this database. */
async function countLosses({ connection, plan, statements }: BoundedRun): Promise<CountedLoss[]> {
  const losses: CountedLoss[] = [];
  for (const { id, item, sql, documents } of plan.losses) {
    const counted = async (query: PlainSql) => {
      const [row] = await statements.run(`count ${id}`, (limits) => rowsOf<{ n: unknown }>(connection, query, limits));
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

/** The finding of a check in the rows of documents that stay; null if they pass. */
async function rowsFinding(
  run: BoundedRun,
  check: UpgradeCheck,
  leaving: ReadonlySet<string>,
): Promise<RowsFinding | null> {
  const { connection, plan, statements } = run;
  const { id, item, sql, complaint } = check;
  const { count, first, order } = upgradeDialects[plan.dialect].found(sql);
  const condition = ofStaying(plan, leaving);
  const { sql: written } = dialectOf[plan.dialect];
  const asked = <Result extends object>(query: Sql) =>
    statements.run(`check ${id}`, (limits) => rowsOf<Result>(connection, query, limits));
  const [row] = await asked<{ n: unknown; documents: unknown }>(written`${count}${condition}`);
  const counts = mustExist(row, `the count of check ${id}`);
  const rows = Number(counts.n);
  if (rows === 0) return null;
  const entry = mustExist(plan.items[item], `the item of check ${id}`);
  const uuids = (await asked<{ uuid: string | null }>(written`${first}${condition}${order}`)).flatMap(
    ({ uuid }) => uuid ?? [],
  );
  const paths = pathsOfCheck(run, check, entry);
  const documents = await statements.run(`check ${id}`, (limits) =>
    namedDocuments(connection, run, { uuids, paths }, limits),
  );
  const [worst] = complaint.extreme === undefined ? [] : await asked<{ extreme: unknown }>(complaint.extreme.sql);
  const extreme = worst === undefined ? '' : `, ${complaint.extreme?.words} ${worst.extreme}`;
  const remedy = entry.fixedRows
    ? `They are ${entry.fixedRows}: ${entry.reason ?? ''}`
    : entry.reason
      ? `Change them, or: ${entry.reason}`
      : 'Change them, and run it again';
  const named = documentsText(documents, Number(counts.documents) > uuids.length);
  const text = `${entry.owner}: ${itemText(entry)}: ${counted(rows, complaint.one, complaint.many)}${extreme}${named}. ${remedy}. The query ${id}: ${textOf(sql)}`;
  const details = {
    check: id,
    count: rows,
    documents: documents.map(({ uuid }) => uuid),
    paths: documents.flatMap(({ path }) => path ?? []),
    query: textOf(sql),
  };
  const found = diagnostic('UPGRADE_ROWS_OBJECT', text, { resource: entry.owner }, details);
  return { diagnostic: found, resource: entry.resource, paths, item: entry, count: rows, of: 'row' };
}

/** A condition for the rows of documents that stay. */
function ofStaying({ dialect }: UpgradePlan, leaving: ReadonlySet<string>): Sql {
  if (leaving.size === 0) return empty;
  const { sql, among } = dialectOf[dialect];
  const uuid = sql`o."DocumentUuid"`;
  return sql` WHERE ${uuid} IS NULL OR NOT (${among(uuid, [...leaving], 'uuid')})`;
}

/** The documents of a finding, by resource: `documents of Uni:Tag: 2d7b… $.code, …`. */
function documentsText(documents: readonly NamedDocument[], isMore: boolean): string {
  const groups = [...groupBy(documents, ({ resource }) => resource)].map(([resource, own]) => {
    const named = own.map(({ uuid, path }) => (path === null ? uuid : `${uuid} ${path}`)).join(', ');
    const what = own.length === 1 && !isMore ? 'document' : 'documents';
    return resource === null ? `deleted ${what} ${named}` : `${what} of ${resource}: ${named}`;
  });
  return groups.length === 0 ? '' : ` (${groups.join('; ')}${isMore ? ', …' : ''})`;
}

/** `UPGRADE_ROWS_OBJECT` for documents that break a rule of the later set. */
function documentError({ check, item, count, examples, said }: InvalidDocuments): Diagnostic {
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
export const planErrors = (plan: UpgradePlan): readonly Diagnostic[] => [
  ...impossibleItems(plan),
  ...unpermittedLosses(plan),
];

/**
 * The sequences of the earlier set that are behind a value of a row: `DB_SEQUENCE` for an upgrade that writes documents,
 * which needs their numbers; `UPGRADE_SEQUENCE_BEHIND` for any other. Throws the `DB_*` codes.
 */
export async function sequenceFindings(
  connection: Connection,
  { catalog }: Pick<CheckedUpgrade['before'], 'catalog'>,
  writesDocuments: boolean,
  limits: Limits,
): Promise<readonly Diagnostic[]> {
  const found = await sequencesBehind(connection, catalog, limits);
  if (writesDocuments) return sequenceErrors(connection.label, found);
  return found.map((each) => {
    const text = `${connection.label}: ${sequenceText(each)} The upgrade does not need it, but the next documents cannot be written before that.`;
    return diagnostic('UPGRADE_SEQUENCE_BEHIND', text, {}, { object: each.object });
  });
}

/** The findings of a plan in a database. */
export interface UpgradeFindings {
  readonly losses: readonly CountedLoss[];
  /** The documents that the later set newly rejects, including those that may stay. */
  readonly invalid: readonly InvalidDocuments[];
  /** Later documents whose check ran out of time: `DOCUMENT_SCHEMA_UNCHECKED`. */
  readonly warnings: readonly Diagnostic[];
  /** The errors with which the upgrade would refuse the database: `UPGRADE_LOSS`, `UPGRADE_ROWS_OBJECT`. */
  readonly errors: readonly Diagnostic[];
  /** For each item, the number of rows and documents that do not allow it. */
  readonly counts: readonly CheckFinding[];
}

/** The finding of a check in rows, and the paths of the values that it names. */
interface RowsFinding extends CheckFinding {
  readonly diagnostic: Diagnostic;
  /** `Project:Resource` in the later set. */
  readonly resource: string;
  readonly paths: readonly string[];
}

/* The documents behind the rows of a check, and the places in them, as a load would name them (design 12 §3.1). */

/** A document that does not allow a change. */
interface NamedDocument {
  readonly uuid: string;
  /** `Project:Resource` in the earlier set; null if the document was deleted. */
  readonly resource: string | null;
  /** Null where the rows of the check are not part of documents. */
  readonly path: string | null;
}

/** The paths in documents whose values a column of a model holds; several if it is the one column of unified values. */
function pathsOfColumn(model: RelationalModelSet, key: TableNameKey, name: string): readonly string[] {
  const { table: find, bindingsOn } = modelIndex(model);
  const { table, resource } = find(key) ?? {};
  if (!table || !resource) return [];
  const members = table.keyUnificationClasses.flatMap(({ canonicalColumn, memberPathColumns }) =>
    canonicalColumn === name ? memberPathColumns : [],
  );
  const own = table.columns.filter(
    (column) => column.name === name || members.some((member) => member === column.name),
  );
  const references = bindingsOn(table).filter(({ fkColumn }) => fkColumn === name);
  return [
    ...own.flatMap(({ sourcePath }) => (sourcePath === null ? [] : [sourcePath.canonical])),
    ...references.map(({ referenceObjectPath }) => referenceObjectPath.canonical),
  ];
}

/**
 * The paths of the values that a check looks at, in the later set; in the earlier set if the later one no longer has
 * them.
 */
function pathsOfCheck(
  { plan, before, after }: CheckedUpgrade,
  { table, columns }: UpgradeCheck,
  { path: [place = '', column = ''], resource }: UpgradeItem,
): readonly string[] {
  const later = pathsOfColumn(after.model, place as TableNameKey, column);
  if (later.length > 0) return [...new Set(later)].sort();
  const key = table as TableNameKey;
  const owner = modelIndex(before.model).table(key);
  const label = owner?.resource === undefined ? resource : owner.label;
  const earlier = columns.flatMap((each) => pathsOfColumn(before.model, key, each));
  return [...new Set(earlier.map((each) => plan.renaming.path(label, each)))].sort();
}

interface FoundDocument {
  readonly documentId: string;
  readonly uuid: string;
  readonly resource: string;
}

/** The ids and resources of documents. */
async function documentsByUuid(
  connection: Connection,
  uuids: readonly string[],
  limits: Limits,
): Promise<readonly FoundDocument[]> {
  if (uuids.length === 0) return [];
  const { sql, literals } = dialectOf[connection.dialect];
  const rows = await rowsOf<{ id: unknown; uuid: string; project: string; resource: string }>(
    connection,
    sql`SELECT d."DocumentId" AS id, d."DocumentUuid" AS uuid, k."ProjectName" AS project, k."ResourceName" AS resource FROM ${core.document} AS d
INNER JOIN ${core.resourceKey} AS k ON k."ResourceKeyId" = d."ResourceKeyId"
WHERE d."DocumentUuid" IN (${literals(uuids)})`,
    limits,
  );
  return rows.map((row) => ({
    documentId: String(row.id),
    uuid: row.uuid.toLowerCase(),
    resource: resourceLabel({ projectName: row.project, resourceName: row.resource }),
  }));
}

/**
 * Finds the places in some documents that a check is about. A place is the one that a load into the later set reports;
 * if a load would report nothing, because only other documents make the document wrong, it is the path of the value.
 */
async function namedDocuments(
  connection: Connection,
  question: CheckedUpgrade,
  { uuids, paths }: { readonly uuids: readonly string[]; readonly paths: readonly string[] },
  limits: Limits,
): Promise<readonly NamedDocument[]> {
  const { plan, after } = question;
  const found = await documentsByUuid(connection, uuids, limits);
  const known = new Set(after.model.resources.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const places = new Map<string, string>();
  const isAbout = (path: string) => paths.some((each) => isWithin(path, each) || isWithin(each, path));
  const notePlaces = (page: readonly RejectedDocument[]) => {
    for (const { documentId, diagnostics } of page) {
      const broken = diagnostics.find(({ where: { path = '' } }) => path !== '$' && isAbout(pathOf(path)));
      if (broken?.where.path !== undefined) places.set(documentId, broken.where.path);
    }
  };
  for (const resource of new Set(found.map((each) => each.resource))) {
    const later = plan.renaming.resource(resource);
    if (paths.length === 0 || !known.has(later)) continue;
    const documentIds = found.flatMap((each) => (each.resource === resource ? [each.documentId] : []));
    const asked = { documentIds, signal: limits.signal };
    for await (const page of rejectedDocuments(connection, question, { before: resource, after: later }, asked))
      notePlaces(page);
  }
  const byUuid = new Map(found.map((each) => [each.uuid, each]));
  const own = paths.length === 0 ? null : paths.join(' and ');
  return uuids.map((uuid) => {
    const document = byUuid.get(uuid.toLowerCase());
    if (document === undefined) return { uuid, resource: null, path: null };
    return { uuid, resource: document.resource, path: places.get(document.documentId) ?? own };
  });
}
