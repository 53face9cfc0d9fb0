import type { Script, ScriptColumn, ScriptModule, ScriptTable } from './tsql-script.spec-support.ts';
import { type Batch, closing, commaSeparated, spelled, type Token } from './tsql-tokens.spec-support.ts';

/* The static checks of design 09 §7.4 for SQL Server scripts, and a few more that text allows. */

export interface Finding {
  /** S1…S14 of the design; `names`, `columns` and `guards` are checks of these tests. */
  readonly id: string;
  readonly text: string;
}

type Check = (script: Script) => string[];

const isWord = (token: Token | undefined, ...words: readonly string[]) => token?.kind === 'word' && words.includes(token.value);
const isOperator = (token: Token | undefined, text: string) => token?.kind === 'operator' && token.text === text;

/** Whether the words stand in the tokens one after the other, at `index`. */
const wordsAt = (tokens: readonly Token[], index: number, ...words: readonly string[]) =>
  words.every((word, offset) => isWord(tokens[index + offset], word));

const moduleOf = (script: Script, batch: Batch) => script.modules.find((module) => module.batch === batch);

/** The statements of a module body: its tokens cut at semicolons. */
function statementsOf(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (isOperator(token, ';')) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

const batchLaw: Check = (script) => {
  const findings: string[] = [];
  for (const [index, line] of script.text.split('\n').entries()) {
    if (/^\s*GO\b/i.test(line) && line.trim().toUpperCase() !== 'GO')
      findings.push(`line ${index + 1}: ${line} is no separator`);
  }
  if (script.batches.length === 0) findings.push('the script is empty');
  for (const { tokens, firstLine } of script.batches) {
    const starts = tokens.flatMap((_, index) => (wordsAt(tokens, index, 'CREATE', 'OR', 'ALTER') ? [index] : []));
    if (starts.length === 0) continue;
    if (starts.length > 1 || starts[0] !== 0) findings.push(`line ${firstLine}: a module must be alone in its batch`);
    const others = tokens.filter((token, index) => index > 0 && isWord(token, 'CREATE', 'ALTER') && index !== 2);
    if (others.length > 0) findings.push(`line ${others[0]?.line}: another statement in the batch of a module`);
    if (!isOperator(tokens.at(-1), ';')) findings.push(`line ${firstLine}: the module is not terminated`);
    const body = tokens.slice(tokens.findIndex((token) => isWord(token, 'AS')) + 1);
    const isView = isWord(tokens[3], 'VIEW');
    if (isView && statementsOf(body).length !== 1) findings.push(`line ${firstLine}: a view is one statement`);
    if (!isView && blockEnd(body) !== body.length - 2) findings.push(`line ${firstLine}: text after the body of the module`);
  }
  return findings;
};

/** Index of the END of the block that the tokens begin with. */
function blockEnd(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isWord(token, 'BEGIN', 'CASE')) depth += 1;
    if (isWord(token, 'END')) depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

const closedPairs: Check = ({ batches }) =>
  batches.flatMap(({ tokens, faults }) => {
    const findings = [...faults];
    const open: Token[] = [];
    for (const token of tokens) {
      if (isOperator(token, '(') || isWord(token, 'BEGIN', 'CASE')) open.push(token);
      const closes = isOperator(token, ')') ? ['('] : isWord(token, 'END') ? ['BEGIN', 'CASE'] : undefined;
      if (closes && !closes.includes(open.pop()?.value ?? ''))
        findings.push(`line ${token.line}: ${token.text} closes nothing`);
    }
    return [...findings, ...open.map(({ line, text }) => `line ${line}: ${text} is never closed`)];
  });

const variables: Check = ({ batches, modules }) =>
  batches.flatMap((batch) => {
    const declared = new Set<string>();
    const findings: string[] = [];
    const module = modules.find((candidate) => candidate.batch === batch);
    if (module?.kind === 'FUNCTION')
      for (const { kind, text } of module.header) if (kind === 'variable') declared.add(text.toLowerCase());
    const { tokens } = batch;
    for (const [index, { kind, text, line }] of tokens.entries()) {
      if (kind !== 'variable' || text.startsWith('@@')) continue;
      const name = text.toLowerCase();
      if (isWord(tokens[index - 1], 'DECLARE')) {
        if (declared.has(name)) findings.push(`line ${line}: ${text} is declared twice in its batch`);
        declared.add(name);
      } else if (!declared.has(name)) findings.push(`line ${line}: ${text} is not declared in its batch`);
    }
    return findings;
  });

const forbidden = [
  'USE',
  'COMMIT',
  'ROLLBACK',
  'SAVE',
  'TRUNCATE',
  'GRANT',
  'REVOKE',
  'DENY',
  'BACKUP',
  'RESTORE',
  'RECONFIGURE',
];
const forbiddenPairs = [
  ['BEGIN', 'TRAN'],
  ['BEGIN', 'TRANSACTION'],
  ['ALTER', 'DATABASE'],
  ['CREATE', 'DATABASE'],
  ...['TABLE', 'SCHEMA', 'VIEW', 'FUNCTION', 'COLUMN', 'INDEX', 'CONSTRAINT', 'TRIGGER', 'DATABASE'].map((what) => [
    'DROP',
    what,
  ]),
];

const forbiddenStatements: Check = (script) =>
  script.batches.flatMap((batch) => {
    const { tokens } = batch;
    const module = moduleOf(script, batch);
    return tokens.flatMap((token, index) => {
      if (isWord(token, ...forbidden)) return [`line ${token.line}: ${token.text}`];
      if (forbiddenPairs.some((pair) => wordsAt(tokens, index, ...pair)))
        return [`line ${token.line}: ${token.text} ${tokens[index + 1]?.text}`];
      if (!module && isWord(token, 'SET')) return [`line ${token.line}: SET outside of a body`];
      // inside a body: SET of an UPDATE, and SET NOCOUNT ON
      if (module && isWord(token, 'SET') && tokens[index + 1]?.kind === 'word' && !wordsAt(tokens, index + 1, 'NOCOUNT', 'ON'))
        return [`line ${token.line}: SET ${tokens[index + 1]?.text}`];
      return [];
    });
  });

/** References `[schema].[name]` of a token list with their place. */
function references(tokens: readonly Token[]): { name: string; token: Token }[] {
  return tokens.flatMap((token, index) => {
    const [dot, object] = [tokens[index + 1], tokens[index + 2]];
    if (token.kind !== 'name' || !isOperator(dot, '.') || object?.kind !== 'name' || isOperator(tokens[index - 1], '.'))
      return [];
    return [{ name: `${token.value}.${object.value}`, token }];
  });
}

const existing: Check = (script) => {
  const created = new Map<string, number>();
  for (const [name, { position }] of script.sequences) created.set(name, position);
  for (const [name, { position }] of script.tables) created.set(name, position);
  for (const { kind, name, position } of script.modules) if (kind !== 'TRIGGER') created.set(name, position);
  const schemas = new Set(script.schemas);
  const findings: string[] = [];
  for (const batch of script.batches) {
    const module = moduleOf(script, batch);
    const isDeferred = module?.kind === 'TRIGGER' || module?.kind === 'FUNCTION';
    for (const { name, token } of references(batch.tokens)) {
      if (module?.kind === 'TRIGGER' && name === module.name) {
        if (module.table === null || !script.tables.has(module.table)) findings.push(`${module.name} stands on no table`);
        continue;
      }
      const position = created.get(name);
      // the seeds look at the table of the fingerprint before it exists, guarded by OBJECT_ID
      const isGuarded = batch === script.batches[0] && name === 'dms.EffectiveSchema';
      if (position === undefined) findings.push(`line ${token.line}: ${name} does not exist`);
      else if (!isDeferred && !isGuarded && position > token.position)
        findings.push(`line ${token.line}: ${name} is created later`);
    }
    for (const [index, { kind, value, line }] of batch.tokens.entries()) {
      if (kind !== 'string' || !isWord(batch.tokens[index - 2], 'OBJECT_ID')) continue;
      if (!script.tables.has(value)) findings.push(`line ${line}: the guard looks for ${value}, which is no table`);
    }
  }
  for (const name of [...created.keys(), ...script.modules.map((module) => module.name)])
    if (!schemas.has(name.slice(0, name.indexOf('.')))) findings.push(`${name}: its schema is not created`);
  return findings;
};

/** Type of a column; a computed one has that of the column that its expression ends in. */
export function columnType(table: ScriptTable, column: ScriptColumn): string {
  if (column.type !== null) return column.type;
  const source = /\[((?:[^\]]|\]\])*)\](?: END)?$/.exec(column.computed ?? '')?.[1]?.replaceAll(']]', ']');
  const canonical = table.columns.find(({ name }) => name === source);
  if (!canonical?.type) throw new Error(`${table.name}.${column.name} is computed from no stored column`);
  return canonical.type;
}

