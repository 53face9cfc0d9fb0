import { randomUUID } from 'node:crypto';
import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { append, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { core, type MappingVersion, mustExist, type QualifiedResourceName, qualified } from '@dms/model';
import type { MappingSet, Moments } from '@dms/plans';
import { compareOrdinal, groupBy } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import { generations } from '../generations.ts';
import { lowerCased } from '../identity/descriptor-case.ts';
import { descriptorReferentialId } from '../identity/referential-id.ts';
import type { DescriptorDocument, DescriptorUpdate, ExistingDescriptor } from '../statements/descriptor-statements.ts';
import type { SoughtDescriptor } from '../statements/identity-statements.ts';
import { answerTo, queryStatements } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { storedEnd } from '../values/dates-and-times.ts';
import { type Descriptor, descriptorUri, whereOf } from './descriptor.ts';

/** How to handle a descriptor whose stored fields differ. */
export type OnConflict = 'fail' | 'keep' | 'update';

export type DescriptorOutcome =
  /** With a warning if the stored URI has another letter case and stays. */
  | { readonly kind: 'inserted' | 'updated' | 'unchanged' | 'kept'; readonly warning?: Diagnostic | null }
  | { readonly kind: 'rejected'; readonly diagnostic: Diagnostic };

/** The largest number of rows that are written together. */
export const descriptorBatch = 500;

/**
 * Writes descriptors with different identities within a transaction of the caller, in their order (design 14a §4.3, 17
 * §7.7). The first generation keeps the namespace and code value of existing descriptors. Outcomes are in the order of
 * the descriptors.
 */
export async function writeDescriptors(
  connection: Connection,
  descriptors: readonly Descriptor[],
  onConflict: OnConflict,
  version: MappingVersion,
): Promise<DescriptorOutcome[]> {
  const outcomes = new Map<Descriptor, DescriptorOutcome>();
  const {
    descriptors: { update, identities },
    values,
  } = generations[version];
  const ends = values.endsOfTime[connection.dialect];
  const stored = (descriptor: Descriptor): Descriptor => ({
    ...descriptor,
    effectiveBeginDate: storedDate(descriptor.effectiveBeginDate, ends),
    effectiveEndDate: storedDate(descriptor.effectiveEndDate, ends),
  });
  for (const batch of await distinct(connection, chunk(descriptors, descriptorBatch), version)) {
    const existing = await answerTo(connection, identities[connection.dialect].find(batch.map(soughtDescriptor)));
    const added: Descriptor[] = [];
    const updated: (DescriptorDocument & { readonly warning: Diagnostic | null })[] = [];
    for (const descriptor of batch) {
      const row = existing.get(descriptor.referentialId);
      const outcome = row ? compared(descriptor, row, onConflict, update) : 'insert';
      if (outcome === 'insert') added.push(descriptor);
      else if (typeof outcome === 'object') outcomes.set(descriptor, outcome);
      else if (row) {
        // a generation that does not write the URI keeps its spelling
        const warning = update.writesUri ? null : otherLetters(descriptor, row);
        updated.push({ documentId: row.DocumentId, descriptor, warning });
      }
    }
    await insertDescriptors(connection, { mappingSet: keysOf(added, version) }, added.map(newDescriptor));
    const changed = updated.map(({ documentId, descriptor }) => ({ documentId, descriptor: stored(descriptor) }));
    if (changed.length > 0)
      await queryStatements(connection, documentStatements[connection.dialect].updateDescriptors(changed, update));
    for (const descriptor of added) outcomes.set(descriptor, { kind: 'inserted' });
    for (const { descriptor, warning } of updated) outcomes.set(descriptor, { kind: 'updated', warning });
  }
  return descriptors.map((descriptor) => mustExist(outcomes.get(descriptor), 'the outcome of a descriptor'));
}

/** The letters, digits and signs of ASCII, whose folds the product knows. */
const plainUri = /^[\x21-\x7e]*$/;

/**
 * Numbers each URI: URIs that the database regards as equal have one number. Null if equality is known without the
 * database.
 */
export async function uriClasses(
  connection: Connection,
  uris: readonly string[],
  version: MappingVersion,
): Promise<readonly number[] | null> {
  const { classes } = generations[version].descriptors.identities[connection.dialect];
  if (classes === null || uris.every((uri) => plainUri.test(uri))) return null;
  return answerTo(connection, classes(uris));
}

/** Splits batches, so that the database regards no two URIs of a batch as equal; the later ones come later. */
async function distinct(
  connection: Connection,
  batches: readonly (readonly Descriptor[])[],
  version: MappingVersion,
): Promise<readonly (readonly Descriptor[])[]> {
  const split: (readonly Descriptor[])[] = [];
  for (const batch of batches) {
    const found = await uriClasses(connection, batch.map(descriptorUri), version);
    if (found === null) {
      split.push(batch);
      continue;
    }
    const counts = new Map<string, number>();
    const parts = groupBy([...batch.entries()], ([index, { resourceKey }]) => {
      const key = `${resourceKey.id} ${found[index]}`;
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return count;
    });
    append(
      split,
      [...parts.values()].map((part) => part.map(([, descriptor]) => descriptor)),
    );
  }
  return split;
}

/** A date in the form that its column stores. */
const storedDate = (date: string | null, ends: Moments): string | null => date && storedEnd(date, 'Date', ends);

const soughtDescriptor = (descriptor: Descriptor): SoughtDescriptor => ({
  referentialId: descriptor.referentialId,
  uri: descriptorUri(descriptor),
  resourceKeyId: descriptor.resourceKey.id,
});

const variableFields = ['shortDescription', 'description', 'effectiveBeginDate', 'effectiveEndDate'] as const;

/** The outcome for a descriptor, from the stored row with its referential id. */
function compared(
  descriptor: Descriptor,
  row: ExistingDescriptor,
  onConflict: OnConflict,
  update: DescriptorUpdate,
): DescriptorOutcome | 'update' {
  const { resourceKey } = descriptor;
  const resource = resourceLabel(resourceKey);
  const where = { ...whereOf(descriptor), resource };
  const uri = descriptorUri(descriptor);
  if (row.ResourceKeyId !== resourceKey.id || row.Namespace === null || row.CodeValue === null) {
    const what =
      row.Namespace === null
        ? `has no row in ${qualified(core.descriptor)}`
        : `is of the resource key ${row.ResourceKeyId}`;
    const text = `The document ${row.DocumentId} that is identified as ${resource} ${uri} ${what}; the database is damaged.`;
    const details = { documentId: row.DocumentId, resourceKeyId: row.ResourceKeyId, uri };
    return { kind: 'rejected', diagnostic: diagnostic('SEED_CORRUPT', text, where, details) };
  }
  const changes = variableFields.filter((field) => storedField(row, field) !== descriptor[field]);
  const warning = otherLetters(descriptor, row);
  if (onConflict === 'update' && (changes.length > 0 || (warning !== null && update.writesUri))) return 'update';
  if (changes.length === 0) return warning === null ? { kind: 'unchanged' } : { kind: 'kept', warning };
  if (onConflict === 'keep') return { kind: 'kept', warning };
  const texts = changes.map(
    (field) => `${field} is ${JSON.stringify(descriptor[field])}, stored is ${JSON.stringify(storedField(row, field))}`,
  );
  const details = Object.fromEntries(
    changes.map((field) => [field, { found: descriptor[field], stored: storedField(row, field) }]),
  );
  return {
    kind: 'rejected',
    diagnostic: diagnostic('SEED_CONFLICT', `${resource} ${uri}: ${texts.join('; ')}.`, where, {
      uri,
      fields: details,
    }),
  };
}

const storedField = (row: ExistingDescriptor, field: (typeof variableFields)[number]) =>
  ({
    shortDescription: row.ShortDescription,
    description: row.Description,
    effectiveBeginDate: row.EffectiveBeginDate,
    effectiveEndDate: row.EffectiveEndDate,
  })[field];

/** A warning if a descriptor is stored with another letter case; null if it is stored as given. */
function otherLetters(
  descriptor: Descriptor,
  row: Pick<ExistingDescriptor, 'Namespace' | 'CodeValue'>,
): Diagnostic | null {
  if (row.Namespace === descriptor.namespace && row.CodeValue === descriptor.codeValue) return null;
  const resource = resourceLabel(descriptor.resourceKey);
  const uri = descriptorUri(descriptor);
  const stored = `${row.Namespace}#${row.CodeValue}`;
  const text = `${resource} ${uri} is stored as ${stored}, which stays.`;
  return diagnostic('SEED_CASE_DIFFERS', text, { ...whereOf(descriptor), resource }, { stored, uri });
}

const keysOf = (descriptors: readonly Descriptor[], relationalMappingVersion: MappingVersion) => ({
  key: { relationalMappingVersion },
  resourceKeyIdByResource: new Map(descriptors.map(({ resourceKey }) => [resourceLabel(resourceKey), resourceKey.id])),
});

const newDescriptor = ({ resourceKey: resource, ...fields }: Descriptor): NewDescriptor => ({ resource, ...fields });

/** The order in which document ids are assigned: by resource key, then by identity. */
export const descriptorOrder = (a: Descriptor, b: Descriptor): number =>
  a.resourceKey.id - b.resourceKey.id || compareOrdinal(lowerCased(descriptorUri(a)), lowerCased(descriptorUri(b)));

/** A new descriptor whose values fit their columns. */
export interface NewDescriptor {
  /** A random one by default. */
  readonly uuid?: string | undefined;
  readonly resource: QualifiedResourceName;
  readonly namespace: string;
  readonly codeValue: string;
  readonly shortDescription: string;
  readonly description?: string | null | undefined;
  readonly effectiveBeginDate?: string | null | undefined;
  readonly effectiveEndDate?: string | null | undefined;
}

/** The facts of a mapping set that the rows of descriptors need. */
interface DescriptorKeys extends Pick<MappingSet, 'resourceKeyIdByResource'> {
  readonly key: Pick<MappingSet['key'], 'relationalMappingVersion'>;
}

/**
 * Inserts descriptors, their documents and identities (design 14a §4.3), in two round trips and in the transaction of
 * the caller. None of them may exist yet.
 */
export async function insertDescriptors(
  connection: Connection,
  { mappingSet }: { readonly mappingSet: DescriptorKeys },
  descriptors: readonly NewDescriptor[],
): Promise<void> {
  if (descriptors.length === 0) return;
  const statements = documentStatements[connection.dialect];
  const { resourceKeyIdByResource } = mappingSet;
  const documents = descriptors.map(({ resource, uuid = randomUUID() }) => {
    const label = resourceLabel(resource);
    return {
      uuid: uuid.toLowerCase(),
      resourceKeyId: mustExist(resourceKeyIdByResource.get(label), `the key of ${label}`),
    };
  });
  const rows = (await queryStatements(connection, statements.insertDocuments(documents))).flat();
  const ids = new Map(rows.map(({ DocumentUuid, DocumentId }) => [String(DocumentUuid), String(DocumentId)]));
  const { descriptors: rules, values } = generations[mappingSet.key.relationalMappingVersion];
  const ends = values.endsOfTime[connection.dialect];
  const inserted = descriptors.map((descriptor, index) => {
    const { uuid, resourceKeyId } = mustExist(documents[index], 'the document of a descriptor');
    const uri = `${descriptor.namespace}#${descriptor.codeValue}`;
    return {
      documentId: mustExist(ids.get(uuid), 'the id of a new document'),
      resourceKeyId,
      referentialId: descriptorReferentialId(descriptor.resource, uri),
      namespace: descriptor.namespace,
      codeValue: descriptor.codeValue,
      shortDescription: descriptor.shortDescription,
      description: descriptor.description ?? null,
      effectiveBeginDate: storedDate(descriptor.effectiveBeginDate ?? null, ends),
      effectiveEndDate: storedDate(descriptor.effectiveEndDate ?? null, ends),
      discriminator: descriptor.resource.resourceName,
      uri,
    };
  });
  await connection.queryAll([
    ...statements.insertDescriptors(rules.columns, inserted),
    ...rules.identities[connection.dialect].insert(inserted),
  ]);
}
