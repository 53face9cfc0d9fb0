import {
  type Bodies,
  type Catalog,
  type CatalogTable,
  type DatabaseDefinition,
  defineDatabase,
  desiredCatalog,
} from '@dms/catalog';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';
import * as build from '../schema-builder.ts';
import { schemaSet } from './derived.ts';

const { array, integer, object, project, reference, resource, string } = build;

const part = (label: string, pairs: readonly (readonly [string, string])[]) => ({
  ...reference(label, pairs),
  isPartOfIdentity: true,
});

/** Stop ← Visit → Line with a unified line number; Stop is a subclass, and has a collection. */
const document = project(
  'Transit',
  [
    resource('Line', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.lineNumber'],
      jsonSchemaForInsert: object({ lineNumber: integer() }, ['lineNumber']),
    }),
    resource('Stop', {
      isSubclass: true,
      superclassProjectName: 'Transit',
      superclassResourceName: 'EducationOrganization',
      superclassIdentityJsonPath: '$.educationOrganizationId',
      identityJsonPaths: ['$.stopId'],
      jsonSchemaForInsert: object({ stopId: integer('int64'), benches: array(object({ material: string(30) })) }, [
        'stopId',
      ]),
    }),
    resource('Trip', {
      identityJsonPaths: ['$.lineReference.lineNumber', '$.tripCode'],
      documentPathsMapping: { Line: part('Transit:Line', [['$.lineNumber', '$.lineReference.lineNumber']]) },
      jsonSchemaForInsert: object(
        { tripCode: string(20), lineReference: object({ lineNumber: integer() }, ['lineNumber']) },
        ['tripCode', 'lineReference'],
      ),
    }),
    resource('Visit', {
      identityJsonPaths: ['$.visitNumber', '$.lineReference.lineNumber'],
      documentPathsMapping: {
        Line: part('Transit:Line', [['$.lineNumber', '$.lineReference.lineNumber']]),
        Trip: reference(
          'Transit:Trip',
          [
            ['$.lineReference.lineNumber', '$.tripReference.lineNumber'],
            ['$.tripCode', '$.tripReference.tripCode'],
          ],
          false,
        ),
      },
      equalityConstraints: [
        { sourceJsonPath: '$.lineReference.lineNumber', targetJsonPath: '$.tripReference.lineNumber' },
      ],
      jsonSchemaForInsert: object(
        {
          visitNumber: integer(),
          lineReference: object({ lineNumber: integer() }, ['lineNumber']),
          tripReference: object({ lineNumber: integer(), tripCode: string(20) }, ['lineNumber', 'tripCode']),
        },
        ['visitNumber', 'lineReference'],
      ),
    }),
  ],
  {
    endpoint: 'transit',
    abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
  },
);

export function derive(dialect: SqlDialect) {
  const set = schemaSet(document);
  const { model } = deriveModel(set, dialect);
  return { set, model, inventory: deriveInventory(model) };
}

export function definitionOf(dialect: SqlDialect): DatabaseDefinition {
  const { model, inventory } = derive(dialect);
  return defineDatabase(model, inventory);
}

/** Placeholders for the texts that `@dms/ddl` renders. */
export const bodiesOf = ({ routines, tables, views }: DatabaseDefinition): Bodies => ({
  routines: new Map(routines.map((routine) => [routine, routine.name])),
  triggers: new Map(tables.flatMap(({ triggers }) => triggers.map((trigger) => [trigger, `body of ${trigger.name}`]))),
  views: new Map(views.map((view) => [view, `body of ${view.name}`])),
});

/** The catalog for the model and inventory of a dialect, derived or given. */
export function catalogOf(dialect: SqlDialect, { model, inventory } = derive(dialect)): Catalog {
  const definition = defineDatabase(model, inventory);
  return desiredCatalog(definition, bodiesOf(definition));
}

export const tableOf = (catalog: Catalog, name: string): CatalogTable => {
  const found = catalog.tables.find((table) => `${table.schema}.${table.name}` === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
};
