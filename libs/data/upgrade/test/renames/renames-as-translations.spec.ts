import { compileTranslation, setPlaces, translateDocuments } from '@dms/translation';
import { canonicalText } from '@dms/values';
import { expect, it } from 'vitest';
import { parseRename } from '../../src/renaming/renaming.ts';
import { compiled, contentsOf } from '../bench.ts';
import { documentsOf, laterDocument, laterLabel, renameEvolutions } from '../rename-evolutions.ts';

/*
 * A translation with the same moves gives documents the names that an upgrade with renames gives them (design 20 §2.2).
 */

it.each(Object.entries(renameEvolutions))('documents have their later names: %s', async (_, evolution) => {
  const [before, after] = documentsOf(evolution).map((documents) => compiled(documents));
  if (!before || !after) throw new Error('a rename has two sets');
  const [earlier, later] = [setPlaces(before.plans), setPlaces(after.plans)];
  const moves = evolution.renames.map(parseRename);
  const versions = { before: Object.fromEntries(earlier.projects), after: Object.fromEntries(later.projects) };
  const { translation, problems } = compileTranslation([{ ...versions, moves }], earlier, later);
  expect(problems).toEqual([]);
  if (translation === null) return;
  const { documents } = contentsOf(before.model);
  const found = await translateDocuments(translation, documents, {}, async (translated) => ({
    rejects: [...translated.rejects()].length,
    documents: [...translated.counts.keys()].flatMap((label) => [...translated.documents(label)]),
  }));
  const texts = (
    all: readonly { readonly resource: string; readonly document: Parameters<typeof canonicalText>[0] }[],
  ) => all.map(({ resource, document }) => `${resource} ${canonicalText(document)}`).sort();
  expect(found.rejects).toBe(0);
  expect(texts(found.documents)).toEqual(
    texts(
      documents.map(({ resource, document }) => ({
        resource: laterLabel(evolution, resource),
        document: laterDocument(evolution, document),
      })),
    ),
  );
});
