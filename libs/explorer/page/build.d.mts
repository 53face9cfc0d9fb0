/** The front end of the page, ready to be put into a document. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
  /** The layout library: base64 of its deflated text. */
  readonly layout: string;
  /** Name, version and licence of each library in it, one per line. */
  readonly notices: string;
}

export declare function buildPage(): Promise<PageBundle>;

/** A file of each library that the page has in it. */
export declare function pageLibraries(): string[];
