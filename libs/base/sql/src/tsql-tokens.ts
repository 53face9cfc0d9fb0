/*
 * A small T-SQL tokenizer: no SQL Server is available, and no parser on npm reads the procedural parts of the scripts
 * (design 09b §2.4).
 */

/** Thrown for a text that does not have the forms that the renderer writes. */
export class UnreadableScript extends Error {}

export interface Token {
  /** `name` is a bracketed or double-quoted identifier, `word` everything unquoted. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'variable' | 'operator';
  readonly text: string;
  /** Identifier without brackets, string without quotes; words in upper case. */
  readonly value: string;
  readonly line: number;
  /** The position in the whole script, which tells what comes first. */
  readonly position: number;
}

/** The members that tokens of both dialects have. */
export type AnyToken = Pick<Token, 'text' | 'line'> & { readonly kind: string };

export interface Batch {
  readonly firstLine: number;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly comments: readonly string[];
  /** Unclosed strings, brackets and comments. */
  readonly unreadable: readonly string[];
}

// blanks, comments, strings, names, variables, numbers, words, operators; the last group takes anything else
const tokenPattern =
  /(\s+)|(--[^\n]*|\/\*[\s\S]*?\*\/)|(N?'(?:[^']|'')*')|(\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*")|(@@?[A-Za-z_][\w@#$]*)|(0x[0-9A-Fa-f]*|\d+(?:\.\d+)?)|(#{0,2}[A-Za-z_][\w@#$]*)|(<>|<=|>=|!=|\+=|[-+*/%=<>(),.;|&^~:])|([\s\S])/uy;

const kindOfGroup: readonly (Token['kind'] | 'blank' | 'comment' | 'unknown')[] = [
  'unknown',
  'blank',
  'comment',
  'string',
  'name',
  'variable',
  'number',
  'word',
  'operator',
  'unknown',
];

function unquoted(kind: string, text: string): string {
  if (kind === 'string') return text.replace(/^N?'|'$/g, '').replaceAll("''", "'");
  if (kind === 'name')
    return text.startsWith('[') ? text.slice(1, -1).replaceAll(']]', ']') : text.slice(1, -1).replaceAll('""', '"');
  return kind === 'word' ? text.toUpperCase() : text;
}

/** The tokens of one batch, and its comments separately; `start` is the position of the batch in the script. */
function tokenize(text: string, firstLine: number, start: number): Pick<Batch, 'tokens' | 'comments' | 'unreadable'> {
  const tokens: Token[] = [];
  const comments: string[] = [];
  const unreadable: string[] = [];
  let line = firstLine;
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match !== null; match = tokenPattern.exec(text)) {
    const [found] = match;
    let group = 1;
    while (match[group] === undefined) group += 1;
    const kind = kindOfGroup[group] ?? 'unknown';
    if (kind === 'unknown')
      unreadable.push(`line ${line}: ${JSON.stringify(found)} is not a token or opens something that is never closed`);
    else if (kind === 'comment') comments.push(found);
    else if (kind !== 'blank')
      tokens.push({ kind, text: found, value: unquoted(kind, found), line, position: start + match.index });
    if (found.includes('\n')) line += found.split('\n').length - 1;
  }
  return { tokens, comments, unreadable };
}

/**
 * Splits a script as a client does: a line that is GO after trimming is a separator; empty pieces are dropped (design
 * 06 §2.3).
 */
export function splitBatches(script: string): Batch[] {
  const batches: Batch[] = [];
  let lines: string[] = [];
  let firstLine = 1;
  let start = 0;
  let offset = 0;
  const close = () => {
    const text = lines.join('\n');
    if (text.trim() !== '') batches.push({ firstLine, text, ...tokenize(text, firstLine, start) });
  };
  for (const [index, line] of script.split('\n').entries()) {
    if (line.trim().toUpperCase() === 'GO') {
      close();
      lines = [];
      firstLine = index + 2;
      start = offset + line.length + 1;
    } else lines.push(line);
    offset += line.length + 1;
  }
  close();
  return batches;
}

/** The texts of the tokens, joined by blanks, for messages and comparisons. */
export const spelled = (tokens: readonly Token[]) => tokens.map(({ text }) => text).join(' ');

