/** First line of the text that is hashed into the EffectiveSchemaHash (design 01 §6.2). */
export const effectiveSchemaHashHeader = 'dms-effective-schema-hash:v1';

/** First line of the text that is hashed into the ResourceKeySeedHash (design 01 §7.3). */
export const resourceKeySeedHashHeader = 'resource-key-seed-hash:v1';

/** The largest resource key id, and so the largest number of resources: ids are `smallint` in both databases. */
export const resourceKeyLimit = 32767;
