import type { OdsType } from './ods-mapping.ts';

/** The largest values of integers, by type. */
const largest: Partial<Readonly<Record<OdsType['kind'], bigint>>> = {
  smallint: 2n ** 15n - 1n,
  int: 2n ** 31n - 1n,
  bigint: 2n ** 63n - 1n,
};

/** Whether a type is not one of integers, or can hold the integer. */
export function holdsInteger({ kind }: OdsType, value: bigint): boolean {
  const limit = largest[kind];
  return limit === undefined || (value <= limit && value >= -limit - 1n);
}
