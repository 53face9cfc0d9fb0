import { expect, it } from 'vitest';
import { moduleBody } from './module-body.ts';

it.each([
  ['CREATE OR ALTER TRIGGER [a].[b]\nON [a].[t] AFTER INSERT AS BEGIN END;', 'ON [a].[t] AFTER INSERT AS BEGIN END;'],
  ['-- a comment\n/* and CREATE VIEW x */\n create   trigger a.b on t', 'on t'],
  ['CREATE FUNCTION [x]]y] . "f""g" (@a int)', '(@a int)'],
  ['ALTER VIEW v AS SELECT 1', 'AS SELECT 1'],
  ['no module at all', 'no module at all'],
])('the body of %j', (definition, body) => {
  expect(moduleBody(definition)).toBe(body);
});
