import { isDeepStrictEqual } from 'node:util';
import { byResource, type MappingVersion, type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { mustExist, type QualifiedResourceName, type ResourceModel, type ScalarType } from '@dms/model';
import {
  type AbstractResourceDescription,
  type ConstraintMeaning,
  type CoreStatement,
  type DocumentRules,
  documentRulesOf,
  type EqualIdentityPaths,
  hasProbes,
  type IdentityDescription,
  type IdentityPart,
  type MappingSet,
  type MappingSetDescription,
  type MappingSetKey,
  type Moments,
  type NaturalKeyProbes,
  type NaturalKeyStatements,
  type NaturalKeysDescription,
  naturalKeyRules,
  type PageField,
  type PageSource,
  type PageTemplate,
  projectDescriptions,
  type ReferenceDescription,
  type ReferencePart,
  type ResourceDescription,
  type TableDescription,
} from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import { expectPart, failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import {
  meaningTokens,
  scalarKindTokens,
  tableKindTokens,
  textEqualityTokens,
  textFormTokens,
} from '../wire/tokens.ts';
import {
  list,
  type MessageCodec,
  members,
  nameMember,
  optional,
  optionalStatement,
  resourceName,
  statement,
  tableName,
  token,
  tokenOf,
  unchanged,
} from './message-codec.ts';
import type { PackedPlans } from './payload.ts';
import { valueMessage } from './probes.ts';

/* The description that a program needs besides the plans (design 08 §11.6, §12.3). */

const texts = unchanged<readonly string[]>();
const path = nameMember('path');

const identityPart: MessageCodec<IdentityPart, PackMessage<'IdentityPart'>> = members({
  path,
  form: token(textFormTokens, 'form'),
});

const identity: MessageCodec<IdentityDescription, PackMessage<'IdentityDescription'>> = members({
  resource: resourceName('identities.resource'),
  parts: list(identityPart),
});

const referencePart: MessageCodec<ReferencePart, PackMessage<'ReferencePart'>> = members({
  path,
  form: token(textFormTokens, 'form'),
  // an empty text means null, as for a statement
  referencePath: optionalStatement,
});

const reference: MessageCodec<ReferenceDescription, PackMessage<'ReferenceDescription'>> = members({
  path,
  targetResource: resourceName('references.target_resource'),
  table: tableName('references.table'),
  column: nameMember('references.column'),
  identity: list(referencePart),
});

const constraint: MessageCodec<ConstraintMeaning, PackMessage<'ConstraintMeaning'>> = members({
  name: nameMember('constraints.name'),
  meaning: token(meaningTokens, 'constraints.meaning'),
  paths: texts,
});

const table: MessageCodec<TableDescription, PackMessage<'TableDescription'>> = members({
  jsonScope: nameMember('tables.json_scope'),
  tableKind: token(tableKindTokens, 'tables.table_kind'),
  rowIdentity: texts,
  parentLocator: texts,
  parentTable: optional(tableName('tables.parent_table')),
  constraints: list(constraint),
});

const fieldMembers = members({
  field: unchanged<string>(),
  path,
  column: nameMember('page.fields.column'),
  parameterName: nameMember('page.fields.parameter_name'),
  predicate: statement('page.fields.predicate'),
});

const pageField: MessageCodec<PageField, PackMessage<'PageField'>> = {
  write: ({ field = '', ...rest }) => fieldMembers.write({ field, ...rest }),
  read(message, at, reader) {
    const { field, ...rest } = fieldMembers.read(message, at, reader);
    return field === '' ? rest : { field, ...rest };
  },
};

const pageSource: MessageCodec<PageSource, PackMessage<'PageSource'>> = members({
  from: statement('page.from'),
  fields: list(pageField),
});

const equalPaths: MessageCodec<EqualIdentityPaths, PackMessage<'EqualPaths'>> = members({ a: path, b: path });

const resource: MessageCodec<ResourceDescription, Omit<PackMessage<'ResourceDescription'>, 'naturalKey'>> = members({
  resourceKeyId: unchanged<number>(),
  endpointName: nameMember('endpoint_name'),
  identities: list(identity),
  references: list(reference),
  tables: list(table),
  insertionOrder: unchanged<readonly number[]>(),
  deleteRootSql: optionalStatement,
  page: optional(pageSource),
  equalPaths: list(equalPaths),
  distinctReferences: texts,
});

const abstractResource: MessageCodec<
  AbstractResourceDescription,
  Omit<PackMessage<'AbstractResourceDescription'>, 'naturalKey'>
> = members({
  resource: resourceName('abstract_resources.resource'),
  resourceKeyId: unchanged<number>(),
  parts: list(identityPart),
  constraints: list(constraint),
});

/** The statements of the probes of a resource, whose probes are in the payload; null for a descriptor. */
const naturalKey = optional(
  members({
    target: optional(members({ findSql: statement('natural_key.target.find_sql') })),
    own: optional(
      members({
        findSql: statement('natural_key.own.find_sql'),
        lockSql: statement('natural_key.own.lock_sql'),
        captureSql: statement('natural_key.own.capture_sql'),
        captureParameters: list(
          members({ name: nameMember('capture_parameters.name'), paths: texts, binding: valueMessage }),
        ),
      }),
    ),
  }),
);

const keyRules = members({
  textEquality: token(textEqualityTokens, 'natural_key_rules.text_equality'),
  // an empty text means null, as for a statement
  collation: optionalStatement,
  fold: nameMember('natural_key_rules.fold'),
});

/** The rules of natural keys; those of a pack must be those of its generation and dialect. */
function readKeyRules(
  message: PackMessage<'NaturalKeyRules'>,
  { dialect, relationalMappingVersion }: MappingSetKey,
  at: PackPlace,
): Omit<NaturalKeysDescription, 'byResource'> {
  const due = naturalKeyRules(dialect, documentRulesOf(relationalMappingVersion));
  const found = keyRules.read(message, at, noReader);
  const pairs = { text_equality: 'textEquality', collation: 'collation', fold: 'fold' } as const;
  for (const [name, member] of Object.entries(pairs))
    if (found[member] !== due[member])
      failInvariant(at, `natural_key_rules.${name}`, due[member] ?? 'none', found[member] ?? 'none');
  return due;
}

/**
 * Each path of an identity leads to one column of a probe. The members of an abstract resource may have more paths than
 * it has.
 */
function checkPaths({ target, own }: NaturalKeyProbes, parts: readonly IdentityPart[], at: PackPlace): void {
  const paths = parts.map(({ path }) => path).toSorted(compareOrdinal);
  for (const probe of [target, own]) {
    const found = (probe?.keyColumns ?? [])
      .flatMap(({ identityJsonPaths }) => identityJsonPaths.map(({ canonical }) => canonical))
      .toSorted(compareOrdinal);
    const due = probe === target && target?.kind === 'abstract' ? found.filter((each) => paths.includes(each)) : paths;
    if (probe && !isDeepStrictEqual(found, due))
      failInvariant(at, 'identity_json_paths of a probe', paths.join(', '), found.join(', '));
  }
}

/** Joins the statements of probes with the probes. */
function withProbes(
  message: PackMessage<'NaturalKeyStatements'> | null,
  probes: NaturalKeyProbes | undefined,
  parts: readonly IdentityPart[],
  at: PackPlace,
): NaturalKeyStatements | undefined {
  const { target, own } = naturalKey.read(message, at, noReader) ?? { target: null, own: null };
  const { target: targetProbe = null, own: ownProbe = null } = probes ?? {};
  expectPart(at, 'description: natural_key', probes !== undefined, message !== null);
  expectPart(at, 'description: natural_key.target', targetProbe !== null, target !== null);
  expectPart(at, 'description: natural_key.own', ownProbe !== null, own !== null);
  if (probes) checkPaths(probes, parts, at);
  return (
    probes && {
      target: targetProbe && target && { probe: targetProbe, ...target },
      own: ownProbe && own && { probe: ownProbe, ...own },
    }
  );
}

const coreStatement = members({
  name: nameMember('core_statements.name'),
  sql: statement('core_statements.sql'),
  parameters: texts,
  columns: texts,
}) as MessageCodec<CoreStatement, PackMessage<'CoreStatement'>>;

const pageTemplate: MessageCodec<PageTemplate, PackMessage<'PageTemplate'>> = members({
  selectIds: statement('page_template.select_ids'),
  selectCount: statement('page_template.select_count'),
  where: statement('page_template.where'),
  and: statement('page_template.and'),
  end: statement('page_template.end'),
  after: statement('page_template.after'),
  orderAndPage: statement('page_template.order_and_page'),
});

function momentsOf(ends: readonly PackMessage<'EndOfTime'>[], at: PackPlace): Moments {
  const moments: Partial<Record<ScalarType['kind'], Map<string, string>>> = {};
  for (const { kind, text, stored } of ends) {
    const known = tokenOf(scalarKindTokens, kind, at, 'rules.ends_of_time.kind');
    moments[known] ??= new Map();
    moments[known].set(text, stored);
  }
  return moments;
}

const rulesMessage = {
  write: (
    { rules, absentValuesAreEqual }: MappingSetDescription,
    dialect: SqlDialect,
  ): PackMessage<'DocumentRules'> => ({
    emptyExtensionsHaveRows: rules.emptyExtensionsHaveRows,
    keepsSecondFractions: rules.values.keepsSecondFractions,
    absentValuesAreEqual,
    endsOfTime: Object.entries(rules.values.endsOfTime[dialect]).flatMap(([kind, moments]) =>
      [...moments].map(([text, stored]) => ({
        kind: scalarKindTokens.code(kind as ScalarType['kind']),
        text,
        stored,
      })),
    ),
  }),
  /**
   * A pack contains the rules of its own dialect only; both dialects get these. The generation alone decides how texts
   * are compared.
   */
  read(rules: PackMessage<'DocumentRules'>, version: MappingVersion, at: PackPlace): DocumentRules {
    const { absentValuesAreEqual } = rules;
    const moments = momentsOf(rules.endsOfTime, at);
    const { textEquality, filtersCompareCodeUnits } = documentRulesOf(version);
    return {
      values: {
        keepsSecondFractions: rules.keepsSecondFractions,
        endsOfTime: { pgsql: moments, mssql: moments },
      },
      emptyExtensionsHaveRows: rules.emptyExtensionsHaveRows,
      absentValuesAreEqual: { pgsql: absentValuesAreEqual, mssql: absentValuesAreEqual },
      textEquality,
      filtersCompareCodeUnits,
    };
  },
} as const;

/** A description must fit the model of its resource: its key, its tables and references, each table inserted once. */
function checkResource(
  { resourceKeyId, tables, references, insertionOrder }: ResourceDescription,
  { resourceKey, tablesInDependencyOrder, documentReferenceBindings }: ResourceModel,
  at: PackPlace,
): void {
  const expected: readonly (readonly [what: string, due: number, found: number])[] = [
    ['resource_key_id', resourceKey.id, resourceKeyId],
    ['number of tables', tablesInDependencyOrder.length, tables.length],
    ['number of references', documentReferenceBindings.length, references.length],
    ['length of insertion_order', tables.length, insertionOrder.length],
  ];
  for (const [what, due, found] of expected) if (due !== found) failInvariant(at, `description: ${what}`, due, found);
  const ordered = new Set(insertionOrder);
  if (tables.some((_, index) => !ordered.has(index)))
    failInvariant(at, 'description: insertion_order', 'each table once', insertionOrder.join(', '));
}

const concrete = (keys: readonly ResourceKeyEntry[]) =>
  keys.filter(({ isAbstract }) => !isAbstract).toSorted(byResource((key) => key));

/** The message for the description of a mapping set. */
function write(
  description: MappingSetDescription,
  { key, model }: Pick<MappingSet, 'key' | 'model'>,
): PackMessage<'MappingSetDescription'> {
  const { identities, naturalKeys } = description;
  const naturalKeyOf = (name: QualifiedResourceName) => ({
    naturalKey: naturalKey.write(naturalKeys?.byResource.get(resourceLabel(name)) ?? null),
  });
  return {
    referentialIdNamespace: identities?.namespace ?? '',
    descriptorPath: identities?.descriptorPath ?? '',
    rules: rulesMessage.write(description, key.dialect),
    coreStatements: list(coreStatement).write(description.coreStatements),
    pageTemplate: pageTemplate.write(description.pageTemplate),
    abstractResources: description.abstractResources.map((each) => ({
      ...abstractResource.write(each),
      ...naturalKeyOf(each.resource),
    })),
    resources: concrete(model.effectiveSchema.resourceKeys).map((each) => ({
      ...resource.write(mustExist(description.resources.get(resourceLabel(each)), resourceLabel(each))),
      ...naturalKeyOf(each),
    })),
    naturalKeyRules: optional(keyRules).write(naturalKeys),
  };
}

/** The members of a description need no context. */
const noReader = {} as PayloadReader;

/** Reads the description from a message, after a check that it fits the mapping set of its pack (design 08 §12.5). */
function read(
  message: PackMessage<'MappingSetDescription'>,
  { mappingSet: { key, model }, probes }: PackedPlans,
  file: string,
): MappingSetDescription {
  const at = { file };
  const isProbed = hasProbes(key.relationalMappingVersion);
  const statements = new Map<string, NaturalKeyStatements>();
  const readNaturalKey = (
    label: string,
    message: PackMessage<'NaturalKeyStatements'> | null,
    parts: readonly IdentityPart[] = [],
  ) => {
    const found = withProbes(message, probes.get(label), parts, { file, resource: label });
    if (found) statements.set(label, found);
  };
  const keys = concrete(model.effectiveSchema.resourceKeys);
  if (message.resources.length !== keys.length)
    failInvariant(at, 'description: number of resources', keys.length, message.resources.length);
  const models = new Map(model.resources.map((each) => [resourceLabel(each.resourceKey), each]));
  const resources = keys.map((each, index): [string, ResourceDescription] => {
    const label = resourceLabel(each);
    const place = { file, resource: label };
    const described = required(message.resources[index], place, 'description');
    const found = resource.read(described, place, noReader);
    readNaturalKey(label, described.naturalKey, found.identities[0]?.parts);
    checkResource(found, mustExist(models.get(label), `the model of ${label}`), place);
    return [label, found];
  });
  const abstractKeys = new Map(
    model.effectiveSchema.resourceKeys.flatMap((each) => (each.isAbstract ? [[resourceLabel(each), each.id]] : [])),
  );
  const abstractResources = message.abstractResources.map((each) => {
    const found = abstractResource.read(each, at, noReader);
    const label = resourceLabel(found.resource);
    const due =
      abstractKeys.get(label) ??
      failInvariant(at, 'description: abstract_resources', 'each abstract resource once', label);
    if (due !== found.resourceKeyId)
      failInvariant({ file, resource: label }, 'description: resource_key_id', due, found.resourceKeyId);
    abstractKeys.delete(label);
    readNaturalKey(label, each.naturalKey, found.parts);
    return found;
  });
  for (const label of abstractKeys.keys()) failInvariant(at, 'description: abstract_resources', label, 'none');
  const { naturalKeyRules: rulesOfKeys, referentialIdNamespace: namespace, descriptorPath } = message;
  expectPart(at, 'description: natural_key_rules', isProbed, rulesOfKeys !== null);
  expectPart(at, 'description: referential_id_namespace', !isProbed, namespace !== '');
  expectPart(at, 'description: descriptor_path', !isProbed, descriptorPath !== '');
  const rules = rulesMessage.read(required(message.rules, at, 'description: rules'), key.relationalMappingVersion, at);
  return {
    projects: projectDescriptions(model),
    identities: isProbed ? null : { namespace, descriptorPath },
    naturalKeys: rulesOfKeys && { ...readKeyRules(rulesOfKeys, key, at), byResource: statements },
    rules,
    absentValuesAreEqual: rules.absentValuesAreEqual[key.dialect],
    coreStatements: list(coreStatement).read(message.coreStatements, at, noReader),
    pageTemplate: pageTemplate.read(required(message.pageTemplate, at, 'description: page_template'), at, noReader),
    abstractResources,
    resources: new Map(resources),
  };
}

export const descriptionMessage = { write, read } as const;
