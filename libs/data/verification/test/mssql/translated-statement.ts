import {
  closing,
  commaSeparated,
  dialectRules,
  isOperator,
  isWord,
  type SqlToken,
  splitBatches,
  wordsAt,
} from '@dms/sql';

/*
 * Translates the statements that verification sends to a SQL Server into the dialect of PostgreSQL. PostgreSQL refuses
 * all syntax that is not translated here.
 */

const { quote, stringLiteral } = dialectRules.pgsql;

/** The name in PostgreSQL of each name that PostgreSQL shortens. */
export type TranslatedNames = ReadonlyMap<string, string>;

/** The name in PostgreSQL of a column or table, and the value of a parameter as SQL with its type. */
interface StatementContext {
  readonly names: TranslatedNames;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A statement for PostgreSQL, and whether SQL Server returns rows for it. */
export interface TranslatedStatement {
  readonly text: string;
  readonly hasRows: boolean;
}

const types: Readonly<Record<string, string>> = {
  BIGINT: 'bigint',
  INT: 'integer',
  SMALLINT: 'smallint',
  BIT: 'boolean',
  DATE: 'date',
  TIME: 'time',
  DATETIME2: 'timestamptz',
  DECIMAL: 'numeric',
  NVARCHAR: 'text',
  VARCHAR: 'text',
  UNIQUEIDENTIFIER: 'uuid',
};

/** The type that a list of tokens is; lengths are left out. */
const typeOf = ([type]: readonly SqlToken[]): string => {
  const found = types[type?.value ?? ''];
  if (found === undefined) throw new Error(`no type: ${type?.text}`);
  return found;
};

/**
 * The functions that show values as `CONVERT(nvarchar, …, 126)` does, and the comparison of flags with numbers
 * (`shownFunctions` of the driver creates them).
 */
function conversion(tokens: readonly SqlToken[], context: StatementContext): string {
  const [type = [], value = [], style] = commaSeparated(tokens);
  const expression = expressionText(value, context);
  if (!isWord(type[0], 'NVARCHAR', 'VARCHAR')) return `(${expression})::${typeOf(type)}`;
  const formats: Readonly<Record<string, string>> = {
    23: `to_char(${expression}, 'YYYY-MM-DD')`,
    121: `tsql.shown(${expression})`,
    126: `tsql.shown(${expression})`,
  };
  const shown = formats[style?.[0]?.text ?? '126'];
  if (shown === undefined) throw new Error(`no style: ${style?.[0]?.text}`);
  return shown;
}

const isNumeric = (token: SqlToken | undefined) => token?.kind === 'number';

/** Functions with other names. */
const functions: Readonly<Record<string, string>> = {
  SYSUTCDATETIME: 'clock_timestamp',
  NEWID: 'gen_random_uuid',
  DATALENGTH: 'octet_length',
  OBJECT_ID: 'tsql.object_id',
};

function expressionText(tokens: readonly SqlToken[], context: StatementContext): string {
  const parts: string[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as SqlToken;
    const call = isOperator(tokens[index + 1], '(') ? functions[token.value] : undefined;
    if (token.kind === 'name') parts.push(quote(context.names.get(token.value) ?? token.value));
    else if (token.kind === 'string') parts.push(stringLiteral(token.value));
    else if (token.kind === 'variable') parts.push(variableText(token.text, context));
    else if (call !== undefined) parts.push(call);
    else if (isWord(token, 'LATIN1_GENERAL_100_BIN2')) parts.push('"C"');
    else if (wordsAt(tokens, index, 'NEXT', 'VALUE', 'FOR')) {
      parts.push(`nextval('${expressionText(tokens.slice(index + 3, index + 6), context)}')`);
      index += 5;
    } else if (wordsAt(tokens, index, 'WITH') && isWord(tokens[index + 2], 'UPDLOCK', 'ROWLOCK', 'FORCESEEK'))
      index = closing(tokens, index + 1);
    else if (wordsAt(tokens, index, 'OPTION')) index = closing(tokens, index + 1);
    else if (wordsAt(tokens, index, 'CONVERT')) {
      const end = closing(tokens, index + 1);
      parts.push(conversion(tokens.slice(index + 2, end), context));
      index = end;
    } else if (wordsAt(tokens, index, 'DATEADD')) {
      const end = closing(tokens, index + 1);
      const [unit = [], count = [], from = []] = commaSeparated(tokens.slice(index + 2, end));
      const amount = `${count.map(({ text }) => text).join('')} ${unit[0]?.text}`;
      parts.push(`(${expressionText(from, context)} + interval '${amount}')`);
      index = end;
    } else if (isWord(token, 'AS') && tokens[index + 1]?.kind === 'word' && types[tokens[index + 1]?.value ?? '']) {
      parts.push(`AS ${typeOf(tokens.slice(index + 1))}`);
      index += isOperator(tokens[index + 2], '(') ? closing(tokens, index + 2) - index : 1;
    } else if (token.text === '+' && !isNumeric(tokens[index - 1]) && !isNumeric(tokens[index + 1])) parts.push('||');
    else parts.push(token.text);
  }
  return parts.join(' ').replaceAll(' . ', '.');
}

/** A parameter as its value, `@first` of a range of a sequence, or a table variable as a temporary table. */
function variableText(name: string, { parameters }: StatementContext): string {
  return parameters.get(name) ?? (name === '@first' ? '(SELECT value FROM pg_temp.first_of_range)' : tableOf(name));
}

/** The temporary table of a table variable. */
const tableOf = (variable: string) => `pg_temp.${quote(variable.slice(1))}`;

/** The value of each parameter of a request as a literal of its declared type (`@p1 bigint, @p2 nvarchar(75)`). */
export function parameterValues(
  declarations: string,
  values: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> {
  return new Map(
    [...declarations.matchAll(/@(p\d+) (\w+)/g)].map(([, name = '', type = '']) => {
      const value = values[name];
      const literal = value === null || value === undefined ? 'NULL' : stringLiteral(String(value));
      const found = types[type.toUpperCase()];
      if (found === undefined) throw new Error(`no type: ${type}`);
      return [`@${name}`, `(${literal}::${found})`] as const;
    }),
  );
}

/** Splits tokens into statements: each ends at its semicolon, or with its block. */
function statementsOf(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const found: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isWord(token, 'BEGIN', 'CASE')) depth += 1;
    if (isWord(token, 'END')) depth -= 1;
    if (isOperator(token, ';') && depth === 0) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((statement) => statement.length > 0);
}

const namesIn = (tokens: readonly SqlToken[], context: StatementContext) =>
  tokens.filter(({ kind }) => kind === 'name').map(({ value }) => stringLiteral(context.names.get(value) ?? value));

/** `ALTER TABLE t NOCHECK CONSTRAINT a, b` and `… WITH CHECK CHECK CONSTRAINT a, b`: functions do it. */
function alteredTable(tokens: readonly SqlToken[], context: StatementContext): string {
  const table = stringLiteral(expressionText(tokens.slice(2, 5), context));
  const constraints = `ARRAY[${namesIn(tokens.slice(5), context).join(', ')}]::text[]`;
  if (wordsAt(tokens, 5, 'NOCHECK', 'CONSTRAINT')) return `SELECT tsql.uncheck(${table}, ${constraints})`;
  if (wordsAt(tokens, 5, 'WITH', 'CHECK', 'CHECK', 'CONSTRAINT'))
    return `SELECT tsql.check_again(${table}, ${constraints})`;
  return expressionText(tokens, context);
}

/** `SELECT TOP (n) …` ends with a LIMIT. */
function selected(tokens: readonly SqlToken[], context: StatementContext): string {
  if (!isWord(tokens[1], 'TOP')) return expressionText(tokens, context);
  const end = closing(tokens, 2);
  return `SELECT ${expressionText(tokens.slice(end + 1), context)} LIMIT ${expressionText(tokens.slice(3, end), context)}`;
}

/** An INSERT while `IDENTITY_INSERT` of its table is on. */
function withOwnIdentity(text: string): string {
  return text.replace(/ (VALUES|SELECT) /, ' OVERRIDING SYSTEM VALUE $1 ');
}

/** Declares a table variable, anew for each batch; other variables are parts of a loop that takes locks. */
function declared(tokens: readonly SqlToken[], context: StatementContext): readonly string[] {
  if (!isWord(tokens[2], 'TABLE')) return [];
  const table = quote((tokens[1]?.text ?? '').slice(1));
  return [
    `DROP TABLE IF EXISTS pg_temp.${table}`,
    `CREATE TEMPORARY TABLE ${table} ${expressionText(tokens.slice(3), context)}`,
  ];
}

/** The loop that locks documents one by one, by id; PostgreSQL does so in one statement. */
function lockedInTurn(tokens: readonly SqlToken[]): string {
  const list = tokens.findLast(({ kind, text }) => kind === 'variable' && text.startsWith('@own'))?.text ?? '';
  return `SELECT FROM dms."Document" AS d WHERE d."DocumentId" IN (SELECT "DocumentId" FROM ${tableOf(list)}) ORDER BY d."DocumentId" FOR NO KEY UPDATE`;
}

/** `EXEC sys.sp_sequence_get_range @sequence_name = N'…', @range_size = …, @range_first_value = @first OUTPUT`. */
function rangeOf(tokens: readonly SqlToken[], context: StatementContext): readonly string[] {
  const [name = [], size = []] = commaSeparated(tokens.slice(4));
  const sequence = (name.at(-1)?.value ?? '').replaceAll(/\[([^\]]+)\]/g, '"$1"');
  return [
    'DROP TABLE IF EXISTS pg_temp.first_of_range',
    `CREATE TEMPORARY TABLE first_of_range AS SELECT min(i) AS value FROM (SELECT nextval(${stringLiteral(sequence)}) AS i FROM generate_series(1, ${expressionText(size.slice(2), context)})) AS n`,
  ];
}