function typeIn(table: ScriptTable, name: string): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  return column ? columnType(table, column) : `no column ${name}`;
}

const keyTargets: Check = ({ tables }) =>
  [...tables.values()].flatMap((table) =>
    table.constraints.flatMap((key) => {
      if (key.kind !== 'FOREIGN KEY') return [];
      const target = tables.get(key.target ?? '');
      if (!target) return [`${key.name}: no table ${key.target}`];
      const wanted = JSON.stringify([...key.targetColumns].sort());
      const isKey = target.constraints.some(
        ({ kind, columns }) => (kind === 'PRIMARY KEY' || kind === 'UNIQUE') && JSON.stringify([...columns].sort()) === wanted,
      );
      const local = key.columns.map((name) => typeIn(table, name));
      const remote = key.targetColumns.map((name) => typeIn(target, name));
      return [
        ...(isKey ? [] : [`${key.name}: ${key.target} (${key.targetColumns}) is no key`]),
        ...(JSON.stringify(local) === JSON.stringify(remote) ? [] : [`${key.name}: types ${local} → ${remote}`]),
        ...(key.columns.length <= 32 ? [] : [`${key.name}: ${key.columns.length} columns`]),
        ...key.columns
          .filter((name) => table.columns.find((column) => column.name === name)?.computed)
          .map((name) => `${key.name}: ${name} is computed`),
      ];
    }),
  );