/** Index of the `)` that closes the `(` at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    const { kind, text } = tokens[index] as Token;
    if (kind !== 'operator') continue;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0) return index;
  }
  throw new UnreadableScript(`line ${tokens[open]?.line}: a parenthesis is not closed`);
}

/** Splits at the commas outside parentheses. */
export function commaSeparated<T extends AnyToken>(tokens: readonly T[]): T[][] {
  const parts: T[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isOperator(token, '(')) depth += 1;
    if (isOperator(token, ')')) depth -= 1;
    if (isOperator(token, ',') && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

export const isWord = (token: Token | undefined, ...words: readonly string[]) =>
  token?.kind === 'word' && words.includes(token.value);
export const isOperator = (token: AnyToken | undefined, text: string) =>
  token?.kind === 'operator' && token.text === text;

/** Whether the tokens from `index` on are these words. */
export const wordsAt = (tokens: readonly Token[], index: number, ...words: readonly string[]) =>
  words.every((word, offset) => isWord(tokens[index + offset], word));

/** Matches `EXEC @lock = sys.sp_getapplock @Resource = …, …;`, the only procedure call in bodies. */
export const isLockCall = (tokens: readonly Token[], index: number) =>
  isWord(tokens[index], 'EXEC') &&
  tokens[index + 1]?.kind === 'variable' &&
  isOperator(tokens[index + 2], '=') &&
  isWord(tokens[index + 3], 'SYS') &&
  isOperator(tokens[index + 4], '.') &&
  isWord(tokens[index + 5], 'SP_GETAPPLOCK');

/** Whether the variable at `index` is one of the parameters of that procedure, each with a literal. */
export function isLockParameter(tokens: readonly Token[], index: number): boolean {
  if (!['@Resource', '@LockMode', '@LockOwner'].includes(tokens[index]?.text ?? '')) return false;
  let start = index;
  while (start > 0 && !isOperator(tokens[start - 1], ';')) start -= 1;
  return isLockCall(tokens, start) && isOperator(tokens[index + 1], '=') && tokens[index + 2]?.kind === 'string';
}

/**
 * Matches `EXEC sys.sp_executesql N'…', N'@p int OUTPUT', @p = @variable OUTPUT;`, with which the preflight reads
 * tables that may not exist.
 */
const isDynamicCall = (tokens: readonly Token[], index: number) =>
  wordsAt(tokens, index, 'EXEC', 'SYS') &&
  isOperator(tokens[index + 2], '.') &&
  isWord(tokens[index + 3], 'SP_EXECUTESQL');

/** Whether the variable at `index` is the name of a parameter of such a call. */
export function isDynamicParameter(tokens: readonly Token[], index: number): boolean {
  if (!isOperator(tokens[index - 1], ',') || !isOperator(tokens[index + 1], '=')) return false;
  let start = index;
  while (start > 0 && !isWord(tokens[start], 'EXEC') && !isOperator(tokens[start], ';')) start -= 1;
  return isDynamicCall(tokens, start);
}

/** All words that the scripts write unquoted; any other word is an identifier without its brackets. */
export const tsqlVocabulary = new Set(
  `ADD AFTER ALTER AND AS BEGIN BY CASE CAST CHECK CLUSTERED COLLATE CONSTRAINT CONVERT COUNT CREATE CROSS DECLARE DEFAULT DELETE
  DELETED DISTINCT ELSE END EXCEPT EXEC EXISTS FOR FORCESEEK FOREIGN FROM FUNCTION GROUP IDENTITY IF IN INCLUDE INDEX INNER INSERT INSERTED INTO IS
  JOIN KEY LEFT LOOP NEXT NO NOCOUNT NONCLUSTERED NOT NULL ON OR ORDER OUTPUT PERSISTED PRIMARY REFERENCES RETURN RETURNS SCHEMABINDING
  SELECT SEQUENCE SET START STRING_AGG TABLE THEN THROW TOP TRIGGER UNION ALL UNIQUE UPDATE ACTION CASCADE VALUE VALUES VIEW WHEN
  WHERE WHILE WITH WITHIN
  FORCE HOLDLOCK OPTION ROWLOCK UPDLOCK
  ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ARITHABORT CONCAT_NULL_YIELDS_NULL NOEXEC NUMERIC_ROUNDABORT OFF QUOTED_IDENTIFIER
  RAISERROR
  COMMIT ROLLBACK TRANSACTION XACT_ABORT XACT_STATE
  COL_LENGTH DATALENGTH HASHBYTES ISJSON ISNULL LEN LOWER LTRIM NEWID OBJECT_ID REPLACE RTRIM SUBSTRING SYSUTCDATETIME
  BIGINT BINARY BIT DATE DATETIME2 DECIMAL INT MAX NVARCHAR SMALLINT TIME UNIQUEIDENTIFIER VARBINARY VARCHAR
  LATIN1_GENERAL_100_BIN2 LATIN1_GENERAL_100_CI_AS_SC_UTF8
  SYS SCHEMAS SEQUENCES TABLES INDEXES KEY_CONSTRAINTS CHECK_CONSTRAINTS FOREIGN_KEYS TYPES SP_GETAPPLOCK SP_EXECUTESQL NAME TYPE SCHEMA_ID
  CURRENT_VALUE IS_TABLE_TYPE OBJECT_ID PARENT_OBJECT_ID`.split(/\s+/),
);
