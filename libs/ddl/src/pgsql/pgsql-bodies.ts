import { dialectRules } from '@dms/sql';
import type { BodyRenderer, GenerationBodies } from '../body-renderer.ts';
import { viewBody } from '../view-body.ts';

const viewDialect = { rules: dialectRules.pgsql, cast: (expression: string, type: string) => `${expression}::${type}` };

/** The text between the dollar tags of a function, or after the AS of a view. */
export const pgsqlBodies = (generation: GenerationBodies): BodyRenderer => ({
  ...generation,
  triggerText: (_table, _events, body) => body,
  view: (view, tables) => viewBody(viewDialect, view, tables),
});
