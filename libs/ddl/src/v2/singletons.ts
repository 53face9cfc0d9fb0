/** The literals of the dialect for these rows. */
export interface SingletonValues {
  /** A new UUID, drawn by the database. */
  readonly uuid: string;
  /** The state in which nothing is queued. */
  readonly state: string;
  readonly no: string;
}

/**
 * The single-row tables in the order in which they are seeded; the first column is the key, with the value 1 (design 16
 * §5.2).
 */
export const singletons = [
  {
    comment: 'DataStoreIdentity singleton insert-if-missing',
    table: 'dataStoreIdentity',
    columns: ['DataStoreIdentitySingletonId', 'SourceIdentity'],
    rowOf: ({ uuid }: SingletonValues) => ['1', uuid],
  },
  {
    comment: 'DocumentCacheState singleton insert-if-missing',
    table: 'documentCacheState',
    columns: ['StateId', 'ProjectionLifecycleState', 'CacheAheadRecoveryRequired'],
    rowOf: ({ state, no }: SingletonValues) => ['1', state, no],
  },
] as const;
