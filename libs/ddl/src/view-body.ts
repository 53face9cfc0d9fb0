import type { AuthViewDefinition, UnionViewDefinition, ViewDefinition } from '@dms/catalog';
import { counted, fail } from '@dms/diagnostics';
import { qualified, type UnionProjection, type UnionViewColumn } from '@dms/model';
import { type DialectRules, qualifiedName } from '@dms/sql';
import { enclosed } from './statement-lines.ts';
import type { TableLookup } from './trigger-source.ts';

/** The parts of views that differ between dialects: names, literals and casts. */
export interface ViewDialect {
  readonly rules: DialectRules;
  cast(expression: string, type: string): string;
}

type Arm = UnionViewDefinition['unionArms'][number];

/** A source column is cast only if its type differs; a literal always (design 07 §7). */
function projectionText(
  { rules, cast }: ViewDialect,
  projection: UnionProjection,
  column: Pick<UnionViewColumn, 'scalarType'>,
  { fromTable }: Arm,
  tables: TableLookup,
): string {
  const type = rules.typeName(column.scalarType);
  if (projection.kind === 'StringLiteral') return cast(rules.stringLiteral(projection.value), type);
  const source = tables.get(qualified(fromTable))?.columns.find(({ name }) => name === projection.column);
  const sourceType = source?.scalarType && rules.typeName(source.scalarType);
  const quoted = rules.quote(projection.column);
  return sourceType && sourceType !== type ? cast(quoted, type) : quoted;
}

/** The SELECTs of a union view, one per arm (design 07 §7). */
function unionBody(dialect: ViewDialect, view: UnionViewDefinition, tables: TableLookup): string[] {
  const { outputColumns, unionArms } = view;
  const name = qualified(view);
  if (unionArms.length === 0) fail('DDL_VIEW_EMPTY', `The view ${name} has no arms.`, {}, { view: name });
  return unionArms.flatMap((arm, index) => {
    const { projections, fromTable } = arm;
    if (projections.length !== outputColumns.length) {
      const armTable = qualified(fromTable);
      const text = `The arm ${armTable} of the view ${name} has ${counted(projections.length, 'expression')} for ${counted(outputColumns.length, 'column')}.`;
      const counts = [projections.length, outputColumns.length];
      fail('DDL_VIEW_ARM_MISMATCH', text, {}, { view: name, arm: armTable, counts });
    }
    const items = outputColumns.map((column, position) => {
      const projection = projections[position] as UnionProjection;
      return `${projectionText(dialect, projection, column, arm, tables)} AS ${dialect.rules.quote(column.name)}`;
    });
    const isLast = index === unionArms.length - 1;
    return [
      `SELECT ${items.join(', ')}`,
      `FROM ${qualifiedName(dialect.rules, fromTable)}${isLast ? ';' : ''}`,
      ...(isLast ? [] : ['UNION ALL']),
    ];
  });
}

const setOperators = { NONE: '', UNION: 'UNION', UNION_ALL: 'UNION ALL' } as const;

/** The SELECTs of a view of schema `auth` (design 16 §9). */
function authorizationBody({ rules }: ViewDialect, { arms, armsSetOperator }: AuthViewDefinition): string[] {
  const source = ({ alias, table }: Pick<AuthViewDefinition['arms'][number]['source'], 'alias' | 'table'>) =>
    `${qualifiedName(rules, table)} ${alias}`;
  return arms.flatMap((arm, index) => {
    const items = arm.outputColumns.map(({ alias, column, outputName }) => {
      const renamed = outputName === null ? '' : ` AS ${rules.quote(outputName)}`;
      return `${alias}.${rules.quote(column)}${renamed}`;
    });
    const joins = arm.joins.map((join) => {
      const conditions = join.on.map(
        (pair) =>
          `${pair.leftAlias}.${rules.quote(pair.leftColumn)} = ${pair.rightAlias}.${rules.quote(pair.rightColumn)}`,
      );
      return `INNER JOIN ${source(join)} ON ${conditions.join(' AND ')}`;
    });
    const lines = [`SELECT ${items.join(', ')}`, `FROM ${source(arm.source)}`, ...joins];
    return index === arms.length - 1 ? enclosed('', lines, ';') : [...lines, setOperators[armsSetOperator]];
  });
}

/** The SELECTs of a view. */
export function viewBody(dialect: ViewDialect, view: ViewDefinition, tables: TableLookup): string[] {
  return view.kind === 'union' ? unionBody(dialect, view, tables) : authorizationBody(dialect, view);
}
