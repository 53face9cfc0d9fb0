import { dollarTag, type SqlWriter } from '@dms/sql';
import { indented } from '../statement-lines.ts';

/** An anonymous block; its tag does not occur in it, whatever names it holds. */
export function anonymousBlock(writer: SqlWriter, declarations: readonly string[], statements: readonly string[]): void {
  block(writer, declarations, indented(statements));
}

/** The same of statements that stand as they are, because a body within them is kept by the server as it is written. */
export function unindentedBlock(writer: SqlWriter, declarations: readonly string[], statements: readonly string[]): void {
  block(writer, declarations, statements);
}

function block(writer: SqlWriter, declarations: readonly string[], statements: readonly string[]): void {
  const body = ['DECLARE', ...indented(declarations), 'BEGIN', ...statements];
  const tag = dollarTag(body.join('\n'));
  writer.line(`DO ${tag}`).linesOf(body).line(`END ${tag};`).blank();
}
