import { resourceLabel } from '@dms/api-schema';
import {
  type Column,
  core,
  type DocumentPlace,
  equalPlaces,
  itemReference,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { dialectOf, join, type PlainSql } from '@dms/sql';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { rowCheck } from './row-dialects.ts';

/*
 * Rules of the schema set that no constraint of a database enforces, and that loading checks in every document (design
 * 14 §1.2).
 */

/** The rules for whole documents, one check per rule. */
export function documentRuleChecks({ resources }: RelationalModelSet, dialect: RowDialect): RowCheck[] {
  const pairs = new RowPairs(dialect);
  return resources.flatMap((resource) => [...equalityChecks(resource, pairs), ...uniquenessChecks(resource, pairs)]);
}

/** Rows of one table with an alias, and the columns to compare. */
interface Side {
  readonly table: Table;
  readonly alias: PlainSql;
  readonly columns: readonly string[];
}

/** Queries over pairs of rows of the same document. */
class RowPairs {
  private readonly dialect: RowDialect;

  constructor(dialect: RowDialect) {
    this.dialect = dialect;
  }

  private quoted({ alias }: Side, name: string): PlainSql {
    const { sql, id } = this.dialect.rules;
    return sql`${alias}.${id(name)}`;
  }

  private document({ table, alias }: Side): PlainSql {
    return this.quoted({ table, alias, columns: [] }, table.identity.rootLocator[0] ?? 'DocumentId');
  }

  /** Whether the columns of two sides differ, one by one; NULL counts as a value. */
  differ(left: Side, right: Side): PlainSql {
    return this.dialect.rules.differsExactly(
      left.columns.map((name, index) => {
        const isText = columnOf(left.table, name)?.scalarType?.kind === 'String';
        return { left: this.quoted(left, name), right: this.quoted(right, right.columns[index] ?? name), isText };
      }),
    );
  }

  equal(left: Side, right: Side, names: readonly string[]): PlainSql {
    const { sql } = this.dialect.rules;
    return join(
      names.map((name) => sql`${this.quoted(left, name)} = ${this.quoted(right, name)}`),
      ' AND ',
    );
  }

  not(condition: PlainSql): PlainSql {
    return this.dialect.rules.sql`NOT (${condition})`;
  }

  isThere(side: Side): PlainSql {
    const { sql } = this.dialect.rules;
    return join(
      side.columns.map((name) => sql`${this.quoted(side, name)} IS NOT NULL`),
      ' AND ',
    );
  }

  /** The uuids of documents with such a pair, each once. */
  documents(left: Side, right: Side, conditions: readonly PlainSql[]): PlainSql {
    const { rules } = this.dialect;
    const { sql } = rules;
    const named = (side: Side) => sql`${side.table.table} AS ${side.alias}`;
    const id = (name: string) => sql`d.${rules.id(name)}`;
    const sameDocument = sql`${this.document(right)} = ${this.document(left)}`;
    return sql`SELECT DISTINCT ${rules.text(id('DocumentUuid'), 'uuid')} AS example FROM ${named(left)} INNER JOIN ${named(right)} ON ${sameDocument} INNER JOIN ${core.document} AS d ON ${id('DocumentId')} = ${this.document(left)} WHERE ${join(conditions, ' AND ')}`;
  }
}

/** The aliases of the two rows of a pair. */
const { sql } = dialectOf.pgsql;
const [rowX, rowY] = [sql`x`, sql`y`];

const columnOf = ({ columns }: Table, name: string) => columns.find((column) => column.name === name);

/** Values that an equality constraint between tables requires to be equal. */
function equalityChecks(resource: ResourceModel, pairs: RowPairs): RowCheck[] {
  const tables = new Map(resource.tablesInDependencyOrder.map((table) => [qualified(table.table), table]));
  const placeOf = ({ path, binding }: DocumentPlace) => {
    const table = tables.get(qualified(binding.table));
    const column = table && columnOf(table, binding.column);
    return table && column ? [{ path: path.canonical, table, column }] : [];
  };
  return equalPlaces(resource).flatMap(({ a, b }): RowCheck[] => {
    const [one] = placeOf(a);
    const [other] = placeOf(b);
    // values of other kinds are comparable only in the form of the document
    if (!one || !other || kindOf(one.column) !== kindOf(other.column)) return [];
    const side = ({ table, column }: { readonly table: Table; readonly column: Column }, alias: PlainSql): Side => {
      return { table, alias, columns: [column.name] };
    };
    const unequal = (left: Side, right: Side) =>
      pairs.documents(left, right, [pairs.isThere(left), pairs.isThere(right), pairs.differ(left, right)]);
    const isAlwaysThere = ({ table, column }: typeof one) => table.identity.tableKind === 'Root' && !column.isNullable;
    // rows of an array that differ from each other also differ from the other place, if that has a value
    const among = [one, other].filter((place) => isInArray(place.table) && !isAlwaysThere(place === one ? other : one));
    const queries = [
      unequal(side(one, rowX), side(other, rowY)),
      ...among.map((place) => unequal(side(place, rowX), side(place, rowY))),
    ];
    const object = `${resourceLabel(resource.resourceKey)} ${one.path} = ${other.path}`;
    return [rowCheck('equality', qualified(one.table.table), join(queries, '\nUNION '), { object })];
  });
}

/** The kind of values with which a value can be compared; a descriptor only with descriptors of its resource. */
const kindOf = ({ scalarType, targetResource }: Column) =>
  targetResource
    ? resourceLabel(targetResource)
    : /^Int|^Decimal/.test(scalarType?.kind ?? '')
      ? 'number'
      : scalarType?.kind;

const isInArray = ({ jsonScope }: Table) => jsonScope.segments.some(({ kind }) => kind === 'anyElement');

/** Items of an array that have the same semantic identity, but that the constraints accept. */
function uniquenessChecks(resource: ResourceModel, pairs: RowPairs): RowCheck[] {
  return resource.tablesInDependencyOrder.flatMap((table): RowCheck[] => {
    const { rowIdentity, parentLocator, semanticIdentity } = table.identity;
    const side = (alias: PlainSql, columns: readonly string[]): Side => ({ table, alias, columns });
    const otherRow = pairs.differ(side(rowX, rowIdentity), side(rowY, rowIdentity));
    const queries: PlainSql[] = [];
    const reference = itemReference(resource, table);
    if (reference) {
      const x = side(rowX, [reference.fkColumn]);
      const y = side(rowY, [reference.fkColumn]);
      queries.push(pairs.documents(x, y, [pairs.equal(x, y, [reference.fkColumn]), otherRow]));
    }
    const names = [...new Set(semanticIdentity.map(({ column }) => column))];
    if (names.some((name) => columnOf(table, name)?.isNullable)) {
      const x = side(rowX, names);
      const y = side(rowY, names);
      queries.push(pairs.documents(x, y, [pairs.equal(x, y, parentLocator), otherRow, pairs.not(pairs.differ(x, y))]));
    }
    if (queries.length === 0) return [];
    const object = `${resourceLabel(resource.resourceKey)} ${table.jsonScope.canonical}`;
    return [rowCheck('arrayUniqueness', qualified(table.table), join(queries, '\nUNION '), { object })];
  });
}
