import { dollarTag, type SqlWriter } from '@dms/sql';
import { indented } from '../statement-lines.ts';

/** An anonymous block. Its tag does not occur in the block. */
export function anonymousBlock(
  writer: SqlWriter,
  declarations: readonly string[],
  statements: readonly string[],
): void {
  block(writer, declarations, indented(statements));
}

/** The same for statements that must not be indented, because the server keeps a body within them as written. */
export function unindentedBlock(
  writer: SqlWriter,
  declarations: readonly string[],
  statements: readonly string[],
): void {
  block(writer, declarations, statements);
}

function block(writer: SqlWriter, declarations: readonly string[], statements: readonly string[]): void {
  const body = ['DECLARE', ...indented(declarations), 'BEGIN', ...statements];
  const tag = dollarTag(body.join('\n'));
  writer.line(`DO ${tag}`).linesOf(body).line(`END ${tag};`).blank();
}
