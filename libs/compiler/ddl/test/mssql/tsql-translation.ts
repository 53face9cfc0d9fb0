import { closing, commaSeparated, isOperator, isWord, type SqlToken, wordsAt } from '@dms/sql';

/*
 * Translates statements of SQL Server trigger bodies into the dialect of PostgreSQL. Anything that is not implemented
 * fails, here or in PostgreSQL.
 */

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Resolves a variable, or an image of a statement, to the name of a table or to a value. */
export type Bindings = (name: string) => string;

const types: Readonly<Record<string, string>> = {
  BIGINT: 'bigint',
  INT: 'integer',
  SMALLINT: 'smallint',
  // flags are compared with numbers
  BIT: 'integer',
  DATE: 'date',
  TIME: 'time',
  DATETIME2: 'timestamptz',
  DECIMAL: 'numeric',
  NVARCHAR: 'text',
  VARCHAR: 'text',
  UNIQUEIDENTIFIER: 'uuid',
};

/**
 * The type that begins at `index`, and the number of its tokens. Lengths are omitted, because nothing here depends on
 * them.
 */
export function typeAt(tokens: readonly SqlToken[], index: number): { text: string; length: number } {
  const text = types[tokens[index]?.value ?? ''];
  if (text === undefined) throw new Error(`no type: ${tokens[index]?.text}`);
  const length = isOperator(tokens[index + 1], '(') ? closing(tokens, index + 1) - index + 1 : 1;
  return { text, length };
}

/** `CONVERT(type, value, style)`: the styles that the identity texts use. */
function conversion(tokens: readonly SqlToken[], names: Bindings): string {
  const [type, value = [], style] = commaSeparated(tokens);
  const expression = translated(value, names);
  const formats: Readonly<Record<string, string>> = {
    23: `to_char(${expression}, 'YYYY-MM-DD')`,
    108: `to_char(${expression}, 'HH24:MI:SS')`,
    // seven digits of the fraction, of which PostgreSQL stores six
    121: `(to_char(${expression}, 'HH24:MI:SS.US') || '0')`,
    // the column holds UTC
    126: `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')`,
  };
  const found = formats[style?.[0]?.text ?? ''];
  if (type?.[0]?.value !== 'NVARCHAR' || found === undefined) throw new Error(`no conversion: ${style?.[0]?.text}`);
  return found;
}

const isNumeric = (token: SqlToken | undefined) => token?.kind === 'number' || token?.kind === 'variable';

/** Translates an expression or a query. */
export function translated(tokens: readonly SqlToken[], names: Bindings): string {
  const parts: string[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const { kind, text, value } = tokens[index] as SqlToken;
    if (kind === 'name') parts.push(quoted(value));
    else if (kind === 'variable') parts.push(names(text));
    else if (kind === 'string') parts.push(`'${value.replaceAll("'", "''")}'`);
    else if (isWord(tokens[index], 'INSERTED', 'DELETED')) parts.push(names(value.toLowerCase()));
    else if (isWord(tokens[index], 'LATIN1_GENERAL_100_BIN2')) parts.push('"C"');
    else if (isWord(tokens[index], 'DATALENGTH')) parts.push('octet_length');
    else if (isWord(tokens[index], 'SYSUTCDATETIME')) parts.push('clock_timestamp');
    else if (wordsAt(tokens, index, 'LOOP', 'JOIN')) continue;
    else if (wordsAt(tokens, index, 'WITH') && isWord(tokens[index + 2], 'FORCESEEK', 'UPDLOCK'))
      index = closing(tokens, index + 1);
    else if (wordsAt(tokens, index, 'OPTION')) index = closing(tokens, index + 1);
    else if (wordsAt(tokens, index, 'NEXT', 'VALUE', 'FOR')) {
      const name = tokens
        .slice(index + 3, index + 6)
        .map((token) => (token.kind === 'name' ? quoted(token.value) : token.text));
      parts.push(`nextval('${name.join('')}')`);
      index += 5;
    } else if (isWord(tokens[index], 'CONVERT')) {
      const end = closing(tokens, index + 1);
      parts.push(conversion(tokens.slice(index + 2, end), names));
      index = end;
    } else if (
      isWord(tokens[index], 'AS') &&
      types[tokens[index + 1]?.value ?? ''] &&
      tokens[index + 1]?.kind === 'word'
    ) {
      const type = typeAt(tokens, index + 1);
      parts.push(`AS ${type.text}`);
      index += type.length;
    } else if (wordsAt(tokens, index, 'THEN') && tokens[index + 1]?.value === 'true') {
      // CASE WHEN x = 1 THEN N'true': a boolean is not a number in PostgreSQL
      parts.splice(-2, 2, '= true', 'THEN');
    } else if (text === '+' && !isNumeric(tokens[index - 1]) && !isNumeric(tokens[index + 1])) parts.push('||');
    else parts.push(text);
  }
  return parts.join(' ').replaceAll(' . ', '.');
}

