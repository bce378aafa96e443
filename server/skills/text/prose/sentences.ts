/** Words that end in a full stop without ending a sentence. */
const ABBREVIATION =
  /(?:^|[\s("'“‘])(?:mr|mrs|ms|dr|prof|sr|jr|st|rev|gen|col|capt|lt|sgt|no|nos|vs|etc|approx|dept|est|inc|ltd|co|corp|fig|vol|pp?|e\.g|i\.e|cf|ca|resp|bzw|usw|z\.b|\p{L})\.\s*$/iu

const JOINED_MAX = 8

let segmenter: Intl.Segmenter | undefined

/** The sentences of a text in their order, without the space around them. */
export function sentencesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' })
  const sentences: string[] = []
  let open: string[] = []
  for (const { segment } of segmenter.segment(text)) {
    open.push(segment)
    // The segmenter takes "Dr. Lee" for two sentences. Only so many are joined: a list of initials is no sentence.
    const goesOn =
      open.length < JOINED_MAX && ABBREVIATION.test(segment.slice(-20)) && !/\n\s*$/.test(segment)
    if (goesOn) continue
    sentences.push(open.join('').trim())
    open = []
  }
  sentences.push(open.join('').trim())
  return sentences.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
}