const uniqueNames: Check = ({ tables, modules, sequences, batches }) => {
  const findings: string[] = [];
  for (const { tokens } of batches)
    for (const { kind, value, line } of tokens)
      if (kind === 'name' && (value.length > 128 || value.length === 0))
        findings.push(`line ${line}: [${value}] has ${value.length} characters`);
  const seen = new Map<string, string>();
  const add = (schema: string, name: string, what: string) => {
    const place = `${schema}.${name}`.toLowerCase();
    const other = seen.get(place);
    if (other !== undefined) findings.push(`${schema}.${name} is the name of ${other} and of ${what}`);
    seen.set(place, what);
  };
  const parts = (qualified: string): [string, string] => {
    const dot = qualified.indexOf('.');
    return [qualified.slice(0, dot), qualified.slice(dot + 1)];
  };
  for (const name of sequences.keys()) add(...parts(name), 'a sequence');
  for (const { name, kind } of modules) add(...parts(name), `a ${kind.toLowerCase()}`);
  for (const table of tables.values()) {
    const [schema, name] = parts(table.name);
    add(schema, name, 'a table');
    for (const constraint of table.constraints) add(schema, constraint.name, `a constraint of ${table.name}`);
    for (const column of table.columns)
      if (column.default) add(schema, column.default.constraint, `a default of ${table.name}`);
    const lower = (names: readonly string[]) => names.map((entry) => entry.toLowerCase());
    for (const names of [lower(table.columns.map((column) => column.name)), lower(table.indexes.map((index) => index.name))])
      for (const [index, entry] of names.entries())
        if (names.indexOf(entry) !== index) findings.push(`${table.name}: ${entry} twice`);
  }
  return findings;
};

const keySizes: Check = ({ tables }) =>
  [...tables.values()].flatMap((table) => {
    const keys = [...table.constraints.filter(({ kind }) => kind === 'PRIMARY KEY' || kind === 'UNIQUE'), ...table.indexes];
    return keys.flatMap(({ name, columns }) => [
      ...(columns.length > 32 ? [`${name} has ${columns.length} columns`] : []),
      ...columns.filter((column) => /\(max\)/.test(typeIn(table, column))).map((column) => `${name}: ${column} has no limit`),
      ...columns
        .filter((column) => typeIn(table, column).startsWith('no column'))
        .map((column) => `${name}: no column ${column}`),
    ]);
  });

