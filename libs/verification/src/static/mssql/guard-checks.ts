import { mustExist } from '@dms/model';
import { isOperator, wordsAt } from '@dms/sql';
import { type Check, valueAt } from './script-check.ts';

const literal = (text: string) => `N'${text.replaceAll("'", "''")}'`;

/**
 * Every statement that creates something has the guard of design 06 §3 right before it: by name, and by owner where it
 * has one.
 */
export const guards: Check = ({ batches, modules }) =>
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
      if (wordsAt(tokens, index, 'EXEC') && isOperator(tokens[index + 1], '(')) {
        const schema = mustExist(/\[(.*)\]/.exec(valueAt(tokens, index + 2))?.[1], 'the name of a schema');
        const guard = `IF NOT EXISTS ( SELECT 1 FROM sys . schemas WHERE name = ${literal(schema.replaceAll(']]', ']'))} )`;
        return expectBefore(index, guard);
      }
      if (wordsAt(tokens, index, 'CREATE', 'TABLE'))
        return expectBefore(index, `IF OBJECT_ID ( ${literal(qualified(index + 2))} , N'U' ) IS NULL`);
      if (wordsAt(tokens, index, 'CREATE', 'SEQUENCE')) {
        const schema = valueAt(tokens, index + 2);
        const name = valueAt(tokens, index + 4);
        return expectBefore(
          index,
          `s . schema_id = q . schema_id WHERE s . name = ${literal(schema)} AND q . name = ${literal(name)} )`,
        );
      }
      if (wordsAt(tokens, index, 'ALTER', 'TABLE')) {
        const name = valueAt(tokens, index + 7);
        const kinds: Readonly<Record<string, string>> = {
          UNIQUE: 'key_constraints',
          CHECK: 'check_constraints',
          FOREIGN: 'foreign_keys',
        };
        const catalog = kinds[valueAt(tokens, index + 8)];
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
      const name = valueAt(tokens, at);
      const schema = valueAt(tokens, at + 2);
      const table = valueAt(tokens, at + 4);
      return expectBefore(
        index,
        `WHERE s . name = ${literal(schema)} AND t . name = ${literal(table)} AND i . name = ${literal(name)} )`,
      );
    });
  });
