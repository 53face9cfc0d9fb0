import { isBelow } from '@dms/api-schema';
import {
  type Column,
  type DocumentReferenceBinding,
  mustExist,
  type QualifiedResourceName,
  type ScalarType,
} from '@dms/model';
import type { Moments } from '@dms/plans';
import { allPaths, type FixedColumn, type OdsSource, type OdsTable } from '../mapping/ods-mapping.ts';
import {
  columnOf,
  type Joins,
  joinsOf,
  type PlacedColumn,
  type RowTables,
  rowAlias,
  storedColumn,
} from './row-tables.ts';
import {
  type ChangeColumn,
  type Condition,
  type Expression,
  finiteColumn,
  type SelectedColumn,
  type ViewArm,
  type ViewColumn,
} from './view.ts';

/** The tables of the resources of a model. */
export interface TablesOfResources {
  /** The texts that their columns store in place of the first and the last moment. */
  readonly moments: Moments;
  of(resource: QualifiedResourceName): RowTables;
  /** Undefined for an abstract resource. */
  find(resource: QualifiedResourceName): RowTables | undefined;
}

const int64: ScalarType = { kind: 'Int64', maxLength: null, decimal: null };

/** Selects the rows of one resource for a table of the mapping (design 19 §6.1–§6.6). */
export function selectRows(
  table: OdsTable,
  source: OdsSource,
  columns: readonly ViewColumn[],
  all: TablesOfResources,
): ViewArm {
  const tables = all.of(source.resource);
  const joins = joinsOf(tables.rowTable(source.scope), tables);

  function fixed(column: FixedColumn | ChangeColumn): Expression {
    switch (column) {
      case 'Id':
        return joins.document('DocumentUuid');
      case 'CreateDate':
        return { kind: 'utc', of: joins.document('CreatedAt') };
      case 'LastModifiedDate':
        return {
          kind: 'utc',
          of: mirrored(tables, joins, 'MirroredContentLastModifiedAt', 'ContentLastModifiedAt'),
        };
      case 'ChangeVersion':
        return mirrored(tables, joins, 'MirroredContentVersion', 'ContentVersion');
      case 'AggregateId':
        return joins.documentId();
      case 'Discriminator':
        if (table.kind !== 'base') return { kind: 'null' };
        return { kind: 'text', text: `${tables.root.table.schema}.${source.resource.resourceName}` };
      case 'AggregateData':
        return { kind: 'null' };
    }
  }

  function selected({ name, content, type }: ViewColumn): SelectedColumn {
    if (content.kind === 'fixed' || content.kind === 'change')
      return { expression: fixed(content.column), physicalType: content.column === 'AggregateId' ? int64 : null };
    const paths = source.paths[name] ?? [];
    if (content.kind !== 'usi') {
      const value = finiteColumn(oneOf(paths.flatMap((path) => valueAt(path, tables, joins))), all.moments);
      const isMoment = type.kind === 'timestamp' && value.expression.kind !== 'null';
      return isMoment ? { expression: { kind: 'utc', of: value.expression }, physicalType: null } : value;
    }
    // a person may refer to another one, such as a supervisor, or to something of its own
    const isOfPerson = sameResource(content.resource, source.resource);
    const own = tables.resource.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
    if (isOfPerson && (paths.some((path) => own.includes(path)) || !paths.some((path) => tables.referenceAt(path))))
      return { expression: joins.documentId(), physicalType: int64 };
    return oneOf(paths.flatMap((path) => usiAt(path, content.resource, { tables, joins }, all)));
  }

  const where = table.kind === 'common' ? [presenceOf(source, tables, joins)] : [];
  const list = columns.map(selected);
  // with a join, rows cannot be written through the view on PostgreSQL
  if (joins.list.length === 0) joins.document('DocumentId');
  return { from: { table: joins.row.table, alias: rowAlias }, joins: joins.list, where, columns: list };
}

/** The root's own copies of columns of `dms.Document`, in the generation that has them (design 15 §4.5). */
function mirrored(tables: RowTables, joins: Joins, kind: Column['kind'], name: string): Expression {
  const column = tables.root.columns.find((each) => each.kind === kind);
  return column === undefined ? joins.document(name) : joins.column({ table: tables.root, column });
}

/** A value of a path: whether it is certain to exist, and its expression, which may need a join. */
interface CandidateValue {
  readonly isCertain: boolean;
  readonly isJoined: boolean;
  readonly type: ScalarType | null;
  expression(): Expression;
}

