import type { ForeignKey, Index, TableDefinition } from '@dms/catalog';
import { PgsqlRenderer } from './pgsql-renderer.ts';

/**
 * Statements for a database whose objects are known. The created objects must not exist yet; otherwise the statement
 * fails.
 */
export class PgsqlStatements extends PgsqlRenderer {
  protected override tableGuard(_table: TableDefinition, name: string): readonly string[] {
    return [`CREATE TABLE ${name}`];
  }

  protected override guardedConstraint(
    _kind: string,
    _table: TableDefinition,
    _name: string,
    statement: readonly string[],
  ): void {
    this.writer.linesOf(statement);
  }

  protected override guardedForeignKey(_table: TableDefinition, _key: ForeignKey, statement: readonly string[]): void {
    this.writer.linesOf(statement);
  }

  protected override guardedIndex(_table: TableDefinition, index: Index, definition: string): void {
    this.writer.line(`CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${definition}`);
  }
}