/** From no table may a cascade of one kind reach a table twice; deletes and updates are judged apart (design 11 §3.2). */
const cascades: Check = ({ tables }) =>
  (['onDelete', 'onUpdate'] as const).flatMap((action) => {
    const edges = new Map<string, { to: string; key: string }[]>();
    for (const table of tables.values())
      for (const key of table.constraints) {
        if (key.kind !== 'FOREIGN KEY' || key[action] !== 'CASCADE') continue;
        edges.set(key.target ?? '', [...(edges.get(key.target ?? '') ?? []), { to: table.name, key: key.name }]);
      }
    const findings: string[] = [];
    for (const start of edges.keys()) {
      const reached = new Set([start]);
      const open = [start];
      for (let at = open.pop(); at !== undefined; at = open.pop())
        for (const { to, key } of edges.get(at) ?? []) {
          if (reached.has(to)) findings.push(`${action}: ${key} reaches ${to} a second time from ${start}`);
          else open.push(to);
          reached.add(to);
        }
    }
    return findings;
  });

const sizes: Check = ({ tables, batches }) => [
  ...[...tables.values()].filter(({ columns }) => columns.length > 1024).map(({ name }) => `${name} has too many columns`),
  ...batches.flatMap(({ tokens }) =>
    tokens.flatMap((token, index) => {
      if (!isWord(token, 'VALUES')) return [];
      let rows = 0;
      let at = index + 1;
      while (isOperator(tokens[at], '(')) {
        rows += 1;
        at = closing(tokens, at) + 1;
        if (!isOperator(tokens[at], ',')) break;
        at += 1;
      }
      return rows > 1000 ? [`line ${token.line}: ${rows} rows in one constructor`] : [];
    }),
  ),
];

const triggerBodies: Check = ({ modules, tables }) =>
  modules.flatMap((module) => {
    if (module.kind !== 'TRIGGER') return [];
    const { body, name } = module;
    const findings: string[] = [];
    if (!wordsAt(body, 0, 'BEGIN', 'SET', 'NOCOUNT', 'ON') || !isOperator(body[4], ';'))
      findings.push(`${name} does not start with SET NOCOUNT ON`);
    for (const token of body)
      if (isWord(token, 'CURSOR', 'TRIGGER_NESTLEVEL', 'INSTEAD', 'EXEC', 'EXECUTE', 'TOP'))
        findings.push(`${name}: ${token.text}`);
    const columns = tables.get(module.table ?? '')?.columns ?? [];
    for (const [index, token] of body.entries()) {
      if (!isWord(token, 'UPDATE') || !isOperator(body[index + 1], '(')) continue;
      const column = columns.find((candidate) => candidate.name === body[index + 2]?.value);
      if (!column || column.computed) findings.push(`${name}: UPDATE(${body[index + 2]?.text}) needs a stored column`);
    }
    for (const statement of statementsOf(body)) {
      const hasSequence = statement.some((_, index) => wordsAt(statement, index, 'NEXT', 'VALUE', 'FOR'));
      const setOperator = statement.find((token) => isWord(token, 'DISTINCT', 'UNION', 'EXCEPT', 'INTERSECT'));
      if (hasSequence && setOperator) findings.push(`${name}: NEXT VALUE FOR in a statement with ${setOperator.text}`);
    }
    return findings;
  });

const textForm: Check = ({ text }) => {
  const findings: string[] = [];
  if (text.includes('\r')) findings.push('carriage return');
  if (!text.endsWith('\n\n') || text.endsWith('\n\n\n')) findings.push('the script must end with one empty line');
  for (const [index, line] of text.split('\n').entries()) {
    if (/[ \t]$/.test(line)) findings.push(`line ${index + 1} ends with a blank`);
    if (line.includes('\t')) findings.push(`line ${index + 1} has a tab`);
  }
  if (/\n\n\n/.test(text)) findings.push('two empty lines after one another');
  return findings;
};

const controlCharacter = /\p{Cc}/u;
const beyondAscii = /\P{ASCII}/u;