/** The statements of a batch; settings of a session, which PostgreSQL does not have, are left out. */
export function translatedBatch(text: string, context: StatementContext): readonly TranslatedStatement[] {
  let hasOwnIdentity = false;
  const translate = (tokens: readonly SqlToken[]): readonly string[] => {
    const [head] = tokens;
    if (wordsAt(tokens, 0, 'SET', 'IDENTITY_INSERT')) {
      hasOwnIdentity = isWord(tokens.at(-1), 'ON');
      return [];
    }
    if (isWord(head, 'SET')) return [];
    if (isWord(head, 'DECLARE')) return declared(tokens, context);
    if (isWord(head, 'WHILE')) return [lockedInTurn(tokens)];
    if (isWord(head, 'EXEC')) return rangeOf(tokens, context);
    if (isWord(head, 'SELECT')) return [selected(tokens, context)];
    if (wordsAt(tokens, 0, 'ALTER', 'TABLE')) return [alteredTable(tokens, context)];
    const plain = expressionText(tokens, context);
    if (wordsAt(tokens, 0, 'CREATE', 'TABLE')) return [plain.replace('TABLE', 'TEMPORARY TABLE')];
    return [hasOwnIdentity && isWord(head, 'INSERT') ? withOwnIdentity(plain) : plain];
  };
  return statementsOf(splitBatches(text).flatMap(({ tokens }) => tokens)).flatMap((tokens) =>
    translate(tokens).map((each) => ({ text: each, hasRows: isWord(tokens[0], 'SELECT') })),
  );
}
