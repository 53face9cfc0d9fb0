import { isPathName } from '@dms/api-schema';

/** Where a value stands in one document: a JSONPath with the positions of its arrays; names beyond the grammar are quoted. */
export const memberPlace = (place: string, name: string) =>
  isPathName(name) ? `${place}.${name}` : `${place}[${JSON.stringify(name)}]`;

export const elementPlace = (place: string, index: number) => `${place}[${index}]`;
