import { dialectRules } from '@dms/sql';
import type { BodyRenderer, GenerationBodies } from '../body-renderer.ts';
import { viewBody } from '../view-body.ts';
import { qualified } from './body-text.ts';

const viewDialect = {
  rules: dialectRules.mssql,
  cast: (expression: string, type: string) => `CAST(${expression} AS ${type})`,
};

/** The part of a module that the server keeps: everything after its name. */
export const mssqlBodies = (generation: GenerationBodies): BodyRenderer => ({
  ...generation,
  triggerText: (table, events, body) => [`ON ${qualified(table)}`, `AFTER ${events.join(', ')}`, 'AS', ...body],
  view: (view, tables) => ['AS', ...viewBody(viewDialect, view, tables)],
});
