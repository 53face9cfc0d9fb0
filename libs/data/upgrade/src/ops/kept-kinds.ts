/**
 * What others may have given an object of ours, and a statement may take away in silence (design 12 §7.3). The words are
 * those of messages.
 */
export const keptKinds = [
  'owner',
  'rights',
  'column rights',
  'storage parameters',
  'tablespace',
  'persistence',
  'replica identity',
  'cluster mark',
  'row security',
  'column settings',
  'indexes',
  'statistics',
  'constraints',
  'triggers',
  'rules',
  'defaults',
  'publications',
  'comment',
  'state',
  'collected statistics',
] as const;

export type KeptKind = (typeof keptKinds)[number];
