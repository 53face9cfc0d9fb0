import { expect, it } from 'vitest';
import { pgsqlFailure } from './pgsql-failure.ts';

/*
 * Advice may depend on messages of the client, which has no codes, but never on those of the server and its functions.
 */

const failed = (message: string, code?: string) =>
  pgsqlFailure(
    { error: Object.assign(new Error(message), code === undefined ? {} : { code }), by: null },
    { isOpening: false },
  );

it.each([
  ['The server does not support SSL connections', 'sslmode=disable'],
  ['timeout expired', 'connect_timeout'],
])('the client says %s', (message, advice) => {
  expect(failed(message).advice).toContain(advice);
  for (const code of ['P0001', '23514', '42501']) expect(failed(message, code).advice).toBeUndefined();
});
