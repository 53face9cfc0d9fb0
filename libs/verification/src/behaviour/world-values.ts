import type { ScalarType } from '@dms/model';

const firstDay = Date.UTC(2024, 0, 1);
const day = 86_400_000;
const second = 1000;

/** Needs more than 32 bits, and so do its followers. */
const firstLarge = 2 ** 40;

/**
 * Letters of both cases, with an accent and a mark of their own, blanks and a point: what a copy or a hash could lose
 * of a text.
 */
const textAround = (text: string) => `Ab e\u0301 éZ. ${text} `;

/** Gives a different value for each request, in the same order in every run (design 09 §7.3). */
export class WorldValues {
  private last: number;
  private readonly isLongest: boolean;

  /** `isLongest`: texts outside of keys are as long as their columns allow. */
  constructor(last = 0, isLongest = false) {
    this.last = last;
    this.isLongest = isLongest;
  }

  /** The position of rows below a root, which differs between worlds. */
  get position(): string {
    return this.isLongest ? '1' : '0';
  }

  /** A value for a column that is in no key. */
  nextFree(type: ScalarType): string {
    const value = this.next(type);
    return this.isLongest && type.kind === 'String' ? value.padStart(type.maxLength ?? 0, '0') : value;
  }

  /** Every other number is negative. */
  private get sign(): 1 | -1 {
    return this.last % 2 === 0 ? 1 : -1;
  }

  next({ kind, maxLength, decimal }: ScalarType): string {
    this.last += 1;
    const n = this.last;
    switch (kind) {
      case 'Int32':
        return String(this.sign * (1000 + n));
      case 'Int64':
        return String(this.sign * (firstLarge + n));
      case 'Decimal': {
        const digits = decimal === null ? 15 : decimal.precision - decimal.scale;
        const whole = (1000 + n) % 10 ** Math.min(digits, 15);
        return `${whole}${decimal === null || decimal.scale > 0 ? '.5' : ''}`;
      }
      case 'String': {
        const text = n.toString(36);
        const long = textAround(text);
        return maxLength === null || long.length <= maxLength ? long : text.slice(-maxLength);
      }
      case 'Boolean':
        return 'true';
      case 'Date':
        return new Date(firstDay + n * day).toISOString().slice(0, 'YYYY-MM-DD'.length);
      case 'DateTime':
        return `${new Date(firstDay + n * second).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
      case 'Time':
        return new Date(firstDay + n * second).toISOString().slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH:MM:SS'.length);
    }
  }
}
