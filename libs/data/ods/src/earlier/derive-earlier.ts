import { resourceLabel } from '@dms/api-schema';
import type { CompiledTranslation } from '@dms/translation';
import type { OdsMapping, OdsTable } from '../mapping/ods-mapping.ts';
import { Derivation } from './derivation.ts';
import type { EarlierArm, EarlierExpression, EarlierMapping, EarlierTable } from './earlier-mapping.ts';
import { armOf, type DerivedArm } from './earlier-rows.ts';
import { earlierDiscriminator } from './earlier-values.ts';
import { columnOf } from './later-side.ts';
import { notGivenBackList, ruleLosses } from './not-given-back.ts';

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
  const derived = before.tables.map((table) => ({ table, ...armsOf(derivation, table) }));
  const tables = derived.map(({ table, arms }): EarlierTable => {
    const { schema, name, pgsqlName, kind, key, columns } = table;
    return { schema, name, pgsqlName, kind, key, columns, arms };
  });
  const losses = [...derived.flatMap((each) => each.losses), ...ruleLosses(derivation)];
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
    notGivenBack: notGivenBackList(losses),
  };
}

const alias = 'r';

/** The selects of a table, and what they cannot give back. */
function armsOf(derivation: Derivation, table: OdsTable): Pick<EarlierTable, 'arms'> & Pick<DerivedArm, 'losses'> {
  if (table.kind === 'descriptorBase') return { arms: descriptorBaseArms(derivation, table), losses: [] };
  if (table.kind === 'descriptor') return { arms: descriptorArms(derivation, table), losses: [] };
  const { later, rules } = derivation;
  const laterOf = (label: string) => rules.resource(label).later;
  const sources = table.sources
    .map((source) => ({ derivation, table, source, label: resourceLabel(source.resource) }))
    .filter(({ label }) => derivation.hasOwn(label));
  const labels = new Set(sources.map(({ label }) => laterOf(label)));
  const rootOf = (label: string) => later.root(label);
  const rootOfAll = (label: string) => later.base(label) ?? later.root(label);
  const together =
    table.sources.length > 1 ? sources.map((each) => armOf({ ...each, labels, rootOf: rootOfAll }, alias)) : [];
  const [first] = together;
  const isOne = new Set(together.map((each) => JSON.stringify(each?.arm))).size === 1;
  const derived =
    first && isOne
      ? [first]
      : sources.flatMap((each) => armOf({ ...each, labels: new Set([laterOf(each.label)]), rootOf }, alias) ?? []);
  return {
    arms: derived.map(({ arm }) => arm),
    losses: [...together, ...derived].flatMap((each) => each?.losses ?? []),
  };
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
