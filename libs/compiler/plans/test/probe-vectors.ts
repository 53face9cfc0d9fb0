import type { JsonPath } from '@dms/api-schema';
import { resourceLabel } from '@dms/api-schema';
import { modelIndex, qualified, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { readSharedJson } from '@dms/testing';
import { compareOrdinal, sha256Hex } from '@dms/values';
import { expect } from 'vitest';
import { compileProbes } from '../src/probes/compile-probes.ts';
import type { NaturalKeyProbes, ProbeBinding, ProbeKeyColumn } from '../src/probes/probe.ts';

interface Vectors {
  readonly count: number;
  readonly targets: number;
  readonly sha256: string;
  readonly entries?: readonly unknown[];
  readonly samples?: readonly unknown[];
}

function shownBinding(binding: ProbeBinding, resource: ResourceModel | undefined) {
  switch (binding.kind) {
    case 'scalar': {
      const { kind, maxLength } = binding.scalarType;
      return { kind: 'scalar', scalarType: maxLength === null ? kind : `${kind}(${maxLength})` };
    }
    case 'descriptor':
      return { descriptorResource: resourceLabel(binding.descriptorResource), kind: 'descriptor' };
    case 'documentReference': {
      const reference = resource?.documentReferenceBindings[binding.bindingIndex];
      return {
        bindingIndex: binding.bindingIndex,
        kind: 'documentReference',
        referenceObjectPath: reference?.referenceObjectPath.canonical,
        targetResource: reference && resourceLabel(reference.targetResource),
      };
    }
  }
}

const shownColumns = (columns: readonly ProbeKeyColumn[], resource?: ResourceModel) =>
  columns.map(({ column, identityJsonPaths, binding }) => ({
    binding: shownBinding(binding, resource),
    column,
    identityJsonPaths: identityJsonPaths.map(({ canonical }: JsonPath) => canonical),
  }));

/** The probes of a resource as the vectors have them, with members in the order of their names. */
function shown(label: string, { target, own }: NaturalKeyProbes, resource: ResourceModel | undefined) {
  return {
    own: own && {
      documentIdColumn: own.documentIdColumn,
      keyColumns: shownColumns(own.keyColumns, resource),
      rootTable: qualified(own.rootTable),
    },
    resource: label,
    target: target && {
      documentIdColumn: target.documentIdColumn,
      keyColumns: shownColumns(target.keyColumns),
      kind: target.kind,
      ...(target.resourceKeyIdColumn !== null && { resourceKeyIdColumn: target.resourceKeyIdColumn }),
      table: qualified(target.table),
    },
  };
}

const samplesOf = <Entry>(entries: readonly Entry[]) =>
  Array.from({ length: 60 }, (_, index) => entries[Math.floor((index * entries.length) / 60)]);

/** Expects the probes of the vectors of design 22; the model of `v2` has the same columns and keys. */
export function expectVectorProbes(set: string, model: RelationalModelSet): void {
  const vectors: Vectors = readSharedJson('design', 'vectors', 'natural', `probes.${set}.${model.dialect}.json`);
  const { resources } = modelIndex(model);
  const entries = [...compileProbes(model)]
    .map(([label, probes]) => shown(label, probes, resources.get(label)))
    .sort((a, b) => compareOrdinal(a.resource, b.resource));
  if (vectors.entries) expect(entries).toEqual(vectors.entries);
  else expect(samplesOf(entries)).toEqual(vectors.samples);
  expect(entries).toHaveLength(vectors.count);
  expect(entries.filter(({ target }) => target !== null)).toHaveLength(vectors.targets);
  expect(sha256Hex(JSON.stringify(entries))).toBe(vectors.sha256);
}