const characters: Check = ({ text, batches }) => [
  ...text
    .split('\n')
    .flatMap((line, index) => (controlCharacter.test(line) ? [`line ${index + 1} has a control character`] : [])),
  ...batches.flatMap(({ tokens, comments }) => [
    ...tokens
      .filter(({ kind, text: token }) => kind !== 'name' && kind !== 'string' && beyondAscii.test(token))
      .map(({ line, text: token }) => `line ${line}: ${token}`),
    ...comments.filter((comment) => beyondAscii.test(comment)).map((comment) => `a comment outside ASCII: ${comment}`),
  ]),
];

/** Everything that the scripts write unquoted; any other word is an identifier that lacks its brackets. */
const vocabulary = new Set(
  `ADD AFTER ALTER AND AS BEGIN BY CASE CAST CHECK CLUSTERED COLLATE CONSTRAINT CONVERT COUNT CREATE CROSS DECLARE DEFAULT DELETE
  DELETED DISTINCT ELSE END EXEC EXISTS FOR FOREIGN FROM FUNCTION GROUP IDENTITY IF IN INCLUDE INDEX INNER INSERT INSERTED INTO IS
  JOIN KEY LEFT NEXT NO NOCOUNT NONCLUSTERED NOT NULL ON OR ORDER OUTPUT PERSISTED PRIMARY REFERENCES RETURN RETURNS SCHEMABINDING
  SELECT SEQUENCE SET START STRING_AGG TABLE THEN THROW TOP TRIGGER UNION ALL UNIQUE UPDATE ACTION CASCADE VALUE VALUES VIEW WHEN
  WHERE WHILE WITH WITHIN
  DATALENGTH HASHBYTES ISJSON LEN LOWER LTRIM OBJECT_ID REPLACE RTRIM SUBSTRING SYSUTCDATETIME
  BIGINT BINARY BIT DATE DATETIME2 DECIMAL INT MAX NVARCHAR SMALLINT TIME UNIQUEIDENTIFIER VARBINARY VARCHAR
  LATIN1_GENERAL_100_BIN2 LATIN1_GENERAL_100_CI_AS_SC_UTF8
  SYS SCHEMAS SEQUENCES TABLES INDEXES KEY_CONSTRAINTS CHECK_CONSTRAINTS FOREIGN_KEYS NAME TYPE SCHEMA_ID PARENT_OBJECT_ID`.split(
    /\s+/,
  ),
);

const quotedNames: Check = ({ batches }) =>
  batches.flatMap(({ tokens }) => {
    const aliases = new Set(
      tokens.flatMap((token, index) => (isWord(tokens[index - 1], 'AS') && token.kind === 'word' ? [token.value] : [])),
    );
    return tokens
      .filter((token) => token.kind === 'word' && !vocabulary.has(token.value) && !aliases.has(token.value))
      .map(({ line, text }) => `line ${line}: ${text} is neither a known word nor an alias nor quoted`);
  });

interface Source {
  readonly columns: readonly string[];
  readonly computed: readonly string[];
}

