import { qualified } from '@dms/model';
import { dialectRules, limitIdentifier, type QualifiedName, qualifiedName } from '@dms/sql';
import { type DatabaseOfSpec, inTurn, mainGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { behaviourFailures, FirstFailure } from '../../test/mutant-database.ts';
import { ownDatabaseForAll } from '../../test/own-database.ts';
import type { VerificationInput } from '../index.ts';

/* A hash that confuses two texts is found, whatever letters it loses: R4 and R17 in a column, C11 in the function. */

/** The expression that is hashed in place of a text. */
const losses: readonly (readonly [what: string, instead: (text: string) => string])[] = [
  ['the separator of parts', (text) => `pg_catalog.replace(${text}, '#', '')`],
  ['a no-break space', (text) => `pg_catalog.replace(${text}, pg_catalog.chr(160), ' ')`],
  ['two spaces', (text) => `pg_catalog.replace(${text}, '  ', ' ')`],
  [
    'a character beyond 16 bits',
    (text) =>
      `pg_catalog.regexp_replace(${text}, '[' || pg_catalog.chr(65536) || '-' || pg_catalog.chr(1114111) || ']', '?', 'g')`,
  ],
];

describe.each(mainGenerations)('a hash that loses letters, %s', (version) => {
  let input: VerificationInput;
  let database: DatabaseOfSpec;
  ownDatabaseForAll(version, (opened, ownInput) => {
    database = opened;
    input = ownInput;
  });

  const tried = inTurn(mainGenerations, version, losses);

  const functionNameOf = ({ name, table }: { readonly name: string; readonly table: QualifiedName }) =>
    qualifiedName(dialectRules.pgsql, {
      schema: table.schema,
      name: limitIdentifier(dialectRules.pgsql, `TF_${name}`),
    });

  /** The statement of a function of the script. */
  function functionOf(name: string): string {
    const start = input.script.indexOf(`CREATE OR REPLACE FUNCTION ${name}(`);
    expect(start).toBeGreaterThan(0);
    return input.script.slice(start, input.script.indexOf('\n$func$;', start) + '\n$func$'.length);
  }

  async function checksThatFail(...changes: readonly string[]): Promise<readonly string[]> {
    const found = await behaviourFailures(database.connection, input, changes, new FirstFailure());
    return found.map(({ check }) => check);
  }

  /** The functions of referential ids that hash a text, with the first such column; the shortest column comes first. */
  function hashedColumns() {
    const tables = new Map(
      input.model.resources.flatMap(({ tablesInDependencyOrder: [root] }) =>
        root ? [[qualified(root.table), root]] : [],
      ),
    );
    return input.inventory.triggers
      .flatMap((trigger) => {
        if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
        const root = tables.get(qualified(trigger.table));
        const element = trigger.identityElements.find(
          ({ scalarType, isDescriptor }) => scalarType.kind === 'String' && !isDescriptor,
        );
        const column = root?.columns.find(({ name }) => name === element?.column);
        if (!root || !column) return [];
        return [
          {
            name: functionNameOf(trigger),
            column: column.name,
            length: column.scalarType?.maxLength ?? Number.POSITIVE_INFINITY,
          },
        ];
      })
      .sort((left, right) => left.length - right.length);
  }

  const hashedFunctions = () =>
    input.inventory.triggers.flatMap((trigger) =>
      trigger.kind === 'ReferentialIdentityMaintenance' ? [functionNameOf(trigger)] : [],
    );

  it.each(tried)('in a column: %s', async (_, instead) => {
    const columns = hashedColumns();
    for (const found of [columns[0], columns.at(-1)]) {
      const right = functionOf(found?.name ?? '');
      const wrong = right.replaceAll(`|| t."${found?.column}"`, `|| ${instead(`t."${found?.column}"`)}`);
      expect(wrong).not.toBe(right);
      expect(await checksThatFail(wrong)).toContainEqual(expect.stringMatching(/^R(?:4|7|17)$/));
    }
  });

  it.each(tried)('in the URI of a descriptor: %s', async (_, instead) => {
    const text = 'pg_catalog.lower(d."Uri")';
    const name = hashedFunctions().find((each) => functionOf(each).includes(text)) ?? '';
    expect(await checksThatFail(functionOf(name).replaceAll(text, instead(text)))).toContainEqual(
      expect.stringMatching(/^R(?:4|7|17)$/),
    );
  });

  it.each(tried)('in the function itself: %s', async (_, instead) => {
    const renamed = 'ALTER FUNCTION "dms"."uuidv5"(uuid, text) RENAME TO "right_uuidv5"';
    const wrong = `CREATE FUNCTION "dms"."uuidv5"(namespace_uuid uuid, name_text text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT
      AS $wrong$ SELECT "dms"."right_uuidv5"(namespace_uuid, ${instead('name_text')}) $wrong$`;
    expect(await checksThatFail(renamed, wrong)).toContain('C11');
  });
});
