import { derive, ownSchema } from '@dms/testing';
import { canonicalText } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { diagnosticsOf, Written } from '../../test/sampling/one-world.ts';
import { type SampleDocument, sampleDocuments } from './sample-documents.ts';

const model = () => derive('pgsql', [ownSchema('campus'), ownSchema('athletics')]);
const sample = (documents: number, seed = 1): SampleDocument[] => [...sampleDocuments(model(), { documents, seed })];
const ofKind = (list: readonly SampleDocument[], kind: SampleDocument['kind']) =>
  list.filter((each) => each.kind === kind);

function counts(list: readonly SampleDocument[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { resource } of ofKind(list, 'document')) found.set(resource, (found.get(resource) ?? 0) + 1);
  return found;
}

describe('sample documents', () => {
  it('come in an order in which they can be loaded, each with an identity of its own', () => {
    const written = new Written(model());
    const descriptors = new Set<string>();
    const faults: string[] = [];
    for (const { kind, resource, document } of sample(3000)) {
      if (kind === 'descriptor') {
        descriptors.add(`${document.get('namespace')}#${document.get('codeValue')}`.toLowerCase());
        continue;
      }
      faults.push(...diagnosticsOf(written, resource, document));
      if (!written.add(resource, document)) faults.push(`${resource} is there already`);
      for (const [uri] of canonicalText(document).matchAll(/uri:[^"]*/g))
        if (!descriptors.has(uri.toLowerCase())) faults.push(`${uri} comes later`);
    }
    expect(faults).toEqual([]);
  });

  it.each([1, 7, 100, 1234])('are as many as are asked for: %i', (number) =>
    expect(ofKind(sample(number), 'document')).toHaveLength(number),
  );

  it('are of all resources in one ratio, more of those that refer to others', () => {
    const few = counts(sample(1000));
    const many = counts(sample(4000));
    const labels = model()
      .resources.filter(({ storageKind }) => storageKind === 'RelationalTables')
      .map(({ resourceKey: { projectName, resourceName } }) => `${projectName}:${resourceName}`);
    expect([...few.keys()].sort()).toEqual(labels.sort());
    for (const label of labels) {
      const ratio = (many.get(label) ?? 0) / (few.get(label) ?? 1);
      expect(ratio, label).toBeGreaterThan(3);
      expect(ratio, label).toBeLessThan(5);
    }
    const of = (label: string) => many.get(label) ?? 0;
    expect(of('Campus:StudentSectionEnrolment')).toBeGreaterThan(5 * of('Campus:Student'));
  });

  it('refer to many of the documents that exist', () => {
    const list = ofKind(sample(4000), 'document');
    const named = new Set(
      list
        .filter(({ resource }) => resource === 'Campus:StudentSectionEnrolment')
        .map(({ document }) => canonicalText(document.get('studentReference') ?? null)),
    );
    const students = list.filter(({ resource }) => resource === 'Campus:Student').length;
    expect(named.size).toBeGreaterThan(0.9 * students);
  });

  it('depend on model, number and seed alone', () => {
    const text = (seed: number) => sample(300, seed).map(({ document }) => canonicalText(document));
    expect(text(3)).toEqual(text(3));
    expect(text(3)).not.toEqual(text(4));
  });
});