/** Every `alias.[column]`, inserted, assigned and selected column of a module must exist in what the alias stands for. */
function columnFindings(script: Script, module: ScriptModule): string[] {
  const findings: string[] = [];
  const sourceOf = (table: ScriptTable | undefined): Source | undefined =>
    table && {
      columns: table.columns.map(({ name }) => name),
      computed: table.columns.filter(({ computed }) => computed !== null).map(({ name }) => name),
    };
  const { body, name: owner } = module;
  const named = new Map<string, Source>();
  for (const [index, token] of body.entries()) {
    if (!isWord(token, 'DECLARE') || !isWord(body[index + 2], 'TABLE')) continue;
    const inner = commaSeparated(body.slice(index + 4, closing(body, index + 3)));
    named.set(body[index + 1]?.text ?? '', { columns: inner.map(([column]) => column?.value ?? ''), computed: [] });
  }
  const own = sourceOf(script.tables.get(module.table ?? ''));
  if (own) for (const word of ['INSERTED', 'DELETED']) named.set(word, own);
  /** What stands at `index` as a row source, and how many tokens it takes. */
  const sourceAt = (tokens: readonly Token[], index: number): { source: Source | undefined; length: number; text: string } => {
    const token = tokens[index];
    if (token?.kind === 'name' && isOperator(tokens[index + 1], '.')) {
      const table = `${token.value}.${tokens[index + 2]?.value}`;
      return { source: sourceOf(script.tables.get(table)), length: 3, text: table };
    }
    return {
      source: named.get(token?.kind === 'word' ? token.value : (token?.text ?? '')),
      length: 1,
      text: token?.text ?? '',
    };
  };
  for (const statement of statementsOf(body)) {
    const aliases = new Map<string, Source[]>();
    const unaliased: Source[] = [];
    for (const [index, token] of statement.entries()) {
      if (!isWord(token, 'FROM', 'JOIN', 'INTO')) continue;
      if (isOperator(statement[index + 1], '(')) continue;
      const { source, length, text } = sourceAt(statement, index + 1);
      const after = statement[index + 1 + length];
      if (isWord(token, 'INTO')) {
        if (!source) findings.push(`${owner}: inserts into ${text}`);
        const list = isOperator(after, '(')
          ? commaSeparated(statement.slice(index + 2 + length, closing(statement, index + 1 + length)))
          : [];
        for (const [column] of list) {
          if (!source?.columns.includes(column?.value ?? '')) findings.push(`${owner}: ${text} has no column ${column?.text}`);
          if (source?.computed.includes(column?.value ?? '')) findings.push(`${owner}: ${text}.${column?.text} is computed`);
        }
        continue;
      }
      const isAlias = isWord(after, 'AS');
      const alias = isAlias ? statement[index + 2 + length]?.value : undefined;
      if (alias === undefined) {
        if (source) unaliased.push(source);
        continue;
      }
      // DELETE d FROM x AS d names an alias; so does UPDATE d
      if (!source) findings.push(`${owner}: unknown source ${text}`);
      else aliases.set(alias, [...(aliases.get(alias) ?? []), source]);
    }
    // derived tables: (…) AS alias with the columns that their SELECT names
    for (const [index, token] of statement.entries()) {
      if (!isOperator(token, ')') || !isWord(statement[index + 1], 'AS') || statement[index + 2]?.kind !== 'word') continue;
      if (!vocabulary.has(statement[index + 2]?.value ?? '')) aliases.set(statement[index + 2]?.value ?? '', []);
    }
    for (const [index, token] of statement.entries()) {
      const column = statement[index + 2];
      if (token.kind !== 'word' || !isOperator(statement[index + 1], '.') || column?.kind !== 'name') continue;
      // inserted and deleted in an OUTPUT clause are the rows of the updated table
      const isOutput = isWord(token, 'INSERTED', 'DELETED') && !aliases.has(token.value);
      const sources = isOutput ? [...aliases.values()].flat() : aliases.get(token.value);
      if (!sources) findings.push(`${owner}: ${token.text}.${column.text} has no source`);
      else if (sources.length > 0 && !sources.some(({ columns }) => columns.includes(column.value)))
        findings.push(`${owner}: ${token.text} has no column ${column.text}`);
    }
    const updated =
      isWord(statement[0], 'UPDATE') && statement[1]?.kind === 'word' ? aliases.get(statement[1].value)?.[0] : undefined;
    const set = statement.findIndex((token) => isWord(token, 'SET'));
    if (updated && set >= 0) {
      const end = statement.findIndex((token, index) => index > set && isWord(token, 'FROM', 'OUTPUT'));
      const targets = commaSeparated(statement.slice(set + 1, end)).map(([target]) => target?.value ?? '');
      for (const [index, target] of targets.entries()) {
        if (!updated.columns.includes(target)) findings.push(`${owner}: no column ${target} to set`);
        if (updated.computed.includes(target)) findings.push(`${owner}: ${target} is computed`);
        if (targets.indexOf(target) !== index) findings.push(`${owner}: ${target} is set twice`);
      }
    }
    if (module.kind === 'VIEW') {
      // the arms: each SELECT … FROM table names columns of that table
      const from = statement.flatMap((token, index) => (isWord(token, 'FROM') ? [index] : []));
      for (const [arm, index] of from.entries()) {
        const start = arm === 0 ? 0 : (from[arm - 1] ?? 0) + 4;
        const { source, text } = sourceAt(statement, index + 1);
        for (const [at, token] of statement.entries()) {
          if (at < start || at >= index || token.kind !== 'name' || isWord(statement[at - 1], 'AS')) continue;
          if (!source?.columns.includes(token.value)) findings.push(`${owner}: ${text} has no column ${token.text}`);
        }
      }
    }
  }
  return findings;
}

