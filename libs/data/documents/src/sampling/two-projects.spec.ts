import { derive, ownSchema, renamedSchema } from '@dms/testing';
import { expect, it } from 'vitest';
import { sampleDocuments } from './sample-documents.ts';

const renamed = (name: string) => renamedSchema('athletics', 'Athletics', name);

it.each([
  ['Ath1', 'Ath2'],
  ['Swim', 'Ski'],
  ['Æ', 'Athletics'],
])('descriptors with the same name in %s and %s have different URIs', (one, other) => {
  const model = derive('pgsql', [ownSchema('campus'), renamed(one), renamed(other)]);
  const projects = new Map<string, Set<string>>();
  for (const { kind, resource, document } of sampleDocuments(model, { documents: 300, seed: 3 })) {
    if (kind !== 'descriptor') continue;
    const [project = '', name] = resource.split(':');
    const uri = `${document.get('namespace')}#${document.get('codeValue')}`.toLowerCase();
    projects.set(`${name} ${uri}`, (projects.get(`${name} ${uri}`) ?? new Set()).add(project));
  }
  expect([...projects].filter(([, owners]) => owners.size > 1)).toEqual([]);
  expect(new Set([...projects.values()].flatMap((owners) => [...owners]))).toEqual(new Set(['Campus', one, other]));
});
