import { resourceLabel } from '@dms/api-schema';
import type { CompiledTranslation } from '@dms/translation';
import type { OdsMapping, OdsTable } from '../mapping/ods-mapping.ts';
import { Derivation } from './derivation.ts';
import type { EarlierArm, EarlierExpression, EarlierMapping, EarlierTable } from './earlier-mapping.ts';
import { armOf } from './earlier-rows.ts';
import { earlierDiscriminator } from './earlier-values.ts';
import { columnOf } from './later-side.ts';
import { findLosses } from './not-given-back.ts';

/**
 * Derives where the later schema set has the rows and columns of the ODS tables of an earlier one, from a translation
 * read backwards (design 21 §2), and the losses (§4). It uses neither documents nor a database.
 */
export function deriveEarlier(
  before: OdsMapping,
  after: OdsMapping,
  translation: CompiledTranslation,
  hash: string,
): EarlierMapping {
  const derivation = new Derivation(before, after, translation);
  const tables = before.tables.map((table): EarlierTable => {
    const { schema, name, pgsqlName, kind, key, columns } = table;
    return { schema, name, pgsqlName, kind, key, columns, arms: armsOf(derivation, table) };
  });
  findLosses(derivation);
  const { model } = translation.before.plans.mappingSet;
  const versions = Object.fromEntries(
    model.projects.map(({ physicalSchema, projectVersion }) => [physicalSchema as string, projectVersion]),
  );
  return {
    before: before.effectiveSchemaHash,
    after: after.effectiveSchemaHash,
    translation: hash,
    versions,
    tables,
    notGivenBack: derivation.losses(),
  };
}

const alias = 'r';

function armsOf(derivation: Derivation, table: OdsTable): readonly EarlierArm[] {
  if (table.kind === 'descriptorBase') return descriptorBaseArms(derivation, table);
  if (table.kind === 'descriptor') return descriptorArms(derivation, table);
  const sources = table.sources.filter(({ resource }) => derivation.hasOwn(resourceLabel(resource)));
  const laterOf = (label: string) => derivation.rules.resource(label).later;
  const labels = new Set(sources.map(({ resource }) => laterOf(resourceLabel(resource))));
  if (table.sources.length > 1 && sources.length > 0) {
    const arms = sources.map((source) => armOf(derivation, table, source, { labels, isAll: true }, alias));
    const [first] = arms;
    if (first && new Set(arms.map((arm) => JSON.stringify(arm))).size === 1) return [first];
  }
  return sources.flatMap((source) => {
    const own = new Set([laterOf(resourceLabel(source.resource))]);
    return armOf(derivation, table, source, { labels: own, isAll: false }, alias) ?? [];
  });
}

/** All descriptors, with the names that the earlier set has for their types (design 21 §2). */
function descriptorBaseArms(derivation: Derivation, { columns }: OdsTable): readonly EarlierArm[] {
  const { before, earlier, later } = derivation;
  const base = later.descriptorBase();
  if (!base) return [];
  const labels = before.tables.flatMap(({ kind, sources: [source] }) =>
    kind === 'descriptor' && source ? [resourceLabel(source.resource)] : [],
  );
  const value = (name: string): EarlierExpression => {
    const of = columnOf(alias, name);
    if (name !== 'Discriminator') return of;
    return earlierDiscriminator(derivation, of, labels, (label) => earlier.discriminator(label));
  };
  const { schema, name } = base;
  return [{ table: { schema, name }, alias, joins: [], where: [], columns: columns.map((each) => value(each.name)) }];
}

/** The rows of one type of descriptors. */
function descriptorArms(derivation: Derivation, { sources: [source] }: OdsTable): readonly EarlierArm[] {
  const label = source ? resourceLabel(source.resource) : '';
  const { later, rules } = derivation;
  const table = derivation.hasOwn(label) ? later.descriptor(rules.resource(label).later) : undefined;
  const [key] = table?.key ?? [];
  if (!table || key === undefined) return [];
  const { schema, name } = table;
  return [{ table: { schema, name }, alias, joins: [], where: [], columns: [columnOf(alias, key)] }];
}