const moduleColumns: Check = (script) => script.modules.flatMap((module) => columnFindings(script, module));

const literal = (text: string) => `N'${text.replaceAll("'", "''")}'`;

/** Every statement that creates something has the guard of design 06 §3 right before it: by name, and by owner where it has one. */
const guards: Check = ({ batches, modules }) =>
  batches.flatMap((batch) => {
    if (modules.some((module) => module.batch === batch)) return [];
    const { tokens } = batch;
    const qualified = (index: number) => `${tokens[index]?.value}.${tokens[index + 2]?.value}`;
    const text = tokens.map((token) => token.text);
    const expectBefore = (index: number, guard: string): string[] => {
      const parts = guard.split(' ');
      const found = text.slice(Math.max(0, index - parts.length), index).join(' ');
      return found === guard ? [] : [`line ${tokens[index]?.line}: expected the guard ${guard}, found ${found}`];
    };
    return tokens.flatMap((_, index) => {
      if (wordsAt(tokens, index, 'EXEC')) {
        const schema = /\[(.*)\]/.exec(tokens[index + 2]?.value ?? '')?.[1]?.replaceAll(']]', ']') ?? '';
        return expectBefore(index, `IF NOT EXISTS ( SELECT 1 FROM sys . schemas WHERE name = ${literal(schema)} )`);
      }
      if (wordsAt(tokens, index, 'CREATE', 'TABLE'))
        return expectBefore(index, `IF OBJECT_ID ( ${literal(qualified(index + 2))} , N'U' ) IS NULL`);
      if (wordsAt(tokens, index, 'CREATE', 'SEQUENCE')) {
        const [schema, name] = [tokens[index + 2]?.value ?? '', tokens[index + 4]?.value ?? ''];
        return expectBefore(
          index,
          `s . schema_id = q . schema_id WHERE s . name = ${literal(schema)} AND q . name = ${literal(name)} )`,
        );
      }
      if (wordsAt(tokens, index, 'ALTER', 'TABLE')) {
        const name = tokens[index + 7]?.value ?? '';
        const kinds: Readonly<Record<string, string>> = {
          UNIQUE: 'key_constraints',
          CHECK: 'check_constraints',
          FOREIGN: 'foreign_keys',
        };
        const catalog = kinds[tokens[index + 8]?.value ?? ''];
        const type = catalog === 'key_constraints' ? "AND type = 'UQ' " : '';
        return expectBefore(
          index,
          `IF NOT EXISTS ( SELECT 1 FROM sys . ${catalog} WHERE name = ${literal(name)} ${type}AND parent_object_id = OBJECT_ID ( ${literal(qualified(index + 2))} ) )`,
        );
      }
      const at = wordsAt(tokens, index, 'CREATE', 'UNIQUE', 'INDEX')
        ? index + 3
        : wordsAt(tokens, index, 'CREATE', 'INDEX')
          ? index + 2
          : 0;
      if (at === 0) return [];
      const [schema, table] = [tokens[at + 2]?.value ?? '', tokens[at + 4]?.value ?? ''];
      return expectBefore(
        index,
        `WHERE s . name = ${literal(schema)} AND t . name = ${literal(table)} AND i . name = ${literal(tokens[at]?.value ?? '')} )`,
      );
    });
  });

const checks: Readonly<Record<string, Check>> = {
  S1: batchLaw,
  S2: closedPairs,
  S3: variables,
  S4: forbiddenStatements,
  S6: existing,
  S7: keyTargets,
  S8: uniqueNames,
  S9: keySizes,
  S10: cascades,
  S11: sizes,
  S12: triggerBodies,
  S13: textForm,
  S14: characters,
  names: quotedNames,
  columns: moduleColumns,
  guards,
};

/** Everything that is wrong with a script, as far as its text shows. */
export function staticFindings(script: Script): Finding[] {
  return Object.entries(checks).flatMap(([id, check]) => check(script).map((text) => ({ id, text })));
}

/** The tokens of a module body as one text, for assertions on single statements. */
export const bodyText = ({ body }: ScriptModule) => spelled(body);
