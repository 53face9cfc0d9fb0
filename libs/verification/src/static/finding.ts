/** Something in the text of a script that must not be there (design 09 §7.4). */
export interface Finding {
  /** `S1` to `S16`, or the name of a check that the chapter has no number for. */
  readonly id: string;
  /** Begins with `line 5: ` if it concerns a single line. */
  readonly text: string;
}
