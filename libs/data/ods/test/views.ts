import type { MappingVersion } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownProjects, ownSchema, schemaSetOf } from '@dms/testing';
import {
  deriveMapping,
  type OdsMapping,
  type ReportingOptions,
  type ReportingScript,
  reportingScript,
  usualOptions,
} from '../src/index.ts';

/** A schema set with the script of its database and of its views. */
export interface Views {
  readonly mapping: OdsMapping;
  readonly model: RelationalModelSet;
  /** The script that creates the tables. */
  readonly script: string;
  readonly reporting: ReportingScript;
}

export interface ViewsOptions extends Partial<ReportingOptions> {
  readonly mappingVersion?: MappingVersion;
  readonly dialect?: SqlDialect;
}

export function viewsOf(schemas: readonly Document[], options: ViewsOptions = {}): Views {
  const { mappingVersion = 'v2', dialect = 'pgsql', ...chosen } = options;
  const set = schemaSetOf(mappingVersion, schemas);
  const { model } = deriveModel(set, dialect, { strict: false });
  const { script } = emitDdl(model, deriveInventory(model, { strict: false }));
  const { mapping } = deriveMapping(set);
  return { mapping, model, script, reporting: reportingScript(mapping, model, { ...usualOptions, ...chosen }) };
}

/** The schemas of this repository for a generation. */
export const ownDocuments = (mappingVersion: MappingVersion) => ownProjects[mappingVersion].map(ownSchema);

/** The statement of one view, without its name and its end. */
export function selectOf({ reporting: { text } }: Views, view: string): string {
  const found = text.split(/;\n/).find((statement) => statement.includes(` VIEW ${view} AS\n`));
  if (found === undefined) throw new Error(`no view ${view}`);
  return found.slice(found.indexOf(' AS\n') + 4);
}
