import { createHash } from 'node:crypto';
import type { DocumentSchemas } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import { type FullNames, modelIndex, mustExist, qualified, type RelationalModelSet } from '@dms/model';
import type { EarlierMapping, OdsMapping } from '@dms/ods';
import { compileMappingSet } from '@dms/plans';
import type { SchemaImpact } from '@dms/upgrade';
import { exploredEarlier } from './earlier-lookup.ts';
import { type ExploredSet, type ObjectStatement, plain, type TablePlans, type TableTexts } from './explored-set.ts';
import { packed, unpacked } from './packed-text.ts';
import { pageBundle } from './page-bundle.ts';
import { pageDataOf, pageDefinitions, type SharedTexts } from './page-data.ts';

/** The statements of the script that create a table or view and everything that belongs to it. */
interface StatementsOfObject {
  readonly schema: string;
  readonly name: string;
  readonly statements: readonly ObjectStatement[];
}

export interface ShownArtifacts {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
  readonly statements: readonly StatementsOfObject[];
  /** The impact of the change from an earlier set, for a page with a comparison. */
  readonly impact: SchemaImpact | null;
  /** The mapping of an ODS, if it was derived. */
  readonly ods?: OdsMapping | undefined;
  /** The mapping of an earlier version's ODS tables to the current ones, for a page that shows them. */
  readonly earlier?: EarlierMapping | undefined;
}

/** The set in the form that the page shows, without texts. */
export function exploredSet({
  model,
  inventory,
  catalog,
  impact,
  ods,
  earlier,
}: Omit<ShownArtifacts, 'statements'>): ExploredSet {
  const { effectiveSchema, ...rest } = model;
  const own = new Set(modelIndex(model).allTables.map(({ table }) => qualified(table.table)));
  return plain({
    dialect: model.dialect,
    effectiveSchemaHash: effectiveSchema.effectiveSchemaHash,
    relationalMappingVersion: effectiveSchema.relationalMappingVersion,
    model: rest,
    inventory,
    coreTables: catalog.tables.filter((table) => !own.has(qualified(table))),
    impact,
    odsTables: ods?.tables.map(({ foreignKeys: _, ...table }) => table) ?? null,
    earlierTables: earlier === undefined ? null : exploredEarlier(earlier),
  });
}

/** The statements and plans of every table and view, under names before shortening. */
function collectTexts({ model, statements }: ShownArtifacts): TableTexts[] {
  const { fullNames } = modelIndex(model);
  const plans = new Map<string, TablePlans>();
  const { readPlansByResource, writePlansByResource } = compileMappingSet(model);
  for (const [label, { tablePlansInDependencyOrder }] of writePlansByResource) {
    const { tablePlansInDependencyOrder: reads } = mustExist(
      readPlansByResource.get(label),
      `the read plan of ${label}`,
    );
    for (const [
      index,
      { tableModel, insertSql, updateSql, deleteByParentSql },
    ] of tablePlansInDependencyOrder.entries()) {
      const { schema, name } = tableModel.table;
      const read = mustExist(reads[index], `the read plan of ${qualified(tableModel.table)}`).selectByKeysetSql;
      plans.set(`${schema}\n${name}`, { insert: insertSql, update: updateSql, delete: deleteByParentSql, read });
    }
  }
  return statements.map((object) => {
    // the statements have names of the model from which they were made
    const table = object as { readonly schema: string; readonly name: string } as Parameters<FullNames['table']>[0];
    return {
      schema: fullNames.schema(table.schema),
      name: fullNames.table(table),
      statements: object.statements,
      plans: plans.get(`${object.schema}\n${object.name}`) ?? null,
    };
  });
}

/** The texts of all dialects side by side, because similar texts compress well when they are close together. */
function sharedTexts(dialects: readonly (readonly TableTexts[])[]): SharedTexts[] {
  const names = new Map<
    string,
    { readonly schema: string; readonly name: string; texts: SharedTexts['texts'][number][] }
  >();
  for (const [position, entries] of dialects.entries())
    for (const { schema, name, statements, plans } of entries) {
      const key = `${schema}\n${name}`;
      const entry = names.get(key) ?? { schema, name, texts: dialects.map(() => null) };
      entry.texts[position] = { statements, plans };
      names.set(key, entry);
    }
  return [...names.values()];
}

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

const htmlEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const html = (text: string) => text.replace(/[&<>"]/g, (found) => htmlEscapes[found] ?? found);

/** A block of data in the document; base64 contains nothing that could end it. */
const dataBlock = (id: string, text: string) => `<script type="text/plain" id="${id}">${text}</script>`;

/**
 * The text of `model.html`: the page and all its data in one document that makes no network requests (design 13 §1).
 * Same artifacts, same bytes.
 *
 * @param dialects the dialects of one schema set, at least one; the page starts with the first
 * @param schemas the definitions of the set
 */
export async function modelPage(dialects: readonly ShownArtifacts[], schemas: DocumentSchemas): Promise<string> {
  const [first, ...others] = dialects.map(exploredSet);
  if (!first) throw new Error('A page needs the artifacts of a dialect.');
  const { script, style, layout, notices } = await pageBundle();
  const projects = first.model.projects.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`);
  const policy = [
    "default-src 'none'",
    `script-src ${sha256(script)} ${sha256(unpacked(layout))}`,
    `style-src ${sha256(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${html(projects.join(', '))}</title>`,
    `<!-- with ${notices.replaceAll('\n', '; ')} -->`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"><p class="waiting">Reading the model …</p></div>',
    '<noscript>This page needs JavaScript; it loads nothing from anywhere.</noscript>',
    dataBlock('model', packed(JSON.stringify(pageDataOf([first, ...others])))),
    dataBlock('definitions', packed(JSON.stringify(pageDefinitions(schemas)))),
    dataBlock('texts', packed(JSON.stringify(sharedTexts(dialects.map(collectTexts))))),
    dataBlock('layout', layout),
    `<script>${script}</script>`,
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}
