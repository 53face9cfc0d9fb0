import type { DbTableName, FinalName, FullName, ShortenedName } from '@dms/model';
import { type DialectRules, limitIdentifier } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import type { DraftColumn, DraftTable, FullTableName } from '../draft/draft-table.ts';

/**
 * Gives every schema, table, view and column its name in the dialect, once, and lists the names that changed (design 03
 * §6.4).
 */
export class FinalNames {
  private readonly rules: DialectRules;
  private readonly shortened: ShortenedName[] = [];
  private readonly limited = new Map<FullName, FinalName>();
  private readonly schemas = new Map<FullName, FinalName>();
  private readonly tables = new Map<FullTableName, DbTableName>();
  private readonly columns = new Map<DraftColumn, FinalName>();

  constructor(rules: DialectRules) {
    this.rules = rules;
  }

  /** Caches names: a few occur very often, and measuring them each time would cost more than the rest of this class. */
  private limit(fullName: FullName): FinalName {
    let name = this.limited.get(fullName);
    if (name === undefined) {
      name = limitIdentifier(this.rules, fullName);
      this.limited.set(fullName, name);
    }
    return name;
  }

  schema(fullName: FullName): FinalName {
    let name = this.schemas.get(fullName);
    if (name === undefined) {
      name = this.limit(fullName);
      this.schemas.set(fullName, name);
      this.note({ kind: 'schema', schema: null, table: null, name, fullName });
    }
    return name;
  }

  /** The final name of a table or view. */
  table(full: FullTableName): DbTableName {
    let table = this.tables.get(full);
    if (!table) {
      table = { schema: this.schema(full.schema), name: this.limit(full.name) };
      this.tables.set(full, table);
      this.note({ kind: 'table', schema: table.schema, table: null, name: table.name, fullName: full.name });
    }
    return table;
  }

  /** Names the columns of a table; from then on `column` returns them. */
  nameColumns({ table: full, columns }: DraftTable): void {
    const { schema, name: table } = this.table(full);
    for (const column of columns.values()) {
      const name = this.limit(column.name);
      this.columns.set(column, name);
      this.note({ kind: 'column', schema, table, name, fullName: column.name });
    }
  }

  column(column: DraftColumn): FinalName {
    const name = this.columns.get(column);
    if (name === undefined) throw new Error(`the column ${column.name} belongs to no table of the model`);
    return name;
  }

  /** The name of a view column, which shows a table column with the same full-length name. */
  viewColumn(view: FullTableName, fullName: FullName): FinalName {
    const { schema, name: table } = this.table(view);
    const name = this.limit(fullName);
    this.note({ kind: 'column', schema, table, name, fullName });
    return name;
  }

  private note(entry: ShortenedName): void {
    if (`${entry.name}` !== `${entry.fullName}`) this.shortened.push(entry);
  }

  /** All shortened names: schemas, tables, columns, ordered by owner and name. */
  list(): ShortenedName[] {
    const kinds = ['schema', 'table', 'column'];
    return [...this.shortened].sort(
      (a, b) =>
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        compareOrdinal(a.schema ?? '', b.schema ?? '') ||
        compareOrdinal(a.table ?? '', b.table ?? '') ||
        compareOrdinal(a.name, b.name),
    );
  }
}