/** One of several equal values: the first that is certain, else the first that is not null (design 19 §6.2). */
function oneOf(candidates: readonly CandidateValue[]): SelectedColumn {
  const [first, ...others] = candidates;
  if (first === undefined) return { expression: { kind: 'null' }, physicalType: null };
  const chosen = chosenOf(candidates) ?? (others.length === 0 ? first : undefined);
  if (chosen !== undefined) return { expression: chosen.expression(), physicalType: chosen.type };
  return {
    expression: { kind: 'coalesce', of: candidates.map((each) => each.expression()) },
    physicalType: first.type,
  };
}

const chosenOf = (candidates: readonly CandidateValue[]) =>
  candidates.find(({ isCertain, isJoined }) => isCertain && !isJoined) ?? candidates.find(({ isCertain }) => isCertain);

function valueAt(path: string, tables: RowTables, joins: Joins): CandidateValue[] {
  const placed = tables.columnAt(path);
  if (placed === undefined) return [];
  const { isNullable, scalarType } = placed.column;
  return [{ isCertain: !isNullable, isJoined: false, type: scalarType, expression: () => joins.column(placed) }];
}

const sameResource = (a: QualifiedResourceName, b: QualifiedResourceName) =>
  a.projectName === b.projectName && a.resourceName === b.resourceName;

function usiAt(
  path: string,
  person: QualifiedResourceName,
  { tables, joins }: { readonly tables: RowTables; readonly joins: Joins },
  all: TablesOfResources,
): CandidateValue[] {
  const reference = tables.referenceAt(path);
  if (reference === undefined) return [];
  const isCertain = !tables.documentOf(reference).column.isNullable;
  const isJoined = !sameResource(reference.targetResource, person);
  const expression = () => usiOf({ tables, reference, path, expressionOf: joins.column }, person, joins, all);
  return [{ isCertain, isJoined, type: int64, expression }];
}

/** A reference that repeats the unique id of a person, in a row that the select has. */
interface RepeatedId {
  readonly tables: RowTables;
  readonly reference: DocumentReferenceBinding;
  /** The path of the unique id. */
  readonly path: string;
  expressionOf(placed: PlacedColumn): Expression;
}

/**
 * The number of a person: the document of a reference to it. A reference to another resource leads to the person
 * through the document that it names, so that a condition on the person reaches the rows by indexes. For a reference to
 * an abstract resource, which has no row, the person is found by its unique id (design 19 §6.2).
 */
function usiOf(
  { tables, reference, path, expressionOf }: RepeatedId,
  person: QualifiedResourceName,
  joins: Joins,
  all: TablesOfResources,
): Expression {
  const { targetResource, identityBindings } = reference;
  const document = expressionOf(tables.documentOf(reference));
  if (sameResource(targetResource, person)) return document;
  const target = all.find(targetResource);
  const binding = identityBindings.find(({ referenceJsonPath }) => referenceJsonPath.canonical === path);
  const targetPath = mustExist(binding, path).identityJsonPath.canonical;
  const next = target?.referenceAt(targetPath);
  if (target !== undefined && next !== undefined) {
    const alias = joins.rowOf(target.root, target.documentKey, document);
    const valueIn = ({ column }: PlacedColumn) => storedColumn(alias, column);
    return usiOf({ tables: target, reference: next, path: targetPath, expressionOf: valueIn }, person, joins, all);
  }
  const { root, columnAt, documentKey, resource } = all.of(person);
  const identity = mustExist(resource.identityElements[0], `the identity of ${person.resourceName}`);
  const key = mustExist(columnAt(identity.identityJsonPath.canonical), `the unique id of ${person.resourceName}`);
  const uniqueId = expressionOf(mustExist(tables.columnAt(path), path));
  return columnOf(joins.rowOf(root, key.column.name, uniqueId), documentKey);
}

/** The condition that a document has an object: a value or a row that is inside it, at any depth (design 19 §6.1). */
function presenceOf(source: OdsSource, tables: RowTables, joins: Joins): Condition {
  const own = membersOf(source, tables);
  const isCertain = own.some(({ column }) => !column.isNullable);
  const others = isCertain ? [] : tables.columnsIn(source.scope);
  const inside = isCertain ? [] : tables.tablesIn(source.scope);
  const columns = new Map([...own, ...others].map((each) => [each.column.name, each]));
  return { kind: 'anyPresent', of: [...columns.values()].map(joins.column), rows: inside.map(joins.rowsIn) };
}

/** The columns of the model that hold the values of the columns of an object's row. */
function membersOf(source: OdsSource, tables: RowTables): readonly PlacedColumn[] {
  const all = Object.keys(source.paths).flatMap((column) => allPaths(source, column));
  const below = [...new Set(all)].filter((path) => isBelow(path, source.scope));
  const placed = below.flatMap((path) => {
    const column = tables.columnAt(path);
    return column === undefined ? [] : [column];
  });
  return [...new Map(placed.map((each) => [each.column.name, each])).values()];
}
