/** A statement in pieces: between each two there is a parameter, whose placeholder the driver writes. */
export interface Statement {
  /** One more than parameters. */
  readonly pieces: readonly string[];
  readonly parameters: readonly unknown[];
  /**
   * The SQL type of each parameter, as its column has it: SQL Server keeps one plan per list of types. Null or absent
   * where the value decides. PostgreSQL finds the types itself.
   */
  readonly types?: readonly (string | null)[] | undefined;
  /** Whether it answers with rows. */
  readonly hasRows: boolean;
  /**
   * Its rows are arrays of values in the order of the select list, which cost less to create than objects. PostgreSQL
   * only: the client of SQL Server always returns objects.
   */
  readonly asArrays?: boolean | undefined;
  /**
   * The session keeps it under this name, parsed and planned; all statements of one name have the same text. Only for a
   * PostgreSQL server: elsewhere it is sent like any other.
   */
  readonly name?: string | undefined;
}

/** The text of a statement; its parameters are numbered from `first`. */
export function statementText({ pieces }: Statement, placeholder: (number: number) => string, first = 1): string {
  return pieces.reduce((text, piece, index) => `${text}${placeholder(first + index - 1)}${piece}`);
}

/**
 * Consecutive statements in groups that one request takes: at most `limit` parameters together. A statement with more
 * parameters forms its own group, and the server refuses it.
 */
export function statementGroups(statements: readonly Statement[], limit: number): Statement[][] {
  const groups: Statement[][] = [];
  let count = limit + 1;
  for (const statement of statements) {
    count += statement.parameters.length;
    const group = count > limit ? undefined : groups.at(-1);
    if (group) group.push(statement);
    else {
      groups.push([statement]);
      count = statement.parameters.length;
    }
  }
  return groups;
}
