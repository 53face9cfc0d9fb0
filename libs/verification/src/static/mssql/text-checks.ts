import { controlCharacter, linesWith } from '../lines-with.ts';
import type { Check } from './script-check.ts';
import { isOperator, isWord, type Token } from './tsql-tokens.ts';

const beyondAscii = /\P{ASCII}/u;

/** Checks comments only: S2 reports every other non-ASCII character outside names and texts, because it is not a token. */
export const characters: Check = ({ text, batches }) => [
  ...linesWith(text, controlCharacter).map(({ line }) => `line ${line} has a control character`),
  ...batches.flatMap(({ comments }) =>
    comments.filter((comment) => beyondAscii.test(comment)).map((comment) => `a comment outside ASCII: ${comment}`),
  ),
];

/** Everything that the scripts write unquoted; any other word is an identifier that lacks its brackets. */
export const vocabulary = new Set(
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

/** `FROM [schema].[table] alias`, as the views of schema `auth` have it: an alias without `AS`. */
export const isBareAlias = (tokens: readonly Token[], index: number) =>
  tokens[index]?.kind === 'word' &&
  !vocabulary.has(tokens[index]?.value ?? '') &&
  tokens[index - 1]?.kind === 'name' &&
  isOperator(tokens[index - 2], '.') &&
  isWord(tokens[index - 4], 'FROM', 'JOIN');

export const quotedNames: Check = ({ batches }) =>
  batches.flatMap(({ tokens }) => {
    const aliases = new Set(
      tokens.flatMap((token, index) => {
        const isAlias = isWord(tokens[index - 1], 'AS') || isBareAlias(tokens, index);
        return isAlias && token.kind === 'word' ? [token.value] : [];
      }),
    );
    return tokens
      .filter((token) => token.kind === 'word' && !vocabulary.has(token.value) && !aliases.has(token.value))
      .map(({ line, text }) => `line ${line}: ${text} is neither a known word nor an alias nor quoted`);
  });
