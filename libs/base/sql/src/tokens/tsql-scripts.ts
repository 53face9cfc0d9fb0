import { isOperator, isWord, type SqlToken, type SqlTokens, tsqlTokens, wordsAt } from './sql-tokens.ts';

export interface Batch extends Pick<SqlTokens, 'tokens' | 'comments'> {
  readonly firstLine: number;
  readonly text: string;
  /** Messages about text that is not a token, such as an unclosed string, bracket or comment. */
  readonly unreadable: readonly string[];
}

function readBatch(text: string, firstLine: number, start: number): Batch {
  const { tokens, comments, unreadable } = tsqlTokens(text, firstLine, start);
  const faults = unreadable.map(
    ({ line, text: found }) =>
      `line ${line}: ${JSON.stringify(found)} is not a token or opens something that is never closed`,
  );
  return { firstLine, text, tokens, comments, unreadable: faults };
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
    if (text.trim() !== '') batches.push(readBatch(text, firstLine, start));
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

/** Matches `EXEC @lock = sys.sp_getapplock @Resource = …, …;`, the only procedure call in bodies. */
export const isLockCall = (tokens: readonly SqlToken[], index: number) =>
  isWord(tokens[index], 'EXEC') &&
  tokens[index + 1]?.kind === 'variable' &&
  isOperator(tokens[index + 2], '=') &&
  isWord(tokens[index + 3], 'SYS') &&
  isOperator(tokens[index + 4], '.') &&
  isWord(tokens[index + 5], 'SP_GETAPPLOCK');

/** Whether the variable at `index` is one of the parameters of that procedure, each with a literal. */
export function isLockParameter(tokens: readonly SqlToken[], index: number): boolean {
  if (!['@Resource', '@LockMode', '@LockOwner'].includes(tokens[index]?.text ?? '')) return false;
  let start = index;
  while (start > 0 && !isOperator(tokens[start - 1], ';')) start -= 1;
  return isLockCall(tokens, start) && isOperator(tokens[index + 1], '=') && tokens[index + 2]?.kind === 'string';
}

/**
 * Matches `EXEC sys.sp_executesql N'…', N'@p int OUTPUT', @p = @variable OUTPUT;`, with which the preflight reads
 * tables that may not exist.
 */
const isDynamicCall = (tokens: readonly SqlToken[], index: number) =>
  wordsAt(tokens, index, 'EXEC', 'SYS') &&
  isOperator(tokens[index + 2], '.') &&
  isWord(tokens[index + 3], 'SP_EXECUTESQL');

/** Whether the variable at `index` is the name of a parameter of such a call. */
export function isDynamicParameter(tokens: readonly SqlToken[], index: number): boolean {
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
  LATIN1_GENERAL_100_BIN2 LATIN1_GENERAL_100_CI_AS_SC_UTF8 SQL_LATIN1_GENERAL_CP1_CI_AS
  SYS SCHEMAS SEQUENCES TABLES INDEXES KEY_CONSTRAINTS CHECK_CONSTRAINTS FOREIGN_KEYS TYPES SP_GETAPPLOCK SP_EXECUTESQL NAME TYPE SCHEMA_ID
  CURRENT_VALUE IS_TABLE_TYPE OBJECT_ID PARENT_OBJECT_ID`.split(/\s+/),
);
