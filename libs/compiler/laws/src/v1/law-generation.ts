import type { LawGeneration } from '../law-generation.ts';

/** Hashed names contain times without a fraction (design 07 §9.2). */
export const lawsV1: LawGeneration = {
  hashed: { identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length) },
  identityValues: { pgsql: {}, mssql: {} },
};
