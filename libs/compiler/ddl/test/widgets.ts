import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet, Table, TableConstraint } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { emitDdl } from '../src/index.ts';
import { emitDocuments, segmentsOf } from './emitted.ts';

const { array, integer, object, project, resource, string } = build;

export const widgets = () =>
  emitDocuments(
    project(
      'Ed-Fi',
      [
        resource('Widget', {
          identityJsonPaths: ['$.widgetId'],
          jsonSchemaForInsert: object(
            { widgetId: integer(), note: string(60), parts: array(object({ label: string(20) })) },
            ['widgetId'],
          ),
        }),
      ],
      { endpoint: 'ed-fi' },
    ),
  );

/** Adds constraints to a table. */
export const withConstraints =
  (...added: readonly TableConstraint[]) =>
  ({ constraints }: Table) => ({ constraints: [...constraints, ...added] });

export const scriptOf = (model: RelationalModelSet, inventory: Inventory) => emitDdl(model, inventory).script;

export const quote = (dialect: SqlDialect, name: string) => (dialect === 'pgsql' ? `"${name}"` : `[${name}]`);

/** The statement that creates a table. */
export function createTable(dialect: SqlDialect, script: string, schema: string, name: string): string {
  const start = script.indexOf(
    `CREATE TABLE ${dialect === 'pgsql' ? 'IF NOT EXISTS ' : ''}${quote(dialect, schema)}.${quote(dialect, name)}\n`,
  );
  if (start < 0) throw new Error(`no table ${schema}.${name}`);
  return script.slice(start, script.indexOf('\n);\n', start) + 4);
}

/** The schema-derived segment of a script. */
export const modelSegment = (dialect: SqlDialect, script: string) => segmentsOf(dialect, script).model;

/** Two members of the abstract resource `Organization`; the identity of the agency has the given type. */
export const organizations = (dialect: SqlDialect, agencyType = integer()) =>
  emitDocuments(
    project(
      'Ed-Fi',
      ['School', 'Agency'].map((name) =>
        resource(name, {
          isSubclass: true,
          superclassProjectName: 'Ed-Fi',
          superclassResourceName: 'Organization',
          superclassIdentityJsonPath: '$.organizationId',
          identityJsonPaths: [`$.${name.toLowerCase()}Id`],
          jsonSchemaForInsert: object({ [`${name.toLowerCase()}Id`]: name === 'Agency' ? agencyType : integer() }, [
            `${name.toLowerCase()}Id`,
          ]),
        }),
      ),
      { endpoint: 'ed-fi', abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } } },
    ),
  ).in(dialect);
