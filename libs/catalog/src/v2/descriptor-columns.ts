/** The columns that mirror the stamps of the document (design 16 §4.3). */
export const mirrorColumns: readonly string[] = ['ContentVersion', 'ContentLastModifiedAt'];

/** The columns that define a descriptor; a change of one is a change of the document (design 16 §6.6). */
export const descriptorValues: readonly string[] = [
  'Namespace',
  'CodeValue',
  'ShortDescription',
  'Description',
  'EffectiveBeginDate',
  'EffectiveEndDate',
  'Discriminator',
  'Uri',
];
