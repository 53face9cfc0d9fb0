import { splitBatches } from '@dms/sql';
import { deletion, insert, update, withNames } from './bind-changes.ts';
import {
  block,
  closing,
  conditional,
  declaration,
  fetching,
  loop,
  opening,
  operands,
  returned,
  setting,
  transactionEnd,
} from './bind-control.ts';
import { execution } from './bind-execution.ts';
import { alteration, creation, drop } from './bind-objects.ts';
import { type BinderOptions, Binding, type StatementReaders } from './binding.ts';
import type { BoundCatalog } from './bound-catalog.ts';
import { TokenReader } from './tsql-syntax.ts';

/*
 * Binds texts as SQL Server does: statement by statement, against the tables that earlier statements have created. It
 * finds faults that a parser accepts and a server refuses. The number before a finding is that of the server's message.
 */

const mostParameters = 2100;

const statementReaders: StatementReaders = {
  BEGIN: block,
  IF: conditional,
  WHILE: loop,
  DECLARE: declaration,
  SET: setting,
  OPEN: opening,
  FETCH: fetching,
  CLOSE: closing,
  DEALLOCATE: closing,
  SELECT: (binding, reader) => binding.query(reader),
  WITH: withNames,
  INSERT: (binding, reader) => insert(binding, reader, []),
  UPDATE: (binding, reader) => update(binding, reader, []),
  DELETE: (binding, reader) => deletion(binding, reader, []),
  EXEC: execution,
  EXECUTE: execution,
  CREATE: creation,
  ALTER: alteration,
  DROP: drop,
  RETURN: returned,
  THROW: operands,
  PRINT: operands,
  RAISERROR: (binding, reader) => {
    reader.take();
    reader.inParentheses(() => reader.list(() => binding.expression(reader)));
  },
  COMMIT: (_, reader) => transactionEnd(reader),
  ROLLBACK: (_, reader) => transactionEnd(reader),
  TRUNCATE: (binding, reader) => {
    reader.take();
    reader.expectWords('TABLE');
    binding.existing(reader);
  },
  GRANT: (_, reader) => reader.skipStatement(),
  DENY: (_, reader) => reader.skipStatement(),
  REVOKE: (_, reader) => reader.skipStatement(),
  DBCC: (_, reader) => {
    reader.take();
    reader.take();
    reader.skipParentheses();
    if (reader.takeWords('WITH')) reader.take();
  },
  WAITFOR: (_, reader) => reader.skipStatement(),
};

export class Binder {
  private readonly binding: Binding;

  constructor(options: BinderOptions) {
    this.binding = new Binding(options, statementReaders);
  }

  /** The tables that the scripts so far have created. */
  get catalog(): BoundCatalog {
    return this.binding.catalog;
  }

  /** Every finding in a script, whose batches `GO` separates. */
  script(text: string): string[] {
    return this.collected(() => {
      for (const batch of splitBatches(text)) this.binding.bindBatch(batch, new Map());
    });
  }

  /** Every finding in a text with parameters, which are declared as `@p1 bigint, @p2 nvarchar(75)`. */
  text(text: string, declarations = ''): string[] {
    return this.collected(() => {
      const declared = new TokenReader(splitBatches(declarations).flatMap(({ tokens }) => tokens));
      const parameters = new Map<string, string | null>();
      while (!declared.isAtEnd) {
        parameters.set(declared.take().text, null);
        declared.type();
        declared.takeOperator(',');
      }
      if (parameters.size > mostParameters) this.binding.found(8003, `${parameters.size} parameters`);
      for (const batch of splitBatches(text)) this.binding.bindBatch(batch, parameters);
    });
  }

  private collected(work: () => void): string[] {
    this.binding.findings = [];
    work();
    return this.binding.findings;
  }
}