const placeOf = (tokens: readonly SqlToken[], word: string, from = 0) => {
  let depth = 0;
  return tokens.findIndex((token, index) => {
    if (isOperator(token, '(')) depth += 1;
    if (isOperator(token, ')')) depth -= 1;
    return index >= from && depth === 0 && isWord(token, word);
  });
};

interface TranslatedSources {
  /** The tables by alias, in order. */
  readonly tables: ReadonlyMap<string, string>;
  readonly conditions: readonly string[];
}

/** `FROM x AS a [INNER JOIN y AS b ON …]… [WHERE …]`. */
function sourcesOf(tokens: readonly SqlToken[], names: Bindings): TranslatedSources {
  const where = placeOf(tokens, 'WHERE');
  const joins: SqlToken[][] = [[]];
  for (const [index, token] of tokens.slice(1, where < 0 ? tokens.length : where).entries()) {
    if (isWord(token, 'INNER')) joins.push([]);
    else if (!isWord(token, 'LOOP', 'JOIN')) joins.at(-1)?.push(token);
    if (isWord(token, 'LEFT', 'CROSS')) throw new Error(`line ${tokens[index]?.line}: a join that is not known here`);
  }
  const tables = new Map<string, string>();
  const conditions: string[] = [];
  for (const join of joins) {
    const on = placeOf(join, 'ON');
    const source = join.slice(0, on < 0 ? join.length : on);
    tables.set(source[placeOf(source, 'AS') + 1]?.text ?? '', translated(source, names));
    if (on >= 0) conditions.push(translated(join.slice(on + 1), names));
  }
  if (where >= 0) conditions.push(`(${translated(tokens.slice(where + 1), names)})`);
  return { tables, conditions };
}

/** `UPDATE r SET … FROM …` and `DELETE r FROM …`: PostgreSQL names the written table separately. */
export function translatedWrite(tokens: readonly SqlToken[], names: Bindings): string {
  const [head, alias] = tokens;
  const from = placeOf(tokens, 'FROM');
  const { tables, conditions } = sourcesOf(tokens.slice(from), names);
  const written = tables.get(alias?.text ?? '');
  if (written === undefined) throw new Error(`line ${head?.line}: ${alias?.text} is none of the sources`);
  const others = [...tables.values()].filter((table) => table !== written).join(', ');
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  if (isWord(head, 'DELETE')) return `DELETE FROM ${written} USING ${others}${where}`;
  const output = placeOf(tokens, 'OUTPUT');
  const set = tokens.slice(placeOf(tokens, 'SET') + 1, output < 0 ? from : output);
  // PostgreSQL assigns to columns without an alias
  const assignments = commaSeparated(set).map((one) => translated(isOperator(one[1], '.') ? one.slice(2) : one, names));
  const update = `UPDATE ${written} SET ${assignments.join(', ')} FROM ${others}${where}`;
  return output < 0 ? update : withOutput(update, tokens.slice(output, from), names, alias?.text ?? '');
}

/** `OUTPUT inserted.[…], … INTO @variable (…)`: the rows are kept before any trigger runs. */
function withOutput(update: string, clause: readonly SqlToken[], names: Bindings, alias: string): string {
  const into = placeOf(clause, 'INTO');
  const ofWritten: Bindings = (name) => (name === 'inserted' ? alias : names(name));
  const values = translated(clause.slice(1, into), ofWritten);
  return `WITH written AS (${update} RETURNING ${values}) INSERT INTO ${translated(clause.slice(into + 1), names)} SELECT * FROM written`;
}

/** `DECLARE @name TABLE (…)` as a temporary table. */
export function translatedDeclaration(tokens: readonly SqlToken[], names: Bindings): string {
  const columns = commaSeparated(tokens.slice(4, closing(tokens, 3))).map((column) => {
    if (column[0]?.kind !== 'name') return translated(column, names);
    const type = typeAt(column, 1);
    return [quoted(column[0].value), type.text, translated(column.slice(1 + type.length), names)].join(' ');
  });
  return `CREATE TEMPORARY TABLE ${names(tokens[1]?.text ?? '')} (${columns.join(', ')})`;
}
