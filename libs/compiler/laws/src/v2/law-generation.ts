import { castText, dialectRules, kindFacts, trimmedZeros } from '@dms/sql';
import { endsOfTime, withoutTrailingZeros } from '../hashed-name.ts';
import type { LawGeneration } from '../law-generation.ts';

/** The text of a value, where infinity stands for an end of time. */
const withEnds = (kind: 'Date' | 'DateTime') => (value: string) => {
  const [first, last] = endsOfTime[kind].map(dialectRules.pgsql.stringLiteral);
  const text = kindFacts[kind].pgsql.identityText(value);
  return `CASE ${value} WHEN '-infinity' THEN ${first} WHEN 'infinity' THEN ${last} ELSE ${text} END`;
};

/** Hashed names contain times with their fraction, and infinite dates (design 16 §6.4). */
export const lawsV2: LawGeneration = {
  hashed: { identityTime: withoutTrailingZeros, takesInfinity: true },
  identityValues: {
    pgsql: { Date: withEnds('Date'), Time: castText, DateTime: withEnds('DateTime') },
    // style 121 always writes seven digits
    mssql: { Time: (value) => trimmedZeros(`CONVERT(nvarchar(16), ${value}, 121)`) },
  },
};
