import type {
  DesiredCatalog,
  DesiredCheck,
  DesiredKey,
  DesiredTable,
  DesiredTrigger,
  DesiredView,
  Expression,
  ForeignKey,
  Index,
} from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { UnionProjection, UnionViewColumn } from '@dms/model';
import { columnList, type DialectRules, qualifiedName, type SqlWriter } from '@dms/sql';
import type { TableLookup } from './trigger-source.ts';

/** A unique or check constraint that stands in a statement of its own. */
export type AddedConstraint =
  | { readonly kind: 'unique'; readonly key: DesiredKey }
  | { readonly kind: 'check'; readonly check: DesiredCheck };

/** What a rendered object is compared by, for the body hashes of the catalog. */
export interface RenderedBodies {
  /** By `schema.table.trigger`. */
  readonly triggers: Map<string, string>;
  /** By `schema.name`. */
  readonly views: Map<string, string>;
  readonly functions: Map<string, string>;
}

/**
 * Renders the objects of a catalog as guarded statements, each followed by a blank line. What is the same in both dialects is
 * here; a dialect fills in the guards, the expressions and the objects whose statements differ.
 */
export abstract class ScriptRenderer {
  protected readonly rules: DialectRules;
  protected readonly writer: SqlWriter;
  protected readonly tables: TableLookup;
  readonly bodies: RenderedBodies = { triggers: new Map(), views: new Map(), functions: new Map() };

  constructor(rules: DialectRules, writer: SqlWriter, catalog: DesiredCatalog) {
    this.rules = rules;
    this.writer = writer;
    this.tables = new Map(catalog.tables.map((table) => [`${table.schema}.${table.name}`, table]));
  }

  /** One line per schema. */
  abstract schema(name: string): void;
  abstract extension(name: string): void;
  abstract sequence(sequence: DesiredCatalog['sequences'][number]): void;
  abstract uuidFunction(): void;
  abstract trigger(table: DesiredTable, trigger: DesiredTrigger): void;
  /** Called after the last view: closes its batch where no trigger follows. */
  abstract closeViews(hasTriggers: boolean): void;
  /** Called before the first trigger of a segment. */
  abstract openTriggers(): void;

  protected abstract expression(expression: Expression): string;
  protected abstract generatedColumn(name: string, type: string, expression: string): string;
  protected abstract identityClause: string;
  protected abstract defaultClause(table: DesiredTable, column: string, expression: Expression): string;
  protected abstract clustering(key: DesiredKey): string;
  protected abstract tableGuard(table: DesiredTable, header: string): readonly string[];
  /** Wraps an ALTER TABLE statement so that it runs only while the table lacks the constraint. */
  protected abstract guardedConstraint(
    kind: 'unique' | 'check' | 'foreignKey',
    table: DesiredTable,
    name: string,
    statement: readonly string[],
  ): void;
  /** `definition` is everything from the index name on, `;` included. */
  protected abstract guardedIndex(table: DesiredTable, index: Index, definition: string): void;
  /** Writes the statement; returns the text of which the catalog has the hash (design 09 §3.5). */
  protected abstract viewStatement(view: DesiredView, body: readonly string[]): string;
  protected abstract cast(expression: string, type: string): string;
  protected abstract deferrableClause(key: ForeignKey): string;

  protected q(name: string): string {
    return this.rules.quote(name);
  }

  protected qualified(name: { readonly schema: string; readonly name: string }): string {
    return qualifiedName(this.rules, name);
  }

  protected columns(names: readonly string[]): string {
    return columnList(this.rules, names);
  }

  table(table: DesiredTable): void {
    const columns = table.columns.map((column) => {
      const name = this.q(column.name);
      const type = column.scalarType ? this.rules.typeName(column.scalarType) : column.type;
      if (column.generatedExpression) return this.generatedColumn(name, type, this.expression(column.generatedExpression));
      const identity = column.identity ? ` ${this.identityClause}` : '';
      const value = column.defaultExpression ? ` ${this.defaultClause(table, column.name, column.defaultExpression)}` : '';
      return `${name} ${type}${identity} ${column.nullable ? 'NULL' : 'NOT NULL'}${value}`;
    });
    const { name, columns: keyColumns } = table.primaryKey;
    const primaryKey = `CONSTRAINT ${this.q(name)} PRIMARY KEY${this.clustering(table.primaryKey)} (${this.columns(keyColumns)})`;
    const constraints = table.inlineConstraints.map((constraint) =>
      this.constraintClause(table, this.constraintOf(table, constraint)),
    );
    this.writer.linesOf(this.tableGuard(table, this.qualified(table)));
    this.writer.list([...columns, primaryKey, ...constraints], ');').blank();
  }

