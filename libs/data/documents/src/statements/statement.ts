import type { Connection, Row, Statement } from '@dms/databases';

/** A parameter between the texts of a statement. */
export interface Parameter {
  readonly parameter: unknown;
  /** Its SQL type, if the driver needs it (`Statement.types`). */
  readonly type: string | null;
}

export type StatementPart = string | Parameter;

/** A statement that returns rows. */
export const query = (...parts: readonly StatementPart[]): Statement => statementOf(parts, true);

function statementOf(parts: readonly StatementPart[], hasRows: boolean): Statement {
  const pieces: string[] = [];
  let piece = '';
  const parameters: unknown[] = [];
  const types: (string | null)[] = [];
  for (const part of parts) {
    if (typeof part === 'string') piece += part;
    else {
      parameters.push(part.parameter);
      types.push(part.type);
      pieces.push(piece);
      piece = '';
    }
  }
  pieces.push(piece);
  return { pieces, parameters, hasRows, ...typed(types) };
}

const typed = (types: readonly (string | null)[]) => (types.some((type) => type !== null) ? { types } : {});

/** A statement that returns no rows. */
export const command = (...parts: readonly StatementPart[]): Statement => statementOf(parts, false);

export const value = (parameter: unknown, type: string | null = null): Parameter => ({ parameter, type });

/** A character that is in no name and no text of a plan, so that a text can be split at it. */
const mark = '\u0000';

/** A text of a plan whose placeholders become parameters: `render` builds the text with `place` for each of them. */
export function planStatement<Place>(
  render: (placeholder: (place: Place) => string) => string,
  parameterOf: (place: Place) => Parameter,
  hasRows: boolean,
): Statement {
  const parameters: unknown[] = [];
  const types: (string | null)[] = [];
  const text = render((place) => {
    const { parameter, type } = parameterOf(place);
    parameters.push(parameter);
    types.push(type);
    return mark;
  });
  return { pieces: text.split(mark), parameters, hasRows, ...typed(types) };
}

/** The range of the next documents of a scan by document id. */
export interface ScanRange {
  /** The document id to continue after. */
  readonly after: string;
  /** The document id to stop before; null by default, for no end. */
  readonly before?: string | null;
  /** Only documents with a greater content version. */
  readonly since: string;
  readonly limit: number;
}

/** Sends statements and returns the results of those that return rows, in their order. */
export async function queryStatements(
  connection: Connection,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  const answers = await connection.queryAll(statements);
  return answers.filter((_, index) => statements[index]?.hasRows);
}
