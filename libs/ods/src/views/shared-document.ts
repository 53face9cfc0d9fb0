import { core, qualified } from '@dms/model';
import type { Expression, Join, ReportingView, SelectedColumn, ViewArm } from './view.ts';

/** Whether an expression names a table. */
function names(expression: Expression, alias: string): boolean {
  switch (expression.kind) {
    case 'column':
      return expression.alias === alias;
    case 'coalesce':
      return expression.of.some((each) => names(each, alias));
    case 'utc':
    case 'finite':
      return names(expression.of, alias);
    case 'prefixed':
      return names(expression.of, alias) || expression.when.some(({ column }) => names(column, alias));
    case 'text':
    case 'null':
      return false;
  }
}

const documentJoin = ({ joins }: ViewArm): Join | undefined =>
  joins.find(({ table }) => qualified(table) === qualified(core.document));

/** The column if it is of the document in all arms, null if it is in none; undefined if they differ. */
function sharedColumn(columns: readonly SelectedColumn[], alias: string): SelectedColumn | null | undefined {
  const [first] = columns;
  const ofDocument = columns.filter(({ expression }) => names(expression, alias));
  if (ofDocument.length === 0) return null;
  const isSame =
    ofDocument.length === columns.length && new Set(columns.map((each) => JSON.stringify(each))).size === 1;
  return isSame ? first : undefined;
}

/**
 * Takes the join with `dms.Document` out of the arms of a view, and puts it around all of them (design 19 §6.5). A view
 * whose arms do not have the same columns of documents stays as it is.
 */
export function withSharedDocument(view: Omit<ReportingView, 'document'>): ReportingView {
  const { arms } = view;
  const joins = arms.map(documentJoin);
  const [join] = joins;
  const [pair] = join?.on ?? [];
  const own = { ...view, document: null };
  if (arms.length < 2 || join === undefined || pair === undefined) return own;
  const documentIds = joins.flatMap((each) => (each?.alias === join.alias ? (each.on[0]?.left ?? []) : []));
  if (documentIds.length < arms.length) return own;
  const columns = view.columns.map((_, index) =>
    sharedColumn(
      arms.flatMap((arm) => arm.columns[index] ?? []),
      join.alias,
    ),
  );
  if (columns.includes(undefined)) return own;
  return {
    ...view,
    arms: arms.map((arm) => ({ ...arm, joins: arm.joins.filter((each) => each !== documentJoin(arm)) })),
    document: {
      columns: columns.map((column) => column ?? null),
      documentIds,
      join: { table: join.table, alias: join.alias, column: pair.column },
    },
  };
}
