import { calledNames, pgsqlTokens } from '@dms/sql';
import { mainGenerations, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../emitted.ts';

/*
 * Bodies do not depend on the search path (design 07 §8.2): they call everything by its schema, so that an object of
 * another schema of the search path is never called instead.
 */

/** Functions that are part of the grammar: their names are looked up in pg_catalog. */
const ofGrammar = new Set(['substring']);

describe.each(mainGenerations)('the PostgreSQL script of %s', (version) => {
  describe.each(usualDatabaseEngines())('read with the names of $name', ({ open }) => {
    let database: TestDatabase;
    let script = '';
    let functions = new Set<string>();
    let types = new Set<string>();
    let keywords = new Set<string>();

    beforeAll(async () => {
      script = (await emitters[version].campusAndAthletics()).pgsql.script;
      database = await open();
      const names = async (query: string) => new Set((await database.queryRows(query)).map(([name]) => String(name)));
      functions = await names("SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace");
      types = await names("SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace");
      keywords = await names("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'");
    });
    afterAll(() => database?.close());

    it('calls functions of the server by their schema', () => {
      const { calls } = calledNames([script]);
      expect(calls.size).toBeGreaterThan(15);
      const unqualified = [...calls].filter(
        ([name, list]) =>
          functions.has(name) &&
          !types.has(name) &&
          !ofGrammar.has(name) &&
          list.some(({ isQualified }) => !isQualified),
      );
      expect(unqualified.map(([name, [first]]) => `line ${first?.line}: ${name}`)).toEqual([]);
    });

    it('names types in bodies of triggers by their schema, unless the grammar has them', () => {
      const bodies = pgsqlTokens(script).tokens.filter(
        ({ kind, text }) => kind === 'body' && text.startsWith('$func$'),
      );
      expect(bodies.length).toBeGreaterThan(20);
      const found = bodies.flatMap(({ value, line }) => {
        const { tokens } = pgsqlTokens(value);
        return tokens.flatMap((token, at) => {
          const name = token.text.toLowerCase();
          const isType =
            token.kind === 'word' && types.has(name) && !keywords.has(name) && tokens[at - 1]?.text !== '.';
          // the name is part of a declaration or a cast
          const isUsed = [':', ';'].includes(tokens[at - 1]?.text ?? '') || tokens[at + 1]?.text === ';';
          return isType && isUsed ? [`line ${line + token.line - 1}: ${name}`] : [];
        });
      });
      expect(found).toEqual([]);
    });
  });
});
