import { readFileSync } from 'node:fs';
import { resourceLabel, rootPath } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import { constraintOrder, noSecurableElements, type RelationalModelSet } from '@dms/model';
import { compileMappingSet, type MappingSet, type ResourceReadPlan, type ResourceWritePlan } from '@dms/plans';
import { sha256 } from '@dms/values';
import { expect } from 'vitest';
import { buildPack, type ReadPackOptions, readPack } from '../src/index.ts';
import { packCodec } from '../src/wire/codec.ts';
import type { PackMessage } from '../src/wire/message.ts';
import { compress } from '../src/zstd.ts';

export const producer = { name: 'dms', version: '1.2.3' };

export const packOf = (model: RelationalModelSet) => buildPack(compileMappingSet(model), producer);

// biome-ignore lint/suspicious/noExplicitAny: tests break every part of a payload
export type LoosePayload = any;

/**
 * A writable copy with own members only, like a decoded message. Parts that share a value, such as a root table, share
 * it in the copy too.
 */
export function loose(value: unknown, known = new Map<unknown, LoosePayload>()): LoosePayload {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (known.has(value)) return known.get(value);
  const copy: LoosePayload = Array.isArray(value) ? [] : {};
  known.set(value, copy);
  for (const [name, member] of Object.entries(value)) copy[name] = loose(member, known);
  return copy;
}

export interface PackParts {
  readonly envelope: PackMessage<'MappingPackEnvelope'>;
  /** The decoded payload, which tests may change. */
  readonly payload: LoosePayload;
  readonly payloadBytes: Uint8Array;
}

/** Takes a valid pack apart. */
export async function takeApart(pack: Uint8Array): Promise<PackParts> {
  const { decompress } = await import('fzstd');
  const codec = await packCodec();
  const envelope = codec.decodeEnvelope(pack);
  const payloadBytes = decompress(envelope.payloadZstd);
  const payload = loose(codec.decodePayload(payloadBytes, { maximumFields: Number.POSITIVE_INFINITY }));
  return { envelope, payload, payloadBytes };
}

/** The bytes of a payload, unchanged. */
export async function payloadBytesOf(payload: LoosePayload): Promise<Uint8Array> {
  return (await packCodec()).encodePayload(payload);
}

/** Puts the bytes of a payload into an envelope that describes them correctly, except for the given changes. */
export async function seal(
  payload: Uint8Array,
  envelope: PackMessage<'MappingPackEnvelope'>,
  changes: Partial<PackMessage<'MappingPackEnvelope'>> = {},
): Promise<Uint8Array> {
  return (await packCodec()).encodeEnvelope({
    effectiveSchemaHash: envelope.effectiveSchemaHash,
    dialect: envelope.dialect,
    relationalMappingVersion: envelope.relationalMappingVersion,
    packFormatVersion: envelope.packFormatVersion,
    compressionAlgorithm: envelope.compressionAlgorithm,
    producer: envelope.producer,
    producerVersion: envelope.producerVersion,
    producedAtUnixMsUtc: envelope.producedAtUnixMsUtc,
    zstdUncompressedPayloadLength: payload.length,
    payloadSha256: sha256(payload),
    payloadZstd: changes.payloadZstd ?? (await compress(payload)),
    generation: envelope.generation,
    description: envelope.description,
    ...changes,
  });
}

/** The diagnostics of reading a pack; fails if there are none, and rethrows other errors. */
export async function errorOf(pack: Uint8Array, options?: ReadPackOptions): Promise<DmsError> {
  try {
    await readPack(pack, 'a.mpack', options);
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('the pack was read');
}

/** Expects a single diagnostic with these texts. */
export async function expectError(bytes: Uint8Array, code: string, what: string, expected?: unknown, found?: unknown) {
  const { diagnostics } = await errorOf(bytes);
  expect(diagnostics.map((entry) => entry.code)).toEqual([code]);
  const [{ message, where, details }] = diagnostics;
  expect(where.file).toBe('a.mpack');
  expect(message).toContain('a.mpack');
  expect(details.what).toContain(what);
  if (expected !== undefined) expect(details.expected).toBe(String(expected));
  if (found !== undefined) expect(details.found).toBe(String(found));
  for (const name of ['step', 'expected', 'found'] as const) expect(message).toContain(String(details[name]));
}

/** Converts a JSON value with protobuf names to messages. */
export async function payloadOfProtoJson(json: unknown): Promise<LoosePayload> {
  const { default: protobuf } = await import('protobufjs');
  const proto = readFileSync(new URL('../mapping-pack.proto', import.meta.url), 'utf8');
  const type = protobuf.parse(proto).root.lookupType('MappingPackPayload');
  const camelCase = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(camelCase);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, member]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      camelCase(member),
    ]);
    return Object.fromEntries(members);
  };
  return type.fromObject(camelCase(json) as Record<string, unknown>);
}

/** The parts of a model in a pack, with defaults for the rest (design 08 §12.3). */
function carriedModel(model: RelationalModelSet): RelationalModelSet {
  const { effectiveSchema } = model;
  const schemaComponents = effectiveSchema.schemaComponents.map((component) => ({ ...component, projectHash: '' }));
  return {
    ...model,
    effectiveSchema: { ...effectiveSchema, schemaComponents },
    abstractIdentityTables: [],
    abstractUnionViews: [],
    propagationFallbacks: [],
    shortenedNames: [],
    resources: model.resources.map((resource) => ({
      ...resource,
      naturalKey: { columns: [] },
      identityElements: [],
      superclass: null,
      descriptorFkDeduplications: [],
      decimalPrecisionFallbacks: [],
      keyUnificationDiagnostics: { applied: [], redundant: [], ignored: [], ignoredByReason: [], skipped: [] },
      extensionSites: [],
      descriptorMetadata: null,
      securableElements: noSecurableElements,
      queryFieldMapping: [],
      descriptorTexts: null,
      documentReferenceBindings: resource.documentReferenceBindings.map((binding) => ({
        ...binding,
        identityBindings: binding.identityBindings.map((part) => ({ ...part, identityJsonPath: rootPath })),
      })),
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) => ({
        ...table,
        constraints: table.constraints
          .toSorted(constraintOrder)
          .map((constraint) => (constraint.kind === 'ForeignKey' ? { ...constraint, deferrable: false } : constraint)),
      })),
    })),
  };
}

/** The expected mapping set from a pack of `model`: the compiled plans, over the parts of the model in the pack. */
export function carriedMappingSet(model: RelationalModelSet): MappingSet {
  const compiled = compileMappingSet(model);
  const carried = carriedModel(model);
  const resources = new Map(carried.resources.map((resource) => [resourceLabel(resource.resourceKey), resource]));
  const over = <Plan extends ResourceWritePlan | ResourceReadPlan>(plans: ReadonlyMap<string, Plan>) =>
    new Map(
      [...plans].map(([label, plan]) => {
        const resource = resources.get(label);
        const tables = plan.tablePlansInDependencyOrder.map((table, index) => ({
          ...table,
          tableModel: resource?.tablesInDependencyOrder[index],
        }));
        return [label, { ...plan, model: resource, tablePlansInDependencyOrder: tables } as Plan];
      }),
    );
  return {
    ...compiled,
    model: carried,
    writePlansByResource: over(compiled.writePlansByResource),
    readPlansByResource: over(compiled.readPlansByResource),
    description: null,
  };
}
