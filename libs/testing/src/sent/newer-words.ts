import { splitBatches } from '@dms/sql';

/**
 * Words of T-SQL that are newer than SQL Server 2019 (documentation, "What's new" of SQL Server 2022 and 2025,
 * Transact-SQL).
 */
export const newerWords: ReadonlySet<string> = new Set(
  `APPROX_PERCENTILE_CONT APPROX_PERCENTILE_DISC BIT_COUNT DATETRUNC DATE_BUCKET GENERATE_SERIES GET_BIT GREATEST JSON_ARRAY JSON_ARRAYAGG
  JSON_CONTAINS JSON_OBJECT JSON_OBJECTAGG JSON_PATH_EXISTS LEAST LEFT_SHIFT REGEXP_COUNT REGEXP_INSTR REGEXP_LIKE REGEXP_MATCHES
  REGEXP_REPLACE REGEXP_SPLIT_TO_TABLE REGEXP_SUBSTR RIGHT_SHIFT SET_BIT UNISTR VECTOR VECTOR_DISTANCE WINDOW`.split(
    /\s+/,
  ),
);

/** The words of a text that are newer than SQL Server 2019. */
export const newerWordsIn = (text: string): string[] =>
  splitBatches(text).flatMap(({ tokens }) =>
    tokens.flatMap(({ kind, value, text: word }) => (kind === 'word' && newerWords.has(value) ? [word] : [])),
  );
