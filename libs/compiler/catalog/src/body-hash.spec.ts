import { describe, expect, it } from 'vitest';
import { bodyHash } from './index.ts';

describe('the hash of a body', () => {
  it('is blind to line ends, blanks at line ends and white space around the whole, and to nothing else', () => {
    expect(bodyHash(' \na  \r\nb\t\rc\n\n')).toBe(bodyHash('a\nb\nc'));
    expect(bodyHash('a\nb')).not.toBe(bodyHash('a\n b'));
    expect(bodyHash('a\nb')).not.toBe(bodyHash('a\n\nb'));
    expect(bodyHash('a b')).not.toBe(bodyHash('A b'));
  });
});
