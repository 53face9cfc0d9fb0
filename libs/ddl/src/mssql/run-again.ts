/** The end of the message of an error that asks for the same transaction once more: nothing is wrong with what it writes. */
export const runAgain = 'Run the transaction again.';
