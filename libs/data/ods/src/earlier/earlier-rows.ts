import { isWithin } from '@dms/api-schema';
import {
  type ColumnValues,
  columnExpression,
  columnValues,
  heldValues,
  type LaterRow,
  pathSource,
} from './column-values.ts';
import type { EarlierArm, EarlierCondition, LossReason } from './earlier-mapping.ts';
import { firstByIdentity, firstItem } from './first-rows.ts';
import { type HeldValue, Select, Side } from './later-side.ts';
import type { TableOfResource } from './later-tables.ts';
import type { EarlierLoss } from './not-given-back.ts';
import { collectionsIn, hasEachRow, presentRows } from './present-rows.ts';
import { type EarlierRowPlace, type RowsToSelect, rowPlace } from './row-places.ts';
import { joinedSuccessor, resourcesOnly, standsAlone } from './successor.ts';

/** A select for the rows of a resource, with the later row that it is from, and what it cannot give back. */
export interface DerivedArm {
  readonly arm: EarlierArm;
  readonly row: LaterRow;
  readonly losses: readonly EarlierLoss[];
}

/** The select for the rows of one resource of the earlier set (design 21 §2); undefined if the later set has none. */
export function armOf(wanted: RowsToSelect, alias: string): DerivedArm | undefined {
  const place = rowPlace(wanted);
  if (!place) return undefined;
  const nearest = valuedRow(wanted, place, place.row, alias);
  const around = place.kind === 'valued' && hasValuesElsewhere(nearest) ? place.around : null;
  if (around === null) return armFrom(nearest);
  const derived = armFrom(valuedRow(wanted, place, around, alias));
  return { ...derived, losses: [...lossesOf(nearest), ...derived.losses] };
}

/** A later row with what it has for each column of the earlier table. */
interface ValuedRow {
  readonly row: LaterRow;
  readonly columns: readonly ColumnValues[];
  /** The columns of the row that are equal to those of a joined successor. */
  readonly equal: readonly string[];
  /** The condition that the row is of a resource of the select. */
  readonly where: readonly EarlierCondition[];
}

function valuedRow(wanted: RowsToSelect, place: EarlierRowPlace, at: TableOfResource, alias: string): ValuedRow {
  const side = new Side(new Select(wanted.derivation.later, at, alias), place.label, at, alias);
  const own = place.part === 'own' ? { side, equal: [], where: resourcesOnly(wanted, side) } : null;
  const successor = needsSuccessor(wanted, place) ? joinedSuccessor(wanted, place, side) : own;
  const row = { ...wanted, place, side, successor: successor?.side ?? null };
  return { row, columns: columnValues(row), equal: successor?.equal ?? [], where: successor?.where ?? [] };
}

/** Whether the row of the successor is joined to that of a new document. */
const needsSuccessor = (wanted: RowsToSelect, place: EarlierRowPlace): boolean =>
  place.part !== 'own' &&
  (!standsAlone(wanted, place) ||
    Object.values(wanted.source.paths)
      .flat()
      .some((path) => pathSource(wanted, place, path).kind === 'successor'));

/** Whether tables other than that of the row have values of the earlier object or item. */
const hasValuesElsewhere = (valued: ValuedRow): boolean =>
  memberValues(valued).some(({ at }) => at.table !== valued.row.side.row.table);

/** The values of the columns of the earlier object or item, without the key of the rows around it. */
const memberValues = ({ row: { source }, columns }: ValuedRow): readonly HeldValue[] =>
  columns
    .filter(({ column }) => (source.paths[column.name] ?? []).some((path) => isWithin(path, source.scope)))
    .flatMap(heldValues);

function lossesOf({ row, columns }: ValuedRow): readonly EarlierLoss[] {
  return columns.flatMap(({ found }) =>
    found.flatMap(({ path, lost }) => (lost === null ? [] : lossOf(row, path, lost))),
  );
}

const lossOf = ({ derivation, label, table }: LaterRow, path: string, reason: LossReason): EarlierLoss => ({
  place: `${label}.${path}`,
  reason,
  rule: derivation.translation.identities.ruleOf(label, path),
  tables: [table],
});

function armFrom(valued: ValuedRow): DerivedArm {
  const { row, equal } = valued;
  const { place, side } = row;
  const members = memberValues(valued);
  const columns = valued.columns.map((each) => columnExpression(row, each));
  const first = firstByIdentity(row, valued.columns, equal, members);
  const item = place.kind === 'documents' ? null : place.added;
  const isFirstItem = item !== null && (first === null || item.items.table !== side.row.table);
  const isPresent = place.kind === 'valued' && (first !== null || !hasEachRow(row, members));
  const inner = (isPresent ? collectionsIn(row) : []).flatMap((at, index) => {
    const derived = armOf({ ...row, ...at }, `${side.alias}x${index + 1}`);
    return derived ? { at, ...derived } : [];
  });
  const present = isPresent ? presentRows(row, valued.columns, columns, members, inner) : null;
  const where = [
    ...valued.where,
    ...(isFirstItem ? [firstItem(row, valued.columns, item)] : []),
    ...(present?.where ?? []),
    ...(first === null ? [] : [first]),
  ];
  const notShown = (present?.notShown ?? []).map((path) => lossOf(row, path, 'apart'));
  const losses = [...lossesOf(valued), ...notShown, ...inner.flatMap((each) => each.losses)];
  return { arm: { ...side.select.rows(where), columns }, row, losses };
}
