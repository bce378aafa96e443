/** Texts beyond this length are refused: they would keep everything else waiting. */
export const TEXT_CHARACTERS_MAX = 1_000_000