  private constraintOf(table: DesiredTable, name: string): AddedConstraint {
    const key = table.uniques.find((unique) => unique.name === name);
    if (key) return { kind: 'unique', key };
    const check = table.checks.find((candidate) => candidate.name === name);
    if (check) return { kind: 'check', check };
    throw new Error(`${table.schema}.${table.name} has no constraint ${name}`);
  }

  private constraintClause(table: DesiredTable, constraint: AddedConstraint): string {
    if (constraint.kind === 'check')
      return `CONSTRAINT ${this.q(constraint.check.name)} CHECK (${this.expression(constraint.check.condition)})`;
    const { key } = constraint;
    this.requireColumns(table, key.name, key.columns);
    return `CONSTRAINT ${this.q(key.name)} UNIQUE${this.clustering(key)} (${this.columns(key.columns)})`;
  }

  private requireColumns(table: DesiredTable, name: string, columns: readonly string[]): void {
    if (columns.length > 0) return;
    const owner = `${table.schema}.${table.name}`;
    fail('DDL_INVALID_KEY', `${name} of table ${owner} has no columns.`, {}, { table: owner, name });
  }

  /** The uniques and checks of a core table that stand in statements of their own. */
  addedConstraints(table: DesiredTable): void {
    for (const name of table.addedConstraints) {
      const constraint = this.constraintOf(table, name);
      this.guardedConstraint(constraint.kind, table, name, [
        `ALTER TABLE ${this.qualified(table)}`,
        `ADD ${this.constraintClause(table, constraint)};`,
      ]);
    }
  }

  foreignKey(table: DesiredTable, key: ForeignKey): void {
    this.requireColumns(table, key.name, key.columns);
    if (key.columns.length !== key.targetColumns.length) {
      const owner = `${table.schema}.${table.name}`;
      const text = `${key.name} of table ${owner} has ${key.columns.length} local but ${key.targetColumns.length} target columns.`;
      fail('DDL_INVALID_KEY', text, {}, { table: owner, name: key.name });
    }
    const target = this.qualified({ schema: key.target.schema, name: key.target.table });
    this.guardedConstraint('foreignKey', table, key.name, [
      `ALTER TABLE ${this.qualified(table)}`,
      `ADD CONSTRAINT ${this.q(key.name)} FOREIGN KEY (${this.columns(key.columns)})`,
      `REFERENCES ${target} (${this.columns(key.targetColumns)})`,
      `ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}${this.deferrableClause(key)};`,
    ]);
  }

  index(table: DesiredTable, index: Index): void {
    this.requireColumns(table, index.name, index.columns);
    const include = index.include.length > 0 ? ` INCLUDE (${this.columns(index.include)})` : '';
    this.guardedIndex(
      table,
      index,
      `${this.q(index.name)} ON ${this.qualified(table)} (${this.columns(index.columns)})${include};`,
    );
  }

  view(view: DesiredView): void {
    const { outputColumns, unionArms } = view.definition;
    const name = `${view.schema}.${view.name}`;
    if (unionArms.length === 0) fail('DDL_VIEW_EMPTY', `The view ${name} has no arms.`, {}, { view: name });
    const body = unionArms.flatMap((arm, index) => {
      if (arm.projections.length !== outputColumns.length) {
        const armTable = `${arm.fromTable.schema}.${arm.fromTable.name}`;
        const text = `The arm ${armTable} of the view ${name} has ${arm.projections.length} expressions for ${outputColumns.length} columns.`;
        fail(
          'DDL_VIEW_ARM_MISMATCH',
          text,
          {},
          { view: name, arm: armTable, counts: [arm.projections.length, outputColumns.length] },
        );
      }
      const items = outputColumns.map((column, position) => {
        const projection = arm.projections[position] as UnionProjection;
        return `${this.projection(projection, column, arm.fromTable)} AS ${this.q(column.name)}`;
      });
      const isLast = index === unionArms.length - 1;
      return [
        `SELECT ${items.join(', ')}`,
        `FROM ${this.qualified(arm.fromTable)}${isLast ? ';' : ''}`,
        ...(isLast ? [] : ['UNION ALL']),
      ];
    });
    this.bodies.views.set(name, this.viewStatement(view, body));
  }

  /** A source column is cast only when its own type is another one; a literal always (design 07 §7). */
  private projection(projection: UnionProjection, column: UnionViewColumn, from: { schema: string; name: string }): string {
    const type = this.rules.typeName(column.scalarType);
    if (projection.kind === 'StringLiteral') return this.cast(this.rules.stringLiteral(projection.value), type);
    const source = this.tables.get(`${from.schema}.${from.name}`)?.columns.find(({ name }) => name === projection.column);
    const sourceType = source?.scalarType && this.rules.typeName(source.scalarType);
    const quoted = this.q(projection.column);
    return sourceType && sourceType !== type ? this.cast(quoted, type) : quoted;
  }
}
